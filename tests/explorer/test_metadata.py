"""What pages say to search engines and chats: descriptions, linked data and pictures."""

import json
import re
import struct
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from actors.models import Actor
from api.releases import make_release
from editorial import merging, workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from explorer import pictures
from explorer.metadata import describe_record
from publishing.models import Edition
from tests.contract.client import API
from tests.explorer.conftest import Reader, Story
from tests.explorer.test_answers import addresses


def records(story: Story) -> list[str]:
    """Return the page of a record of every type."""
    return [each for each in addresses(story) if each.count("/") == 2 and "docs" not in each]


def read_metadata(page: str) -> dict[str, str]:
    """Return the description and the properties for chats of a page."""
    pairs = re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', page)
    return dict(pairs)


def read_linked_data(page: str) -> dict[str, Any]:
    """Return the linked data of a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    described: dict[str, Any] = json.loads(text)
    return described


def test_each_page_has_a_title_and_a_description_of_its_own(reader: Reader, story: Story) -> None:
    titles, descriptions = [], []
    for address in [*records(story), "/", "/explore", "/network"]:
        page = reader.read(address)
        title = re.search(r"<title>(.+?) – Muster</title>", page)
        assert title
        found = read_metadata(page)
        assert found["og:title"] == title[1]
        assert found["og:description"] == found["description"]
        assert found["twitter:card"] == "summary_large_image"
        titles.append(title[1])
        descriptions.append(found["description"])
    assert len({*titles}) == len(titles)
    assert len({*descriptions}) == len(descriptions)
    assert descriptions[1] == (
        "Incident: 27 December 2019 · Kirkuk · attribution: probable · killed: 1. "
        "Rockets hit a base."
    )


def test_the_picture_of_a_page_belongs_to_its_snapshot(reader: Reader, story: Story) -> None:
    snapshot = Edition.objects.newest_snapshot()
    for address, picture in {
        "/": "/card.png",
        "/search?type=actors": "/card.png",
        "/incidents/irq-2019-aaaa": "/incidents/irq-2019-aaaa/card.png",
    }.items():
        found = read_metadata(reader.read(address))
        assert found["og:image"] == f"https://localhost{picture}?snapshot={snapshot}"
        assert found["og:url"] == f"https://localhost{address}"
        answer = reader.get(found["og:image"].removeprefix("https://localhost"))
        assert answer["Content-Type"] == "image/png"
        assert answer["Cache-Control"] == "public, max-age=3600, s-maxage=10"
        assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
        same = reader.get(picture, headers={"If-None-Match": reader.get(picture)["ETag"]})
        assert (same.status_code, same.content) == (304, b"")


def test_every_type_of_record_has_a_picture(reader: Reader, story: Story) -> None:
    counted = {}
    for address in records(story):
        reader.get(f"{address}/card.png")
        with CaptureQueriesContext(connection) as captured:
            answer = reader.get(f"{address}/card.png")
        assert answer.status_code == 200, address
        assert answer["Content-Type"] == "image/png"
        counted[address.split("/")[1]] = len(captured)
    assert counted == {
        "actors": 8,
        "incidents": 4,
        "places": 9,
        "sources": 8,
        "publishers": 8,
        "affiliations": 4,
    }


def test_a_picture_of_nothing_is_a_problem(
    reader: Reader, story: Story, editor: User, reviewer: User, publish: Any
) -> None:
    draft = Actor.objects.create(name="A secret draft", slug="draft", kind="unit")
    workflow.submit(draft, editor)
    hidden = reader.get("/actors/draft/card.png")
    nothing = reader.get("/actors/nobody/card.png")
    assert (hidden.status_code, hidden.content) == (404, nothing.content)
    assert hidden["Content-Type"] == "application/problem+json"
    assert reader.get("/actors/kataib/card.png?colour=red").status_code == 400
    assert reader.get("/card.png?snapshot=9999-00000000").status_code == 410
    double = Actor.objects.create(name="Double", slug="double", kind="armed_organisation")
    publish(double)
    merging.merge(double, story.saraya, reviewer, "The same.")
    moved = reader.get("/actors/double/card.png?release=x", follow=False)
    assert moved.status_code == 400, "an unknown release"
    moved = reader.get("/actors/double/card.png")
    assert (moved.status_code, moved["Location"]) == (308, "/actors/saraya/card.png")
    workflow.withdraw(story.attack, reviewer, "It was another one.")
    assert reader.get("/incidents/irq-2019-aaaa/card.png").status_code == 410


def cards(reader: Reader, monkeypatch: pytest.MonkeyPatch, address: str) -> pictures.Card:
    """Return what a picture says."""
    found = []

    def draw(card: pictures.Card, *args: Any, **kwargs: Any) -> bytes:
        found.append(card)
        return b""

    monkeypatch.setattr(pictures, "draw", draw)
    assert reader.get(address).status_code == 200
    return found[0]


def test_pictures_say_what_is_known(
    reader: Reader, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack = cards(reader, monkeypatch, "/incidents/irq-2019-aaaa/card.png")
    assert attack == pictures.Card(
        "Incident",
        "Attack on K-1",
        ["27 December 2019", "Kirkuk", "attribution: probable"],
        [("1", "killed"), ("4", "statements about it")],
    )
    strikes = cards(reader, monkeypatch, "/incidents/irq-2019-bbbb/card.png")
    assert strikes.counts == [("not known", "killed")], "what is not known is no zero"
    kataib = cards(reader, monkeypatch, "/actors/kataib/card.png")
    assert kataib.counts == [("2", "Incidents")]
    home = cards(reader, monkeypatch, "/card.png")
    assert home.counts == [("2", "Incidents"), ("4", "Actors"), ("1", "Sources")]
    source = cards(reader, monkeypatch, f"/sources/{story.report.public_id}/card.png")
    assert source.title == "هجوم على قاعدة"


def test_titles_in_arabic_and_hebrew_begin_at_the_right(db: None) -> None:
    for title, first, side in (
        ("هجوم على قاعدة K-1", "\u2067", (1128, "end")),
        ("2019: הודעה", "\u2067", (1128, "end")),
        ("Attack on كركوك", "A", (72, "start")),
    ):
        (line,), _ = pictures._place_title(title)
        assert line.text[0] == first
        assert (line.x, line.anchor) == side
    with translation.override("ar"):
        assert pictures._place("حادث", 10, 20).anchor == "end"
        assert pictures._place("حادث", 10, 20, at_end=True).anchor == "start"


def test_long_titles_are_wrapped_and_cut() -> None:
    for title in ("word " * 100, "x" * 500, "كلمة " * 100, "中" * 300, "a\x00b\u202e<&>" * 60):
        lines, bottom = pictures._place_title(title)
        assert 1 <= len(lines) <= 4
        assert bottom < 400
        assert all(pictures.measure(line.text, line.size) <= 1057 for line in lines)
        assert lines[-1].text.rstrip("\u2069").endswith("…")


def test_hostile_titles_are_drawn_as_text(reader: Reader, story: Story, publish: Any) -> None:
    story.kataib.name = "<script>&\"'</text> ]]> \u202e name"
    story.kataib.save()
    publish(story.kataib)
    assert reader.get("/actors/kataib/card.png").status_code == 200


def test_only_data_sets_are_described_as_linked_data(reader: Reader, story: Story) -> None:
    make_release("first", "The first.", check_note)
    snapshot = Edition.objects.newest_snapshot()
    for address in ("/", f"/?snapshot={snapshot}"):
        described = read_linked_data(reader.read(address))
        assert described["@context"] == "https://schema.org/"
        assert described["@type"] == "Dataset"
        assert described["identifier"] == f"https://localhost/?snapshot={snapshot}"
        assert described["version"] == str(snapshot)
        assert described["license"] == "https://spdx.org/licenses/CC-BY-4.0"
        assert described["dateModified"].startswith("20")
        assert 50 < len(described["description"]) < 5000, "as Google wants it"
        assert len(described["distribution"]) == 14
        for part in described["distribution"]:
            answer = reader.head(part["contentUrl"].removeprefix("https://localhost"))
            assert answer.status_code == 200, part
            assert answer["Content-Type"].startswith(part["encodingFormat"])
    for address in addresses(story)[1:]:
        assert "ld+json" not in reader.read(address)


def test_a_release_is_described_with_its_checksums(reader: Reader, story: Story) -> None:
    make_release("first", "The first.", check_note)
    described = read_linked_data(reader.read("/?release=first"))
    (release,) = reader.get(f"{API}releases").json()["results"]
    assert described["@type"] == "Dataset"
    assert described["name"] == "Muster, release first"
    assert described["version"] == "first"
    assert described["datePublished"] == release["published_at"]
    assert described["creditText"] == release["citation"]
    assert [(part["contentUrl"], part["sha256"]) for part in described["distribution"]] == [
        (export["address"], export["sha256"]) for export in release["exports"]
    ]


def test_lists_link_to_their_data(reader: Reader, story: Story) -> None:
    page = reader.read("/search?type=incidents&q=rockets")
    found = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)">', page)
    assert found
    data = reader.get(found[1].replace("&amp;", "&"), headers={"Accept": "application/json"})
    assert [row["slug"] for row in data.json()["results"]] == ["irq-2019-aaaa"]


def test_a_description_has_only_what_the_document_has(reader: Reader, story: Story) -> None:
    document = reader.get(
        f"{API}places/{story.kirkuk.public_id}", headers={"Accept": "application/json"}
    ).json()
    about = describe_record("place", document)
    assert about.description == "Settlement: in Iraq · IQ."
    long = about._replace(text="word " * 100).description
    assert len(long) <= 300
    assert long.endswith("…")
