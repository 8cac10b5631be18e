"""The releases: what is in them, how they differ, and how to cite them."""

import re
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from api.releases import make_release
from editorial.redaction.validation import check_note
from publishing.models import Edition, Release
from tests.explorer.conftest import Reader, Story


@pytest.fixture
def releases(story: Story, publish: Any) -> tuple[Release, Release]:
    """Two releases, between which an actor was corrected and others were published."""
    first = make_release("2026-q1", "The <b>first</b> one.", check_note)
    story.kataib.summary = "A militia."
    story.kataib.save()
    publish(story.kataib, *(Actor.objects.create(name=f"A{n}", kind="unit") for n in range(2)))
    return first, make_release("2026-q2", "", check_note)


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of the table of numbers."""
    table = page[page.index('<table class="numbers">') :]
    rows = re.findall("<tr>(.*?)</tr>", table[: table.index("</table>")])
    return [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def test_releases_are_listed(reader: Reader, releases: Any) -> None:
    page = reader.read("/releases")
    assert re.findall(r'<a href="/releases/([^"]+)">', page) == ["2026-q2", "2026-q1"]
    assert "The &lt;b&gt;first&lt;/b&gt; one." in page
    assert re.findall(r"<td>(\d+)</td>", page) == ["14", "12"]
    assert '<a href="/releases/2026-q1">' in reader.read("/")
    past = reader.read(f"/releases?snapshot={releases[0].snapshot}")
    assert "2026-q2" not in past
    assert f'href="/releases/2026-q1?snapshot={releases[0].snapshot}"' in past


@pytest.mark.django_db
def test_there_is_no_release_yet(reader: Reader) -> None:
    assert "There is no release yet." in reader.read("/releases")
    assert "<h1>Not found</h1>" in reader.read("/releases/first", 404)
    assert "<h1>Not found</h1>" in reader.read("/releases/A_B/citation.bib", 404)


def test_a_release_says_what_is_in_it(reader: Reader, releases: Any) -> None:
    page = reader.read("/releases/2026-q2")
    assert f"{releases[1].published_at:%-d %B %Y}" in page
    assert f"<code>{releases[1].snapshot}</code>" in page
    assert '<a href="/releases/2026-q1">2026-q1</a>' in page
    numbers = rows_of(page)
    assert numbers[0] == [
        *("Records", "In this release", "In the release before", "Difference", "new", "corrected")
    ]
    assert numbers[1:3] == [
        ["Incidents", "2", "2", "0", "0", "0"],
        ["Actors", "6", "4", "+2", "2", "1"],
    ]
    for export in releases[1].exports["incidents"]["formats"].values():
        assert f'<code class="hash">{export["sha256"]}</code>' in page
    assert "None. Every file is still the same." in page
    assert '<a href="/changes?release=2026-q2">' in page
    assert '<link rel="alternate" type="application/json" href="/api/v1/releases/2026-q2">' in page


def test_the_first_release_is_compared_with_nothing(reader: Reader, releases: Any) -> None:
    page = reader.read("/releases/2026-q1")
    assert "none: this is the first" in page
    assert rows_of(page)[:2] == [
        ["Records", "In this release", "new"],
        ["Incidents", "2", "2"],
    ]


def test_a_release_is_cited(reader: Reader, releases: Any, settings: Any) -> None:
    settings.NAME = "Muster & Söhne_1"
    release = releases[0]
    day = f"{release.published_at:%Y-%m-%d}"
    page = reader.read("/releases/2026-q1")
    assert (
        f"Muster &amp; Söhne_1, release 2026-q1, {day} (snapshot {release.snapshot}). "
        "https://localhost/releases/2026-q1. CC BY 4.0."
    ) in page
    answer = reader.get("/releases/2026-q1/citation.bib")
    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "@misc{muster-s-hne-1-2026-q1,",
        r"  author = {{Muster \& Söhne\_1}},",
        r"  title = {{Muster \& Söhne\_1, release 2026-q1}},",
        f"  year = {{{day[:4]}}},",
        f"  month = {release.published_at:%b},".lower(),
        "  version = {2026-q1},",
        "  url = {https://localhost/releases/2026-q1},",
        f"  note = {{Dataset. Snapshot {release.snapshot}. Licence: CC BY 4.0}},",
        "}",
    ]
    cff = yaml.safe_load(reader.get("/releases/2026-q1/CITATION.cff").content)
    assert (cff["cff-version"], cff["type"]) == ("1.2.0", "dataset")
    assert cff["authors"] == [{"name": "Muster & Söhne_1"}]
    assert (cff["version"], cff["date-released"]) == ("2026-q1", day)
    assert cff["url"] == "https://localhost/releases/2026-q1"
    assert cff["identifiers"][0]["value"] == str(release.snapshot)
    assert reader.get("/releases/2026-q1/other.txt").status_code == 404


def test_a_release_was_not_there_before_it_was_made(reader: Reader, releases: Any) -> None:
    old = Edition.objects.get(seq=1).snapshot
    assert "It may have been published later." in reader.read(
        f"/releases/2026-q1?snapshot={old}", 404
    )
    assert reader.get(f"/releases/2026-q1/citation.bib?snapshot={old}").status_code == 404


def test_pages_of_releases_are_cached_until_another_is_made(reader: Reader, releases: Any) -> None:
    for address in ("/releases", "/releases/2026-q1"):
        answer = reader.get(address)
        assert answer["Cache-Control"] == "public, no-cache"
        seen = {"If-None-Match": answer["ETag"]}
        assert reader.get(address, headers=seen).status_code == 304
        make_release(f"more-{len(address)}", "", check_note)
        assert reader.get(address, headers=seen).status_code == 200


def test_pages_of_releases_need_a_fixed_number_of_queries(
    reader: Reader, releases: Any, publish: Any
) -> None:
    def count(address: str) -> int:
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    addresses = ("/releases", "/releases/2026-q2", "/releases/2026-q2/citation.bib")
    before = [count(address) for address in addresses]
    publish(Actor.objects.create(name="Another", kind="unit"))
    make_release("2026-q3", "", check_note)
    assert [count(address) for address in addresses] == before == [8, 10, 5]
