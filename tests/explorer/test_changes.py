"""The changes in words, as a page and as Atom feeds."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from config.headers import CONTENT_SECURITY_POLICY
from editorial import merging, workflow
from editorial.models import User
from publishing.models import Edition
from tests.contract.client import public_tables
from tests.explorer.conftest import Reader, Story

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FEEDS = ("/feeds/changes", "/feeds/actors/kataib", "/feeds/countries/IQ")


def read_feed(reader: Reader, address: str) -> ElementTree.Element:
    """Return a feed, after holding it to the rules of RFC 4287."""
    answer = reader.get(address)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    check_feed(feed)
    return feed


def check_feed(feed: ElementTree.Element) -> None:
    """Check what RFC 4287 says must and must not be in a feed and in its entries."""
    assert feed.tag == f"{ATOM}feed"
    check_container(feed, ("author",))
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        check_container(entry, ())
        assert len(entry.findall(f"{ATOM}published")) == 1
        assert entry.findtext(f"{ATOM}published") == entry.findtext(f"{ATOM}updated")
        summary = entry.find(f"{ATOM}summary")
        assert summary is None or summary.get("type") == "html"


def check_container(element: ElementTree.Element, needed: tuple[str, ...]) -> None:
    """Check the id, the title, the moments and the links of a feed or an entry."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(ATOM + name)) == 1, name
    for name in needed:
        assert element.find(ATOM + name) is not None, name
    identity = element.findtext(f"{ATOM}id") or ""
    assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:[!-~]+", identity), identity
    for name in ("updated", "published"):
        for moment in element.findall(ATOM + name):
            assert MOMENT.fullmatch(moment.text or ""), moment.text
    links = [(link.get("rel"), link.get("href") or "") for link in element.findall(f"{ATOM}link")]
    assert [rel for rel, _ in links].count("alternate") == 1
    assert all(urlsplit(address).scheme == "https" for _, address in links)


def link_of(element: ElementTree.Element, rel: str) -> str:
    """Return the address of a link, without its host."""
    found = {link.get("rel"): link.get("href") or "" for link in element.findall(f"{ATOM}link")}
    assert found[rel].startswith("https://localhost/")
    return found[rel].removeprefix("https://localhost")


def test_each_change_is_said_in_words(
    reader: Reader, story: Story, publish: Any, reviewer: User
) -> None:
    story.attack.summary = "Thirty rockets hit a base."
    story.attack.save()
    publish(story.attack, note="More <b>rockets</b> were counted.")
    corrected = Edition.objects.newest_snapshot()
    workflow.withdraw(story.membership, reviewer, "It was another group.")
    page = reader.read("/changes")
    items = re.findall(r"<li>(.*?)</li>", page[page.index('class="records changes"') :])
    withdrawn, correction, *others = (
        re.sub("<[^>]+>", "", item).split(" ", 1)[1] for item in items
    )
    assert "withdrawn affiliation without a public name edition 2" in withdrawn
    assert "It was another group." in withdrawn
    assert "corrected incident Attack on K-1 edition 2" in " ".join(correction.split())
    assert "More &lt;b&gt;rockets&lt;/b&gt; were counted." in correction
    assert "Changed: summary" in correction
    assert any("new actor Kataib Hezbollah edition 1" in other for other in others)
    assert f'<a href="/incidents/irq-2019-aaaa?snapshot={corrected}"><bdi>Attack on K-1' in page
    day = datetime.now().strftime("%Y-%m-%d")
    assert f'<section aria-labelledby="day-{day}">' in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert '<a href="/changes">Changes</a>' in reader.read("/actors/kataib")


def test_changes_are_filtered_as_the_api_filters_them(reader: Reader, story: Story) -> None:
    places = reader.read("/changes?type=place")
    assert "Kirkuk" in places
    assert "Attack on K-1" not in places
    assert 'name="type" value="place" checked' in places
    about = reader.read("/changes?actor=saraya&country=&type=incident&type=actor")
    assert "Attack on K-1" in about
    assert "Strikes on al-Qaim" not in about
    assert 'href="/feeds/changes?type=incident&amp;type=actor&amp;actor=saraya"' in about
    assert "Attack on K-1" in reader.read("/changes?country=IQ")
    assert "No change." in reader.read("/changes?country=FR")
    assert "names no public actor" in reader.read("/changes?actor=nobody")
    assert "<code>type</code>:" in reader.read("/changes?type=war", 400)
    assert "<code>colour</code>:" in reader.read("/changes?colour=red", 400)


def test_changes_come_in_pages(reader: Reader, publish: Any, db: None) -> None:
    publish(*(Actor.objects.create(name=f"Group {n:02}", kind="unit") for n in range(60)))
    first = reader.read("/changes?type=actor")
    assert (first.count("<time"), "Newest changes" in first) == (50, False)
    match = re.search(r'<a rel="next" href="([^"]+)"', first)
    assert match
    second = reader.read("/changes" + match[1].replace("&amp;", "&"))
    assert second.count("<time") == 10
    assert '<a href="?type=actor">Newest changes</a>' in second
    assert 'rel="next"' not in second
    feed = read_feed(reader, "/feeds/changes")
    assert len(feed.findall(f"{ATOM}entry")) == 50
    older = read_feed(reader, link_of(feed, "next"))
    assert len(older.findall(f"{ATOM}entry")) == 10
    assert older.findtext(f"{ATOM}id") == feed.findtext(f"{ATOM}id")


def test_a_page_of_changes_in_the_past_stays_there(
    reader: Reader, story: Story, publish: Any
) -> None:
    old = Edition.objects.newest_snapshot()
    publish(Actor.objects.create(name="A later group", kind="unit"))
    assert "A later group" in reader.read("/changes")
    page = reader.read(f"/changes?snapshot={old}")
    assert "A later group" not in page
    assert f"(snapshot <code>{old}</code>)" in page
    assert f'<input type="hidden" name="snapshot" value="{old}">' in page
    assert f'<a href="/releases?snapshot={old}">' in page


@pytest.mark.django_db
def test_nothing_has_changed_yet(reader: Reader) -> None:
    assert "No change." in reader.read("/changes")
    feed = read_feed(reader, "/feeds/changes")
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_a_feed_has_each_edition_once_and_for_ever(
    reader: Reader, story: Story, publish: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["data.example.org", "localhost"]
    story.attack.summary = "Thirty rockets hit a base."
    story.attack.save()
    publish(story.attack, note="More <b>rockets</b> & بيان.")
    edition = Edition.objects.latest("seq")
    feed = read_feed(reader, "/feeds/changes")
    assert feed.findtext(f"{ATOM}title") == "Changes in Muster"
    assert feed.findtext(f"{ATOM}id") == "tag:data.example.org,2026:/feeds/changes"
    assert (link_of(feed, "self"), link_of(feed, "alternate")) == ("/feeds/changes", "/changes")
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Attack on K-1 (incident): corrected"
    day = edition.published_at.date()
    assert entry.findtext(f"{ATOM}id") == (f"tag:data.example.org,{day}:edition:{edition.snapshot}")
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "") == edition.published_at
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated")
    assert entry.findtext(f"{ATOM}summary") == (
        "<p>More &lt;b&gt;rockets&lt;/b&gt; &amp; بيان.</p><p>Changed: summary</p>"
    )
    terms = [category.get("term") for category in entry.findall(f"{ATOM}category")]
    assert terms == ["incident", "correct"]
    pinned = link_of(entry, "alternate")
    assert pinned == f"/incidents/irq-2019-aaaa?snapshot={edition.snapshot}"
    assert "Thirty rockets" in reader.read(pinned)
    before = {element.findtext(f"{ATOM}id") for element in feed.findall(f"{ATOM}entry")}
    publish(Actor.objects.create(name="A group", kind="unit"))
    after = {e.findtext(f"{ATOM}id") for e in read_feed(reader, FEEDS[0]).findall(f"{ATOM}entry")}
    assert before < after


def test_there_are_feeds_by_actor_and_by_country(
    reader: Reader, story: Story, publish: Any
) -> None:
    of_actor = read_feed(reader, "/feeds/actors/saraya")
    assert of_actor.findtext(f"{ATOM}title") == "Changes about سرايا in Muster"
    assert link_of(of_actor, "alternate") == "/changes?actor=saraya"
    titles = {entry.findtext(f"{ATOM}title") for entry in of_actor.findall(f"{ATOM}entry")}
    assert titles == {"سرايا (actor): new", "Attack on K-1 (incident): new"}
    of_country = read_feed(reader, "/feeds/countries/IQ")
    assert of_country.findtext(f"{ATOM}title") == "Changes about Iraq in Muster"
    assert len({feed.findtext(f"{ATOM}id") for feed in (of_actor, of_country)}) == 2
    assert 'href="/feeds/actors/saraya"' in reader.read("/actors/saraya")
    assert 'href="/feeds/countries/IQ"' in reader.read("/places/iraq")
    assert 'href="/feeds/countries' not in reader.read("/places/kirkuk")
    for address in ("actors/nobody", "actors/A_B", "countries/ZZ", "countries/iraq", "other"):
        assert "<h1>" in reader.read(f"/feeds/{address}", 404)
    assert "<h1>" in reader.read("/feeds/changes?type=war", 400)


def test_a_merge_is_a_change(reader: Reader, story: Story, reviewer: User, publish: Any) -> None:
    double = Actor.objects.create(name="Double", slug="double", kind="armed_organisation")
    publish(double)
    merging.merge(double, story.saraya, reviewer, "The same.")
    page = reader.read("/changes?type=actor")
    assert re.search(
        r'<a href="/actors/[^"]+">known under another name</a> into <a href="/actors/saraya">',
        page,
    )
    titles = [entry.findtext(f"{ATOM}title") for entry in read_feed(reader, FEEDS[0])]
    assert "a record without a public name (actor): merged" in titles


def test_feeds_are_cached_as_pages_are(reader: Reader, story: Story, publish: Any) -> None:
    for address in FEEDS:
        answer = reader.get(address)
        assert answer["Cache-Control"] == "public, no-cache", address
        assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer["Muster-Snapshot"] == str(Edition.objects.newest_snapshot())
        assert "Set-Cookie" not in answer.headers
        same = reader.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert reader.get(address).content == answer.content
        assert (reader.head(address).status_code, reader.head(address).content) == (200, b"")
        assert reader.post(address).status_code == 405
    publish(Actor.objects.create(name="A group", kind="unit"))
    again = reader.get(FEEDS[0], headers={"If-None-Match": reader.get(FEEDS[1])["ETag"]})
    assert again.status_code == 200


def test_no_draft_is_in_a_feed(reader: Reader, story: Story, editor: User) -> None:
    draft = Actor.objects.create(name="A secret draft", slug="draft", kind="unit")
    workflow.submit(draft, editor)
    hidden, nothing = (reader.get(f"/feeds/actors/{key}") for key in ("draft", "nobody"))
    assert hidden.status_code == nothing.status_code == 404
    for address in (*FEEDS, "/changes", "/changes?actor=kataib"):
        with CaptureQueriesContext(connection) as queries:
            assert "secret" not in reader.get(address).content.decode()
        for query in queries:
            touched = set(re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z_]+)', query["sql"]))
            assert touched <= public_tables(), query["sql"]


def test_changes_need_a_fixed_number_of_queries(reader: Reader, story: Story, publish: Any) -> None:
    def count(address: str) -> int:
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    def correct(number: int) -> None:
        story.attack.summary = f"Summary {number}."
        story.attack.save()
        publish(story.attack)

    addresses = ("/changes", *FEEDS)
    correct(0)
    before = [count(address) for address in addresses]
    for number in range(1, 4):
        correct(number)
    assert [count(address) for address in addresses] == before == [6, 6, 7, 6]
