"""Who edited a text since it was last published cannot approve it, however the edit was made."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection

from actors.models import Actor, ActorExternalId, Affiliation
from editorial import audit, merging, workflow
from editorial.models import User
from editorial.redaction.redact import redact
from sources.models import Source
from tests.cast import UNCITED, person

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_edited_a_part_of_a_part_cannot_approve(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    helping = person("helping", "editor", "reviewer")
    source = Source.objects.create(title="A report")
    with pghistory.context(user=helping.pk):
        name = kataib.names.create(text="كتائب حزب الله", language="ar")
        name.citations.create(source=source, quote="a quote")
    workflow.recall(workflow.submit(source, editor), editor)
    submission = workflow.submit(type(source).objects.filter(pk=source.pk), editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    submission = workflow.submit(kataib, editor)
    assert set(submission.editors.all()) == {helping}
    with pytest.raises(PermissionDenied, match="You edited"):
        workflow.approve(submission, helping, UNCITED)
    workflow.approve(submission, reviewer, UNCITED)


def test_a_deleted_part_still_names_who_deleted_it(kataib: Actor, editor: User) -> None:
    name = kataib.names.create(text="A name")
    with pghistory.context(user=editor.pk):
        name.delete()
    assert workflow.find_editors(Actor, [kataib]) == {editor.pk}


def test_bulk_changes_and_sql_are_seen_too(kataib: Actor, editor: User, reviewer: User) -> None:
    with pghistory.context(user=editor.pk):
        Actor.objects.update(summary="In bulk")
    with pghistory.context(user=reviewer.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE actors_actor SET description = 'By SQL'")
    assert workflow.find_editors(Actor, [kataib]) == {editor.pk, reviewer.pk}


def test_rows_that_are_inserted_together_are_audited_with_one_statement(
    kataib: Actor, editor: User
) -> None:
    values = ["Q1", "Q2"]
    with pghistory.context(user=editor.pk):
        ActorExternalId.objects.bulk_create(
            [ActorExternalId(actor=kataib, scheme="wikidata", value=value) for value in values]
        )
    rows = audit.event_model(ActorExternalId)._default_manager.filter(value__in=values)
    columns = ("value", "pgh_label", "pgh_context__metadata__user")
    stated = rows.order_by("pgh_id").values_list(*columns)
    assert list(stated) == [(value, "insert", editor.pk) for value in values]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pg_get_triggerdef(oid) LIKE '%FOR EACH STATEMENT%' FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger\\_insert\\_insert\\_%'"
        )
        assert cursor.fetchall() == [(True,)]


def test_edits_before_the_last_publication_are_forgiven(
    kataib: Actor, editor: User, reviewer: User, publish: Any
) -> None:
    both = person("both", "editor", "reviewer")
    with pghistory.context(user=both.pk):
        Actor.objects.update(summary="First")
    publish(kataib)
    with pghistory.context(user=editor.pk):
        Actor.objects.update(summary="Second")
    kataib.refresh_from_db()
    submission = workflow.submit(kataib, editor)
    assert set(submission.editors.all()) == {editor}
    workflow.approve(submission, both, UNCITED)


def test_edits_between_freezing_and_publication_count_for_the_next_text(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    both = person("both", "editor", "reviewer")
    submission = workflow.submit(kataib, editor)
    workflow.approve(submission, reviewer, UNCITED)
    with pghistory.context(user=both.pk):
        Actor.objects.update(summary="Meanwhile")
    workflow.publish(submission, reviewer)
    assert workflow.find_editors(Actor, [kataib]) == {both.pk}


ACTS: dict[str, Callable[[Actor, Actor, User], Any]] = {
    "withdraw": lambda actor, _, by: workflow.withdraw(actor, by, "Not one group."),
    "merge": lambda actor, other, by: merging.merge(other, actor, by, "One group."),
    "unmerge": lambda actor, other, by: (
        merging.merge(other, actor, by, "One group."),
        merging.unmerge(other, by, "Two groups."),
    ),
    "redact a text": lambda actor, _, by: redact(actor, by, "Private.", values=["secret"]),
    "redact a field": lambda actor, _, by: redact(actor, by, "Private.", fields=["description"]),
}


@pytest.mark.parametrize("act", ACTS)
def test_two_people_suffice_whatever_the_reviewer_did_to_the_record(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, publish: Any, act: str
) -> None:
    kataib.description = "A secret."
    kataib.names.create(text="secret brand")
    kataib.save()
    pmf.kind = kataib.kind
    pmf.save()
    affiliation = Affiliation.objects.create(
        subject=Actor.objects.create(name="A wing", kind="unit"), kind="member_of", object=pmf
    )
    publish(kataib, pmf, affiliation.subject, affiliation)
    ACTS[act](kataib, pmf, reviewer)
    kataib.refresh_from_db()
    with pghistory.context(user=editor.pk):
        kataib.summary = "Corrected."
        kataib.save()
    assert workflow.find_editors(Actor, [kataib]) == {editor.pk}
    assert workflow.find_editors(Affiliation, [affiliation]) == set()
    submission = workflow.submit(kataib, editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)
    assert "Corrected." in kataib.edition.document


@pytest.mark.parametrize("act", ACTS)
def test_a_reviewer_who_edits_as_well_is_an_editor(
    kataib: Actor, pmf: Actor, editor: User, reviewer: User, publish: Any, act: str
) -> None:
    kataib.description, pmf.kind = "A secret.", kataib.kind
    kataib.save()
    pmf.save()
    publish(kataib, pmf)
    with pghistory.context(user=reviewer.pk):
        kataib.summary = "Mine."
        kataib.save()
        ACTS[act](kataib, pmf, reviewer)
        kataib.names.create(text="Mine too")
    assert workflow.find_editors(Actor, [kataib]) == {reviewer.pk}
    submission = workflow.submit(kataib, editor)
    with pytest.raises(PermissionDenied, match="You edited"):
        workflow.approve(submission, reviewer, UNCITED)


def test_an_edit_after_the_act_in_the_same_request_counts(
    kataib: Actor, reviewer: User, publish: Any
) -> None:
    kataib.description = "A secret."
    kataib.save()
    publish(kataib)
    with pghistory.context(user=reviewer.pk):
        redact(kataib, reviewer, "Private.", values=["secret"])
        assert workflow.find_editors(Actor, [kataib]) == set()
        kataib.names.create(text="A name")
    assert workflow.find_editors(Actor, [kataib]) == {reviewer.pk}


def test_a_slug_that_is_made_at_submission_is_no_edit_of_who_submitted(
    pmf: Actor, editor: User, reviewer: User
) -> None:
    actor = Actor.objects.create(name="A wing", kind="unit")
    with pghistory.context(user=reviewer.pk):
        workflow.recall(workflow.submit(actor, reviewer), reviewer)
    actor.refresh_from_db()
    assert actor.slug == "a-wing"
    workflow.approve(workflow.submit(actor, editor), reviewer, UNCITED)


def test_audit_rows_cannot_be_changed(kataib: Actor) -> None:
    events = kataib.events.model.objects
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        events.update(name="Another")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        events.all().delete()
