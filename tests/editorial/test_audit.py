"""Who edited a text since it was last published cannot approve it, however the edit was made."""

from typing import Any

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection

from actors.models import Actor
from editorial import audit
from editorial.models import User
from sources.models import Source
from tests.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_edited_a_part_of_a_part_cannot_approve(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    helping = person("helping", "editor", "reviewer")
    source = Source.objects.create(title="A report")
    with pghistory.context(user=helping.pk):
        name = kataib.names.create(text="كتائب حزب الله", language="ar")
        name.citations.create(source=source, quote="a quote")
    source.submit(editor).recall(editor)
    submission = type(source).objects.filter(pk=source.pk).submit(editor)
    submission.approve(reviewer)
    submission.publish(reviewer)
    submission = kataib.submit(editor)
    assert set(submission.editors.all()) == {helping}
    with pytest.raises(PermissionDenied, match="edited or submitted"):
        submission.approve(helping)
    submission.approve(reviewer)


def test_a_deleted_part_still_names_who_deleted_it(kataib: Actor, editor: User) -> None:
    name = kataib.names.create(text="A name")
    with pghistory.context(user=editor.pk):
        name.delete()
    assert audit.editors(Actor, [kataib]) == {editor.pk}


def test_bulk_changes_and_sql_are_seen_too(kataib: Actor, editor: User, reviewer: User) -> None:
    with pghistory.context(user=editor.pk):
        Actor.objects.update(summary="In bulk")
    with pghistory.context(user=reviewer.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE actors_actor SET description = 'By SQL'")
    assert audit.editors(Actor, [kataib]) == {editor.pk, reviewer.pk}


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
    submission = kataib.submit(editor)
    assert set(submission.editors.all()) == {editor}
    submission.approve(both)


def test_edits_between_freezing_and_publication_count_for_the_next_text(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    both = person("both", "editor", "reviewer")
    submission = kataib.submit(editor)
    submission.approve(reviewer)
    with pghistory.context(user=both.pk):
        Actor.objects.update(summary="Meanwhile")
    submission.publish(reviewer)
    assert audit.editors(Actor, [kataib]) == {both.pk}


def test_audit_rows_cannot_be_changed(kataib: Actor) -> None:
    events = kataib.events.model.objects
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        events.update(name="Another")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        events.all().delete()
