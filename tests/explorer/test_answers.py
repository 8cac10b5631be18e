"""How pages answer: snapshots, caches, statuses, formats and the number of queries."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from api import kept
from api.releases import make_release
from config.headers import CONTENT_SECURITY_POLICY
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from publishing.models import Edition
from tests.contract.client import API, ContractClient
from tests.explorer.conftest import BROWSER, Reader, Story


def addresses(story: Story) -> list[str]:
    """Return a page of every kind."""
    return [
        "/",
        "/search",
        "/search?q=kataib",
        "/search?type=incidents",
        "/network",
        "/network?actor=kataib&depth=4&at=2019-12-27",
        "/actors/kataib",
        "/incidents/irq-2019-aaaa",
        "/places/iraq",
        f"/sources/{story.report.public_id}",
        f"/publishers/{story.shafaq.public_id}",
        f"/affiliations/{story.membership.public_id}",
        "/actors/kataib/editions/1",
    ]


def test_pages_are_cached_as_the_api_is(reader: Reader, story: Story, publish: Any) -> None:
    for address in addresses(story):
        answer = reader.get(address)
        assert answer["Cache-Control"] == "public, no-cache", address
        assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer["Muster-Snapshot"] == str(Edition.objects.newest_snapshot())
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer["Vary"]
        same = reader.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        joint = "&" if "?" in address else "?"
        pinned = reader.get(f"{address}{joint}snapshot={answer['Muster-Snapshot']}")
        assert pinned["Cache-Control"] == "public, max-age=3600, s-maxage=10"
        head = reader.head(address)
        assert (head.status_code, head.content) == (200, b"")


def test_a_new_edition_changes_the_etag_of_a_pinned_page(
    reader: Reader, story: Story, publish: Any
) -> None:
    address = f"/actors/kataib?snapshot={Edition.objects.newest_snapshot()}"
    before = reader.get(address)
    assert "Next edition" not in before.content.decode()
    story.kataib.summary = "A militia."
    story.kataib.save()
    publish(story.kataib)
    after = reader.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Next edition (" in after.content.decode()


def test_pages_are_compressed(reader: Reader, story: Story) -> None:
    answer = reader.get("/actors/kataib", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]


def test_a_page_of_the_past_says_so(reader: Reader, story: Story, publish: Any) -> None:
    old = Edition.objects.newest_snapshot()
    moment = Edition.objects.get(seq=old.seq).published_at.isoformat()
    make_release("first", "The first.", check_note)
    story.kataib.summary = "A later summary."
    story.kataib.save()
    publish(story.kataib)
    new = Edition.objects.newest_snapshot()
    now = reader.read("/actors/kataib")
    assert "A later summary." in now
    assert "This page shows the public record as it was" not in now
    for pin in (f"snapshot={old}", f"known_at={quote(moment)}", "release=first"):
        page = reader.read(f"/actors/kataib?{pin}")
        assert "A later summary." not in page
        assert f"(snapshot <code>{old}</code>)" in page
        assert f'<a rel="next" href="/actors/kataib?snapshot={new}">' in page
        assert '<a href="/actors/kataib">Today</a>' in page
        assert f'href="/actors/pmf?snapshot={old}"' in page, "links stay in the past"
        assert f'href="/api/v1/actors/kataib?snapshot={old}"' in page
    pinned = reader.read(f"/actors/kataib?snapshot={new}")
    assert 'rel="prev"' in pinned
    assert 'rel="next"' not in pinned
    assert "Attack on K-1" not in reader.read("/?snapshot=1-" + Edition.objects.get(seq=1).hash)


@pytest.mark.django_db
def test_nothing_is_a_page(reader: Reader) -> None:
    for address in ("/actors/nobody", "/incidents/a%00b", "/actors/A_B", "/places/x%3Fy"):
        answer = reader.get(address)
        assert answer.status_code in (400, 404), address
        assert answer["Content-Type"].startswith("text/html")
    assert "Nothing public has, or ever had, this address." in reader.read("/actors/nobody", 404)


def test_a_withdrawn_record_says_why(reader: Reader, story: Story, reviewer: User) -> None:
    workflow.withdraw(story.attack, reviewer, "It was <b>another</b> one.")
    page = reader.read("/incidents/irq-2019-aaaa", 410)
    assert "It was &lt;b&gt;another&lt;/b&gt; one." in page
    assert "Attack on K-1" not in page


def test_a_merged_record_leads_to_the_survivor(
    reader: Reader, story: Story, editor: User, reviewer: User, publish: Any
) -> None:
    double = Actor.objects.create(name="Double", slug="double", kind="armed_organisation")
    publish(double)
    merging.merge(double, story.saraya, reviewer, "The same.")
    answer = reader.get("/actors/double?snapshot=" + str(Edition.objects.newest_snapshot()))
    assert answer.status_code == 308
    assert answer["Location"].startswith("/actors/saraya?snapshot=")
    assert "سرايا" in answer.content.decode()


def test_an_address_with_a_slash_at_its_end_leads_to_the_page(reader: Reader, story: Story) -> None:
    answer = reader.get("/actors/kataib/?release=x")
    assert (answer.status_code, answer["Location"]) == (301, "/actors/kataib?release=x")


def test_an_address_without_a_key_leads_to_the_list(reader: Reader, story: Story) -> None:
    lists = ("actors", "affiliations", "places", "publishers", "sources")
    moved = {f"/{name}": f"/search?type={name}" for name in lists}
    moved |= {
        "/incidents": "/explore",
        "/incidents/?perpetrator=kataib&view=map": "/explore?perpetrator=kataib&view=map",
        "/actors/?q=%D9%83": "/search?type=actors&q=%D9%83",
        "/ar/incidents?release=x": "/ar/explore?release=x",
        "/ar/places": "/ar/search?type=places",
    }
    for address, target in moved.items():
        answer = reader.get(address)
        assert (answer.status_code, answer["Location"]) == (301, target), address
    assert "Kataib Hezbollah" in reader.read("/search?type=actors")


@pytest.mark.django_db
def test_all_wrong_parameters_are_named(reader: Reader) -> None:
    page = reader.read("/actors/kataib?colour=red&snapshot=x&known_at=<b>", 400)
    for name in ("colour", "snapshot", "known_at"):
        assert f"<code>{name}</code>:" in page
    assert "<b>" not in page
    assert "<code>q</code>:" in reader.read("/search?q=" + "x" * 101, 400)
    assert "<code>q</code>:" in reader.read("/search?q=", 400)
    assert "<code>cursor</code>:" in reader.read("/search?cursor=abc", 400)
    assert "Snapshot lost" in reader.read("/?snapshot=9-00000000", 410)
    assert reader.post("/").status_code == 405
    assert reader.get("/actors/a?" + "x" * 40_000).status_code == 414


def test_a_browser_gets_the_page_of_a_document(reader: Reader, story: Story) -> None:
    for query in ("", "?snapshot=" + str(Edition.objects.newest_snapshot())):
        answer = reader.get(f"{API}actors/kataib{query}")
        assert (answer.status_code, answer["Location"]) == (303, f"/actors/kataib{query}")
        assert "Accept" in answer["Vary"]
        assert answer["Cache-Control"] == "public, no-cache"
    for accept in ("application/json", "*/*", "text/html;q=0.5, application/json"):
        answer = reader.get(f"{API}actors/kataib", headers={"Accept": accept})
        assert answer["Content-Type"] == "application/json"
        assert "Accept" in answer["Vary"]
    lists = reader.get(f"{API}actors")
    assert lists["Content-Type"] == "application/json"


def test_the_root_is_a_directory_for_programs(api: ContractClient, story: Story) -> None:
    for accept in ("*/*", "application/json"):
        answer = api.get("/", headers={"Accept": accept}, secure=True)
        assert answer["Content-Type"] == "application/json"
        assert "Accept" in answer["Vary"]
        assert answer.json()["resources"]
    page = api.get("/", headers={"Accept": BROWSER}, secure=True)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in page["Vary"]


def test_each_page_links_to_its_data(reader: Reader, story: Story) -> None:
    for address in addresses(story)[6:-1]:
        page = reader.read(address)
        data = f"/api/v1{address}"
        assert f'<link rel="alternate" type="application/json" href="{data}">' in page
        assert f'href="{data}?format=json"' not in page or reader.get(data).status_code == 303


QUERIES = {
    "home": 28,
    "search": 3,
    "results": 34,
    "list": 5,
    "network": 7,
    "network of an actor": 10,
    "actor": 55,
    "incident": 12,
    "place": 24,
    "source": 17,
    "publisher": 14,
    "affiliation": 8,
    "edition": 7,
}
"""The number of queries of each page that is not kept, however much there is to show."""


def test_pages_need_a_fixed_number_of_queries(
    reader: Reader, story: Story, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STORE", kept.Store(2**24))
    for name, number in count_queries(reader, story):
        assert number <= 2, f"{name} was kept"
    monkeypatch.setattr(kept, "STORE", kept.Store(0))
    counted = dict(count_queries(reader, story))
    for number in range(3):
        story.attack.statements.create(kind="claim", speaker=story.kataib, date="2020")
        story.kataib.names.create(text=f"Name {number}")
    publish(story.attack)
    publish(story.kataib)
    assert dict(count_queries(reader, story)) == counted == QUERIES


def count_queries(reader: Reader, story: Story) -> Iterator[tuple[str, int]]:
    """Yield the number of queries of the second request for a page of every kind."""
    for name, address in zip(QUERIES, addresses(story), strict=True):
        reader.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        yield name, len(captured)
