"""What imports promise to people who edit: what they work on is neither written nor published."""

import csv
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from actors.models import Actor, ActorExternalId
from editorial import workflow
from editorial.models import Submission, User
from exchange.models import ImportedRow
from incidents.models import CasualtyFigure, Incident, IncidentLocation
from publishing.models import Edition
from sources.models import Publisher, Source
from tests.cast import UNCITED, person
from tests.contract.client import ContractClient
from tests.exchange.test_ucdp_ged import MYANMAR, ROW, needs_data

pytestmark = pytest.mark.django_db
FOUR_EYES = {"submit_as": "editor", "approve_as": "reviewer"}
CANDIDATE = MYANMAR / "candidate_2021_myanmar.csv"
FINAL = MYANMAR / "ged_v24_myanmar_2021.csv"


def run(path: Path, codebook: str = "ucdp-ged", **options: Any) -> str:
    """Run the import and return what it says."""
    said = StringIO()
    call_command(
        "ingest", codebook, str(path), stdout=said, stderr=StringIO(), **FOUR_EYES | options
    )
    return said.getvalue()


@pytest.fixture
def ingest(tmp_path: Path, editor: User, reviewer: User) -> Any:
    """Write rows, each as what is different about it, into a file and bring it in."""

    def ingest(*rows: dict[str, str], release: str = "23.1", **options: Any) -> str:
        file = tmp_path / f"ged_{release}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(ROW))
            writer.writeheader()
            writer.writerows({**ROW, **row} for row in rows)
        return run(file, release=release, **options)

    return ingest


def by(user: User) -> Any:
    """Let the audit know who does it, as the admin does."""
    return pghistory.context(user=user.pk, url="/admin/")


def event(key: str) -> Incident:
    """Return the incident of an event."""
    return Incident.objects.get(external_ids__value=key)


def public_title(key: str) -> str:
    """Return what readers see."""
    edition = event(key).edition
    assert edition is not None
    return edition.reference


# Drafts


def test_a_draft_is_set_aside_by_name_and_the_next_run_takes_it_up(
    ingest: Any, publish: Any
) -> None:
    ingest({"id": "1"}, {"id": "2"})
    with by(person("third", "editor")):
        incident = event("1")
        incident.title = "Draft"
        incident.save()
    newer = [{"id": "1", "best": "9"}, {"id": "2", "best": "9"}]
    expected = f"  1 incident {incident.slug}: unpublished changes by third\n"
    dry = ingest(*newer, release="24.1", dry_run=True)
    said = ingest(*newer, release="24.1")
    assert expected in dry
    assert "set aside until the next run: 1\n" + expected in said
    assert "published 2 records" in said, "the source, and the event that nobody has in hand"
    assert "Draft" not in public_title("1")
    figures = CasualtyFigure.objects.filter(population="total")
    assert set(figures.values_list("incident__external_ids__value", "best")) == {
        ("1", 8), ("2", 9),
    }  # fmt: skip
    assert ImportedRow.objects.get(key="1").row["best"] == "8"

    publish(event("1"))
    assert "set aside" not in ingest(*newer, release="24.1")
    assert set(figures.values_list("best", flat=True)) == {9}
    assert event("1").title == "Draft", "what was corrected stays"


def test_a_draft_that_was_taken_back_is_no_draft(ingest: Any) -> None:
    ingest({})
    incident = event("1")
    title = incident.title
    for text in ("Draft", title):
        with by(User.objects.get(username="editor")):
            incident.title = text
            incident.save()
    assert "set aside" not in ingest({"best": "9"}, release="24.1")


@pytest.mark.parametrize("part", ["casualties", "locations", "involvements", "citations"])
def test_a_part_that_a_person_changed_is_a_draft(ingest: Any, part: str) -> None:
    ingest({})
    with by(person("third", "editor")):
        getattr(event("1"), part).first().delete()
    assert "unpublished changes by third" in ingest({"best": "9"}, release="24.1")


def test_a_row_that_says_the_same_of_its_record_sets_nothing_aside(ingest: Any) -> None:
    ingest({})
    with by(person("third", "editor")):
        Incident.objects.update(title="Draft")
    said = ingest({"active_year": "0"}, release="24.1")
    assert "set aside" not in said
    assert "Draft" not in public_title("1")


def test_what_an_import_wrote_and_nobody_published_is_no_persons_draft(
    ingest: Any, editor: User
) -> None:
    ingest({}, approve_as=None)
    workflow.recall(Submission.objects.get(), editor)
    said = ingest({"best": "9"}, release="24.1")
    assert "set aside" not in said
    assert "published" in said


def test_what_a_person_made_of_an_unpublished_import_is_a_draft(ingest: Any, editor: User) -> None:
    ingest({}, {"id": "2"}, approve_as=None)
    workflow.recall(Submission.objects.get(), editor)
    with by(person("third", "editor")):
        incident = event("1")
        incident.title = "Draft"
        incident.save()
    said = ingest({}, {"id": "2"})
    assert f"  1 incident {incident.slug}: unpublished changes by third\n" in said
    assert incident.edition is None
    assert event("2").edition is not None


# Submissions


def test_a_pending_submission_sets_its_records_aside_and_stops_nothing(
    ingest: Any, reviewer: User
) -> None:
    ingest({"id": "1"}, {"id": "2"})
    third = person("third", "editor")
    with by(third):
        incident = event("1")
        incident.title = "Pending"
        incident.save()
    submission = workflow.submit(incident, third)
    newer = [{"id": "1", "best": "9"}, {"id": "2", "best": "9"}]
    said = ingest(*newer, release="24.1")
    assert f"1 incident {incident.slug}: pending submission {submission.pk} of third\n" in said
    assert "published 2 records" in said
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    assert "(0 created, 1 changed, 1 unchanged)" in ingest(*newer, release="24.1")


def test_a_pending_import_sets_aside_what_the_next_release_changes(ingest: Any) -> None:
    ingest({"id": "1"}, approve_as=None)
    said = ingest({"id": "1", "best": "9"}, {"id": "2"}, release="24.1", approve_as=None)
    assert "pending submission" in said
    assert "of editor" in said
    assert not Edition.objects.exists()


# What is quoted


def test_rows_that_refer_to_a_draft_actor_are_set_aside(ingest: Any, publish: Any) -> None:
    with by(person("third", "editor")):
        draft = Actor.objects.create(name="Secret draft", kind="armed_organisation")
        ActorExternalId.objects.create(actor=draft, scheme="ucdp_actor", value="234")
    said = ingest({"id": "1"}, {"id": "2", "side_b_new_id": "777", "side_b": "Others"})
    reason = "is referenced and not public: unpublished changes by third"
    assert f"  1 actor {draft.public_id}: {reason}\n" in said
    assert draft.edition is None
    assert [row.key for row in ImportedRow.objects.all()] == ["2"]
    publish(draft)
    assert "(1 created, 0 changed, 1 unchanged)" in ingest(
        {"id": "1"}, {"id": "2", "side_b_new_id": "777", "side_b": "Others"}
    )


def test_new_references_to_a_withdrawn_actor_are_set_aside(ingest: Any, reviewer: User) -> None:
    ingest({"id": "1"})
    workflow.withdraw(Incident.objects.get(), reviewer, "It did not happen.")
    workflow.withdraw(Actor.objects.get(name="IS"), reviewer, "There is none.")
    said = ingest({"id": "2"}, {"id": "3", "side_b_new_id": "777", "side_b": "Others"})
    assert "is referenced and not public: it was withdrawn" in said
    assert "published" in said


def test_an_actor_made_by_an_import_and_edited_since_stays_a_draft(
    ingest: Any, editor: User
) -> None:
    ingest({"id": "1"})
    with by(person("third", "editor")):
        Actor.objects.filter(name="IS").update(summary="Draft")
    said = ingest({"id": "1", "best": "9"}, {"id": "2"}, release="24.1")
    assert "published 3 records" in said, "the source and two events, which quote what is public"
    assert not Edition.objects.filter(document__contains="Draft").exists()


def test_a_publisher_that_a_person_drafts_sets_all_aside(ingest: Any) -> None:
    with by(person("third", "editor")):
        Publisher.objects.create(name="Uppsala Conflict Data Program")
    said = ingest({})
    assert "publisher" in said
    assert "is referenced and not public: unpublished changes by third" in said
    assert not Edition.objects.exists()


def test_a_confidential_source_is_never_submitted(ingest: Any) -> None:
    ingest({}, approve_as=None, submit_as="editor")
    workflow.recall(Submission.objects.get(), User.objects.get(username="editor"))
    with by(User.objects.get(username="editor")):
        Source.objects.update(confidential=True)
    ingest({})
    assert not Edition.objects.filter(type="source").exists()


def test_an_event_that_a_person_entered_under_its_id_is_set_aside(
    ingest: Any, editor: User
) -> None:
    with by(editor):
        incident = Incident.objects.create(title="Entered by hand")
        incident.external_ids.create(scheme="ucdp_event", value="1")
    said = ingest({"id": "1"}, {"id": "2"})
    assert f"  1 incident {incident.public_id}: has the id of the event" in said
    assert [row.key for row in ImportedRow.objects.all()] == ["2"]
    assert incident.edition is None


# Values as a whole


def corrected(key: str, row: Any, publish: Any, **values: Any) -> None:
    """Correct a row that is part of an event, and publish it."""
    with by(User.objects.get(username="editor")):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    publish(event(key))


@pytest.mark.parametrize(
    ("part", "first", "values", "newer"),
    [
        (CasualtyFigure, {"low": "3", "best": "3", "high": "3"},
         {"best": 4, "high": 5, "quantifier": "between"}, {"low": "6", "best": "6", "high": "6"}),
        (CasualtyFigure, {"low": "1", "best": "3", "high": "9"},
         {"best": 4}, {"low": "3", "best": "3", "high": "3"}),
        (CasualtyFigure, {}, {"as_of": "2014-02"}, {"best": "9"}),
        (IncidentLocation, {"where_prec": "1"}, {"public_precision": "admin1"},
         {"where_prec": "6"}),
        (IncidentLocation, {"where_prec": "1"}, {"description": "Elsewhere"},
         {"latitude": "35", "longitude": "44"}),
    ],
)  # fmt: skip
def test_a_value_is_the_editors_or_the_sources_as_a_whole(
    ingest: Any, publish: Any, part: Any, first: Any, values: Any, newer: Any
) -> None:
    ingest(first)
    row = part.objects.order_by("-pk").filter(
        **{"population": "total"} if part is CasualtyFigure else {}
    )[0]
    corrected("1", row, publish, **values)
    row.refresh_from_db()
    before = {field.attname: getattr(row, field.attname) for field in part._meta.concrete_fields}
    said = ingest(first | newer, release="24.1")
    row.refresh_from_db()
    assert before == {name: getattr(row, name) for name in before}
    assert "corrections of editors that stay: 1\n" in said
    assert ": here " in said
    assert "; the source says " in said


def test_a_date_with_its_time_of_day_is_one_value(ingest: Any, publish: Any) -> None:
    ingest({"date_start": "2014-01-24", "date_end": "2014-01-24"})
    corrected("1", event("1"), publish, local_time="10:30")
    said = ingest({"date_start": "2014-01-24", "date_end": "2014-01-26"}, release="24.1")
    assert event("1").date == "2014-01-24"
    assert (
        "1 record.date: here date “2014-01-24”; the source says date “[2014-01-24..2014-01-26]”"
        in said
    )


def test_a_rule_that_an_editors_rows_and_the_sources_break_sets_the_row_aside(
    ingest: Any, publish: Any
) -> None:
    ingest({"deaths_civilians": "0"}, {"id": "2"})
    with by(User.objects.get(username="editor")):
        figure = event("1").casualties.get(population="total")
        figure.delete()
        event("1").locations.create(precision="country", public_precision="country")
    publish(event("1"))
    row = ImportedRow.objects.get(key="1")
    row.made = {label: made for label, made in row.made.items() if label != "location"}
    row.save()  # as if the source stated a location now, and an editor had added a primary one
    said = ingest({"best": "9"}, {"id": "2", "best": "9"}, release="24.1")
    assert "does not fit what editors wrote: incidentlocation_one_primary" in said
    assert "(0 created, 1 changed, 0 unchanged)" in said


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_who_saves_at_the_same_moment_is_waited_for_and_set_aside(ingest: Any) -> None:
    ingest({"id": "1"})
    said: list[str] = []

    def bring() -> None:
        try:
            said.append(ingest({"id": "1", "best": "9"}, release="24.1"))
        finally:
            connection.close()

    other = threading.Thread(target=bring)
    with transaction.atomic(), by(person("third", "editor")):
        incident = Incident.objects.select_for_update().get(external_ids__value="1")
        other.start()
        other.join(1.5)
        assert other.is_alive(), "it waits"
        incident.title = "Saved meanwhile"
        incident.save()
    other.join(30)
    assert "unpublished changes by third" in said[0]
    assert event("1").title == "Saved meanwhile"
    assert "Saved meanwhile" not in public_title("1")


# Both releases


@pytest.mark.long
@needs_data
def test_both_releases_with_corrections_and_drafts_between(
    api: ContractClient, editor: User, reviewer: User, publish: Any
) -> None:
    """The two ordinary corrections, the draft and the pending submission of one desk."""
    run(CANDIDATE, release="21.01.21.12")
    third = person("third", "editor")
    deaths = event("404252").casualties.get(population="total")
    corrected("404252", deaths, publish, best=4, quantifier="between")
    where = event("404605").locations.get()
    corrected("404605", where, publish, public_precision="country")
    with by(third):
        draft = event("394738")
        draft.title = "A draft that nobody has submitted"
        draft.save()
        pending = event("391117")
        pending.title = "Pending"
        pending.save()
    submission = workflow.submit(pending, third)
    said = run(FINAL)
    assert "published" in said
    assert f"394738 incident {draft.slug}: unpublished changes by third" in said
    assert f"391117 incident {pending.slug}: pending submission {submission.pk} of third" in said
    assert not Edition.objects.filter(document__contains="that nobody has submitted").exists()
    deaths.refresh_from_db()
    assert (deaths.best, deaths.quantifier) == (4, "between")
    where.refresh_from_db()
    assert where.public_precision == "country"
    with pytest.raises(CommandError) as refused:
        run(CANDIDATE, release="21.01.21.12")
    assert "release 21.01.21.12" in str(refused.value)
    assert "release 24, which is newer" in str(refused.value)
