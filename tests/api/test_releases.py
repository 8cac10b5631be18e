"""Releases: named snapshots that can be cited, read and verified."""

import csv
import hashlib
import json
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial import workflow
from editorial.models import User
from editorial.redaction.validation import check_note
from publishing.models import Release
from tests.cast import person
from tests.contract.client import API, ContractClient
from tests.curation.admin_client import AdminClient, address
from tests.surgery import redact

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(kataib: Actor, pmf: Actor, publish: Any, reviewer: User) -> tuple[Release, Release]:
    """Two releases: between them a rename with its refresh, and a withdrawal with its own."""
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, tie)
    first = make_release("2026.1", "The first.", check_note)
    kataib.name = "Another name"
    kataib.save()
    publish(kataib)
    workflow.withdraw(pmf, reviewer, "Not a group.")
    return first, make_release("2026.2", "", check_note)


def fetched(api: ContractClient, export: dict[str, Any]) -> bytes:
    """Return the bytes of an export."""
    parts = urlsplit(export["address"])
    response: Any = api.get(f"{parts.path}?{parts.query}", secure=True)
    return b"".join(response.streaming_content)


def rows(sent: bytes, format_: str) -> int:
    """Return how many records an export holds."""
    if format_ == "geojson":
        return len(json.loads(sent)["features"])
    if format_ == "csv":
        return len(list(csv.reader(StringIO(sent.decode(), newline="")))) - 1
    return sent.count(b"\n")


def test_a_release_lists_its_exports(api: ContractClient, two: tuple[Release, Release]) -> None:
    answer = api.ask("releases/2026.1")
    counts = {export["resource"]: export["count"] for export in answer["exports"]}
    assert counts == {
        "publishers": 0,
        "sources": 0,
        "places": 0,
        "actors": 2,
        "affiliations": 1,
        "incidents": 0,
    }
    formats = {(export["resource"], export["format"]) for export in answer["exports"]}
    mapped = {("places", "geojson"), ("incidents", "geojson")}
    assert formats == {(name, form) for name in counts for form in ("ndjson", "csv")} | mapped
    assert (answer["note"], answer["before"], answer["licence"]) == (
        "The first.",
        None,
        "CC BY 4.0",
    )
    assert answer["snapshot"] == str(two[0].snapshot)
    assert answer["citation"] == (
        f"Muster, release 2026.1, {two[0].published_at:%Y-%m-%d}. "
        "https://localhost/api/v1/releases/2026.1. CC BY 4.0."
    )
    assert answer["redactions"] == []
    later = api.ask("releases/2026.2")
    assert (later["note"], later["before"]) == (None, "2026.1")


def test_a_release_lists_the_changes_since_the_previous_one(
    api: ContractClient, two: tuple[Release, Release]
) -> None:
    def changes(name: str) -> set[tuple[str, str, int]]:
        answer = api.ask(f"releases/{name}")["changes"]
        return {(row["resource"], row["kind"], row["editions"]) for row in answer}

    assert changes("2026.1") == {("actors", "publish", 2), ("affiliations", "publish", 1)}
    assert changes("2026.2") == {
        ("actors", "correct", 1),
        ("actors", "withdraw", 1),
        ("affiliations", "refresh", 2),
    }


def test_exports_are_the_same_to_the_byte_however_much_later(
    api: ContractClient, two: tuple[Release, Release], pmf: Actor, publish: Any
) -> None:
    publish(pmf)
    for name in ("2026.1", "2026.2"):
        for export in api.ask(f"releases/{name}")["exports"]:
            sent = fetched(api, export)
            assert len(sent) == export["size"]
            assert hashlib.sha256(sent).hexdigest() == export["sha256"]
            assert rows(sent, export["format"]) == export["count"]


def test_releases_are_listed_newest_first_in_pages(
    api: ContractClient, two: tuple[Release, Release]
) -> None:
    assert [row["name"] for row in api.results("releases")] == ["2026.2", "2026.1"]
    assert api.results("releases?limit=1") == api.results("releases")
    assert api.ask("releases?count=true")["count"] == 2
    assert api.ask("releases")["results"][1] == api.ask("releases/2026.1")
    api.ask("releases?cursor=abc", 400)
    api.ask("releases?snapshot=0-00000000", 400)
    api.ask("releases/2026.1?limit=1", 400)
    api.ask("releases/2026.3", 404)
    api.ask("releases/Not%20a%20name", 404)


def test_no_releases_are_an_empty_list(api: ContractClient) -> None:
    assert api.ask("releases?count=true")["count"] == 0


def test_a_tag_of_the_list_ends_with_the_next_release(
    api: ContractClient, two: tuple[Release, Release]
) -> None:
    tag = api.get(API + "releases", secure=True)["ETag"]
    detail = api.get(API + "releases/2026.1", secure=True)["ETag"]
    again = api.get(API + "releases", headers={"If-None-Match": tag}, secure=True)
    assert again.status_code == 304
    make_release("2026.3", "", check_note)
    again = api.get(API + "releases", headers={"If-None-Match": tag}, secure=True)
    assert again.status_code == 200
    headers = {"If-None-Match": detail}
    assert api.get(API + "releases/2026.1", headers=headers, secure=True).status_code == 304


def test_later_redactions_are_listed(
    api: ContractClient, two: tuple[Release, Release], pmf: Actor, publish: Any
) -> None:
    tag = api.get(API + "releases/2026.1", secure=True)["ETag"]
    publish(pmf)
    seq = pmf.edition.seq if pmf.edition else 0
    redact(seq)
    for name in ("2026.1", "2026.2"):
        (answer,) = api.ask(f"releases/{name}")["redactions"]
        assert (answer["type"], answer["id"]) == ("actor", str(pmf.public_id))
        assert answer["redacted"] == ["name"]
    headers = {"If-None-Match": tag}
    assert api.get(API + "releases/2026.1", headers=headers, secure=True).status_code == 200
    make_release("2026.3", "", check_note)
    assert api.ask("releases/2026.3")["redactions"] == []


@pytest.mark.parametrize("name", ["", "Spring", "a b", "a--b", "-a", "a.", "é", "a/b", "a" * 61])
def test_a_malformed_name_is_refused(publish: Any, kataib: Actor, name: str) -> None:
    publish(kataib)
    with pytest.raises(ValidationError):
        make_release(name, "", check_note)
    assert not Release.objects.exists()


def test_a_taken_name_and_an_empty_record_are_refused(publish: Any, kataib: Actor) -> None:
    with pytest.raises(ValidationError, match="nothing has been published yet"):
        make_release("one", "", check_note)
    publish(kataib)
    make_release("one", "", check_note)
    with pytest.raises(ValidationError, match="A release with this name exists"):
        make_release("one", "", check_note)


def test_a_release_never_changes(two: tuple[Release, Release]) -> None:
    release = two[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(note="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        release.delete()


def test_the_command_makes_a_release_and_prints_its_contents(
    api: ContractClient, publish: Any, kataib: Actor, settings: Any
) -> None:
    settings.LICENCE = "ODbL 1.0"
    with pytest.raises(CommandError, match=r"nothing has been published"):
        call_command("release", "one", stderr=StringIO())
    publish(kataib)
    out, err = StringIO(), StringIO()
    call_command("release", "one", "--note", "A note.", stdout=out, stderr=err)
    answer = api.ask("releases/one")
    assert (answer["note"], answer["licence"]) == ("A note.", "ODbL 1.0")
    digests = {export["resource"]: export["sha256"] for export in answer["exports"]}
    assert "actors: 1" in out.getvalue()
    assert f"bytes, {digests['actors']}" in out.getvalue()
    assert answer["snapshot"] in out.getvalue()
    assert "exported records: 2 in" in err.getvalue()
    with pytest.raises(CommandError, match="A release with this name exists"):
        call_command("release", "one", stderr=StringIO())


def test_a_reviewer_makes_a_release_in_the_admin_and_nobody_changes_one(
    api: ContractClient,
    publish: Any,
    kataib: Actor,
    editor_client: AdminClient,
    reviewer_client: AdminClient,
) -> None:
    page = address(Release, "add")
    refused = reviewer_client.post(page, {"name": "one"})
    assert "nothing has been published yet" in refused.text
    publish(kataib)
    assert "consists of lowercase letters" in reviewer_client.post(page, {"name": "One"}).text
    made = reviewer_client.post(page, {"name": "one", "note": "By hand."}, follow=True)
    assert "was added successfully" in made.text
    release = Release.objects.get()
    assert api.ask("releases/one")["note"] == "By hand."
    assert "A release with this name exists" in reviewer_client.post(page, {"name": "one"}).text
    assert editor_client.get(page).status_code == 403
    assert editor_client.post(page, {"name": "two"}).status_code == 403
    for desk in (editor_client, reviewer_client):
        html = desk.get(address(release)).text
        assert release.exports["actors"]["formats"]["csv"]["sha256"] in html
        assert 'name="_save"' not in html
        assert desk.post(address(release), {"name": "other"}).status_code == 403
        assert desk.post(address(release, "delete"), {"post": "yes"}).status_code == 403
        assert "one" in desk.get(address(Release, "changelist")).text
    outsider = AdminClient(person("outsider"))
    assert outsider.get(address(Release, "changelist")).status_code == 403
