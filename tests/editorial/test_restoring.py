"""Restoring what a redaction removed: two reviewers bring back every byte, or it is destroyed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial import merging, workflow
from editorial.models import RedactionGuard, RemovedData, RemovedRow, Submission, User
from editorial.redaction.redact import redact
from editorial.redaction.restoring import destroy, destroy_expired, restore
from editorial.redaction.validation import check_note
from incidents.models import Incident
from publishing.models import Edition
from tests.cast import person
from tests.contract.client import API, ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)

NAME, NOTE = "Zaynab Quwwati", "Seen by a witness."
REASON = "It was another person."


@pytest.fixture
def second(db: None) -> User:
    """Another reviewer."""
    return person("second", "reviewer")


@pytest.fixture
def zaynab(publish: Any, pmf: Actor) -> Actor:
    """Somebody with a past, who is referenced by others."""
    zaynab = Actor.objects.create(
        name=NAME, slug="zaynab-quwwati", kind="individual", description=f"{NAME} is a doctor."
    )
    zaynab.names.create(text="Umm Quwwati", kind="former")
    zaynab.names.create(text="زينب قوتي", kind="alias", language="ar")
    affiliation = Affiliation.objects.create(subject=zaynab, kind="member_of", object=pmf)
    attack = Incident.objects.create(title="Attack", date="2020")
    attack.involvements.create(role="perpetrator", actor=zaynab)
    publish(pmf, zaynab, affiliation, attack, note=f"First, with {NAME}")
    zaynab.description = f"{NAME} was a doctor. {NOTE}"
    zaynab.internal_note = f"{NAME} called."
    zaynab.save()
    publish(zaynab)
    return zaynab


def ask(data: RemovedData, by: User) -> None:
    data.ask(by, REASON)


def texts(record: Any = None) -> list[tuple[Any, ...]]:
    """Return all that is stored of editions, or of those of a record, in their order."""
    rows = Edition.objects.order_by("seq")
    if record is not None:
        rows = rows.filter(record=record.public_id)
    columns = [field.attname for field in Edition._meta.concrete_fields]
    return list(rows.values_list(*columns))


def table(name: str) -> list[str]:
    """Return the rows of a table as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row::text FROM {name} AS row ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def working_rows() -> dict[str, list[str]]:
    names = ("actors_actor", "actors_actorname", "actors_affiliation", "incidents_involvement")
    return {name: table(name) for name in names}


def read_past(api: ContractClient, snapshot: str) -> list[bytes]:
    """Return all documents of a past snapshot, byte by byte."""
    found = []
    for name in ("actors", "affiliations", "incidents"):
        for format_ in ("ndjson", "csv"):
            path = f"{API}{name}?format={format_}&snapshot={snapshot}"
            found.append(b"".join(api.get(path, secure=True)))
    return found


REMOVALS: list[dict[str, Any]] = [
    {"values": [NAME]},
    {"fields": ["description", "names[0]"]},
    {"whole": True},
]


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: next(iter(removal)))
def test_two_reviewers_bring_every_byte_back(
    zaynab: Actor, reviewer: User, second: User, api: ContractClient, removal: Any
) -> None:
    make_release("first", f"With {NAME}", check_note)
    snapshot = str(Edition.objects.newest_snapshot())
    past, rows, before = texts(), working_rows(), read_past(api, snapshot)
    bodies = table("editorial_submissionitem")
    etag = api.get(f"{API}actors?snapshot={snapshot}", secure=True)["ETag"]
    redact(zaynab, reviewer, "For safety.", **removal)
    assert read_past(api, snapshot) != before
    assert len(api.ask("releases/first")["redactions"]) == 1
    redacted = api.get(f"{API}actors?snapshot={snapshot}", secure=True)["ETag"]
    data = RemovedData.objects.get()
    with pytest.raises(ValidationError, match="Nobody asks to restore it"):
        restore(data, second)
    ask(data, reviewer)
    with pytest.raises(PermissionDenied, match="You asked to restore it"):
        restore(data, reviewer)
    with pytest.raises(ValidationError, match="Somebody asked already"):
        ask(data, second)
    assert restore(data, second) == 0

    assert texts()[: len(past)] == past
    assert read_past(api, snapshot) == before
    assert working_rows() == rows
    items = Submission.objects.order_by("pk").values_list("items__body", "note")
    assert all("[redacted]" not in str(row) for row in items)
    assert [row for row in bodies if row not in table("editorial_submissionitem")] == []
    assert_whole()
    (restored,) = api.results("changes?kind=restore")
    assert (restored["id"], restored["note"]) == (str(zaynab.public_id), REASON)
    assert restored["redacted"] == api.results("changes?kind=redact")[0]["redacted"]
    assert restored["slug"] == "zaynab-quwwati"
    current = api.ask(f"actors/{zaynab.public_id}")
    assert current["description"] == f"{NAME} was a doctor. {NOTE}"
    assert api.ask("actors/zaynab-quwwati")["version"] == current["version"]
    assert api.ask("releases/first")["redactions"] == []
    assert api.ask("releases/first")["note"] == f"With {NAME}"
    again = api.get(f"{API}actors?snapshot={snapshot}", secure=True)["ETag"]
    assert len({etag, redacted, again}) == 3, "no cache answers with an older state of the past"
    (involvement,) = api.results("incidents/documents")[0]["involvements"]
    assert involvement["actor"]["name"] == NAME
    assert not involvement["actor"]["withdrawn"]
    assert not RedactionGuard.objects.in_force().exists()
    assert not RemovedRow.objects.exists()
    act = Submission.objects.get(act="restore")
    assert (act.submitted_by, act.decided_by, act.published_by) == (reviewer, second, second)
    with pytest.raises(ValidationError, match="It was restored already"):
        restore(RemovedData.objects.get(), second)


def test_the_record_goes_on_after_a_restore(
    zaynab: Actor, reviewer: User, second: User, api: ContractClient, publish: Any, editor: User
) -> None:
    redact(zaynab, reviewer, "For safety.", values=[NAME])
    data = RemovedData.objects.get()
    ask(data, reviewer)
    restore(data, second)
    zaynab.refresh_from_db()
    with pytest.raises(ValidationError, match="this is what is published already"):
        workflow.submit(zaynab, editor)
    zaynab.description = f"{NAME} is retired."
    zaynab.save()
    publish(zaynab)
    assert api.ask("actors/zaynab-quwwati")["description"] == f"{NAME} is retired."
    redact(zaynab, second, "Again.", values=[NAME])
    again = RemovedData.objects.kept().get()
    ask(again, second)
    restore(again, reviewer)
    assert api.ask("actors/zaynab-quwwati")["description"] == f"{NAME} is retired."
    workflow.withdraw(zaynab, reviewer, "Doubtful.")
    redact(zaynab, second, "For safety.", whole=True)
    assert api.ask(f"actors/{zaynab.public_id}", 410)["detail"].endswith("For safety.")
    withdrawn = RemovedData.objects.kept().get()
    ask(withdrawn, second)
    restore(withdrawn, reviewer)
    assert api.ask("actors/zaynab-quwwati", 410)["detail"].endswith(REASON)
    assert_whole()


def test_later_corrections_stay(
    zaynab: Actor, reviewer: User, second: User, api: ContractClient, publish: Any
) -> None:
    redact(zaynab, reviewer, "For safety.", fields=["description"])
    zaynab.refresh_from_db()
    zaynab.description, zaynab.birth = "A corrected text.", "1970"
    zaynab.save()
    publish(zaynab)
    data = RemovedData.objects.get()
    ask(data, reviewer)
    assert restore(data, second) == 1, "the working row of the actor stays as it is"
    current = api.ask(f"actors/{zaynab.public_id}")
    assert current["description"] == "A corrected text."
    first = api.ask(f"actors/{zaynab.public_id}/editions/1")
    assert first["document"]["description"] == f"{NAME} is a doctor."
    zaynab.refresh_from_db()
    assert zaynab.description == "A corrected text."
    assert_whole()


def test_a_merged_record_is_restored_as_merged(
    zaynab: Actor, reviewer: User, second: User, api: ContractClient, publish: Any
) -> None:
    other = Actor.objects.create(name="Other", slug="other", kind="individual")
    publish(other)
    merging.merge(zaynab, other, reviewer, "The same.")
    zaynab.refresh_from_db()
    before = texts(zaynab)
    redact(zaynab, reviewer, "For safety.", whole=True)
    data = RemovedData.objects.get()
    ask(data, second)
    restore(data, reviewer)
    assert texts(zaynab)[: len(before)] == before
    assert api.ask("actors/zaynab-quwwati", 308)["merged_into"]["slug"] == "other"
    zaynab.refresh_from_db()
    merging.unmerge(zaynab, reviewer, "Two people.")
    assert api.ask("actors/zaynab-quwwati")["name"] == NAME
    assert_whole()


def test_a_draft_is_restored_without_an_edition(reviewer: User, second: User, editor: User) -> None:
    draft = Actor.objects.create(name=NAME, slug="a-draft", kind="individual", internal_note=NOTE)
    redact(draft, reviewer, "For safety.", values=[NAME, NOTE])
    draft.refresh_from_db()
    assert draft.name == "[redacted]"
    data = RemovedData.objects.get()
    ask(data, reviewer)
    assert restore(data, second) == 0
    draft.refresh_from_db()
    assert (draft.name, draft.slug, draft.internal_note) == (NAME, "a-draft", NOTE)
    assert not Edition.objects.exists()


def test_the_newest_redaction_is_restored_first(
    zaynab: Actor, reviewer: User, second: User, api: ContractClient
) -> None:
    redact(zaynab, reviewer, "For safety.", values=[NOTE])
    redact(zaynab, reviewer, "For safety.", values=[NAME])
    newer, older = RemovedData.objects.order_by("-pk")
    ask(older, reviewer)
    with pytest.raises(ValidationError, match=f"Redaction {newer.submission_id} of this record is"):
        restore(older, second)
    ask(newer, reviewer)
    restore(newer, second)
    assert NAME in api.ask(f"actors/{zaynab.public_id}")["description"]
    assert NOTE not in api.ask(f"actors/{zaynab.public_id}")["description"]
    restore(older, second)
    assert NOTE in api.ask(f"actors/{zaynab.public_id}")["description"]
    assert_whole()


def test_what_another_redaction_removed_does_not_come_back(
    zaynab: Actor, pmf: Actor, reviewer: User, second: User
) -> None:
    affiliation = Affiliation.objects.get()
    redact(affiliation, reviewer, "For safety.", whole=True)
    redact(pmf, reviewer, "For safety.", values=[pmf.name])
    first, other = RemovedData.objects.order_by("pk")
    ask(first, reviewer)
    with pytest.raises(ValidationError, match="Another redaction since concerns the same texts"):
        restore(first, second)
    ask(other, reviewer)
    restore(other, second)
    restore(first, second)
    first_text = Edition.objects.get(record=affiliation.public_id, version=1).document
    assert "Popular Mobilization Forces" in str(first_text)
    assert_whole()


def test_it_is_destroyed_by_a_second_reviewer_or_by_time(
    zaynab: Actor, reviewer: User, second: User, time_machine: Any
) -> None:
    redact(zaynab, reviewer, "For safety.", values=[NOTE])
    redact(zaynab, reviewer, "For safety.", values=[NAME])
    newer = RemovedData.objects.order_by("pk")[1]
    with pytest.raises(PermissionDenied, match="You redacted it"):
        destroy(newer, reviewer)
    destroy(newer, second)
    assert not RemovedRow.objects.exists(), "the older one has the same texts"
    for data in RemovedData.objects.all():
        assert data.destroyed_by == second
        with pytest.raises(ValidationError, match="It was destroyed"):
            data.ask(reviewer, REASON)
    incident = Incident.objects.get()
    redact(incident, reviewer, "For safety.", values=["Attack"])
    assert destroy_expired() == 0
    RemovedData.objects.update(removed_at=timezone.now() - timedelta(days=13, hours=23))
    assert destroy_expired() == 0
    assert RemovedRow.objects.exists()
    RemovedData.objects.update(removed_at=timezone.now() - timedelta(days=14, minutes=1))
    call_command("erase")
    assert not RemovedRow.objects.exists()
    with pytest.raises(ValidationError, match="It was destroyed: nobody can restore it"):
        restore(RemovedData.objects.order_by("-pk")[0], second)


def test_without_days_nothing_is_kept(zaynab: Actor, reviewer: User, settings: Any) -> None:
    settings.ERASE_AFTER = 0
    redact(zaynab, reviewer, "For safety.", values=[NAME])
    assert not RemovedData.objects.exists()
    assert not RemovedRow.objects.exists()


def test_only_reviewers_ask_restore_and_destroy(
    zaynab: Actor, reviewer: User, second: User, editor: User
) -> None:
    redact(zaynab, reviewer, "For safety.", values=[NAME])
    data = RemovedData.objects.get()
    with pytest.raises(PermissionDenied):
        data.ask(editor, REASON)
    with pytest.raises(ValidationError, match="Give the reason"):
        data.ask(reviewer, " ")
    ask(data, reviewer)
    for act in (restore, destroy):
        with pytest.raises(PermissionDenied):
            act(data, editor)
    with pytest.raises(PermissionDenied):
        data.refuse(editor)
    data.refuse(second)
    with pytest.raises(ValidationError, match="Nobody asks"):
        restore(data, second)
