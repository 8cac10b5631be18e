"""The sitemap: every public record once, nothing else, in parts."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from editorial import merging, workflow
from editorial.models import User
from explorer import sitemaps
from publishing.models import Edition
from tests.explorer.conftest import Reader, Story

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def read(reader: Reader, address: str, root: str, item: str) -> list[tuple[str, str]]:
    """Return the addresses and moments of a sitemap that is valid by the schema of the protocol."""
    answer = reader.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert answer["Cache-Control"] == "public, no-cache"
    same = reader.get(address, headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304
    tree = ElementTree.fromstring(answer.content)
    assert tree.tag == NAMESPACE + root
    assert 1 <= len(tree) <= 50_000
    rows = []
    for child in tree:
        assert child.tag == NAMESPACE + item
        assert [part.tag for part in child] == [f"{NAMESPACE}loc", f"{NAMESPACE}lastmod"]
        address, moment = (str(part.text) for part in child)
        assert re.fullmatch(MOMENT, moment)
        assert len(address) < 2048
        rows.append((address.removeprefix("https://localhost"), moment))
    return rows


def read_all(reader: Reader) -> tuple[list[str], list[str]]:
    """Return the addresses of all parts, and those of all pages of records."""
    pages, *parts = [name for name, _ in read(reader, "/sitemap.xml", "sitemapindex", "sitemap")]
    assert pages == "/sitemaps/pages.xml"
    found = [address for part in parts for address, _ in read(reader, part, "urlset", "url")]
    return parts, found


def change(story: Story, publish: Any, summary: str) -> None:
    """Publish another edition of the attack."""
    story.attack.summary = summary
    story.attack.save()
    publish(story.attack)


def test_every_public_record_is_listed_once(reader: Reader, story: Story, editor: User) -> None:
    workflow.submit(Actor.objects.create(name="Draft", slug="draft", kind="unit"), editor)
    parts, found = read_all(reader)
    assert parts == ["/sitemaps/0.xml"]
    assert len(found) == len({*found}) == 12
    for address in found:
        assert reader.get(address).status_code == 200
    assert "/incidents/irq-2019-aaaa" in found
    assert "/actors/draft" not in found


def test_pages_without_a_record_are_listed(reader: Reader, story: Story) -> None:
    rows = read(reader, "/sitemaps/pages.xml", "urlset", "url")
    assert [address for address, _ in rows] == [f"/{path}" for path in sitemaps.FIXED]
    for address, _ in rows:
        assert reader.get(address).status_code == 200


def test_parts_follow_the_numbers_of_editions(
    reader: Reader,
    story: Story,
    publish: Any,
    editor: User,
    reviewer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 5)
    _, before = read_all(reader)
    change(story, publish, "Corrected.")
    workflow.withdraw(story.membership, reviewer, "An error.")
    merging.merge(story.saraya, story.kataib, reviewer, "The same.")
    parts, found = read_all(reader)
    assert parts == sorted(parts)
    assert len(found) == len({*found})
    assert {*before} - {*found} == {
        "/actors/saraya",
        f"/affiliations/{story.membership.public_id}",
    }
    assert not {*found} - {*before}
    moved = Edition.objects.filter(record=story.attack.public_id).latest("seq").seq
    last = read(reader, f"/sitemaps/{(moved - 1) // 5}.xml", "urlset", "url")
    assert "/incidents/irq-2019-aaaa" in [address for address, _ in last]


def test_the_moment_is_that_of_the_text(reader: Reader, story: Story, publish: Any) -> None:
    def moment() -> str:
        return dict(read(reader, "/sitemaps/0.xml", "urlset", "url"))["/places/kirkuk"]

    before = moment()
    story.iraq.name = "Republic of Iraq"
    story.iraq.save()
    publish(story.iraq)
    assert Edition.objects.filter(slug="kirkuk", kind="refresh").exists()
    assert moment() == before, "a refresh changes no text"
    kirkuk = Edition.objects.filter(slug="kirkuk").latest("seq")
    assert moment() == f"{kirkuk.edited_at:%Y-%m-%dT%H:%M:%SZ}"


def test_an_empty_part_is_not_listed(
    reader: Reader, story: Story, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 1)
    first = Edition.objects.newest_snapshot().seq
    change(story, publish, "Corrected.")
    change(story, publish, "Corrected again.")
    parts, _ = read_all(reader)
    assert f"/sitemaps/{first}.xml" not in parts
    for part in (first, 9_999, 10**30):
        answer = reader.get(f"/sitemaps/{part}.xml")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    assert reader.get("/sitemaps/x.xml").status_code == 404
    assert reader.get("/sitemap.xml?page=1").status_code == 400


@pytest.mark.django_db
def test_the_sitemap_of_an_empty_database(reader: Reader) -> None:
    answer = reader.get("/sitemap.xml")
    assert answer.status_code == 200
    assert b"/sitemaps/pages.xml" in answer.content
    assert b"/sitemaps/0.xml" not in answer.content


def test_a_part_needs_a_fixed_number_of_queries(reader: Reader, story: Story) -> None:
    counted = []
    for address in ("/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/0.xml"):
        reader.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        counted.append(len(captured))
    assert counted == [2, 1, 3]
