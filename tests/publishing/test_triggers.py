"""The changes of public rows that the database refuses, in whatever way they are made."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from actors.entries import ActorEntry
from actors.models import Actor, Affiliation
from publishing import triggers
from publishing.models import FOREVER, Edition, EntryRow, Reference

pytestmark = pytest.mark.django_db

ENTRIES = [model for model in apps.get_models() if issubclass(model, EntryRow)]


def execute(sql: str) -> None:
    """Run a statement as it would run in psql."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("column", ["document", "note", "seq", "published_at", "hash"])
def test_an_edition_never_changes(kataib: Actor, publish: Any, column: str) -> None:
    publish(kataib)
    with pytest.raises(IntegrityError, match="An Edition never changes"):
        execute(f"UPDATE publishing_edition SET {column} = {column}")


def test_an_edition_is_never_deleted_not_even_in_a_redaction(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    for operation in ("redact", "rebuild"):
        with pytest.raises(IntegrityError, match="never deleted"), triggers.allow(operation):
            Edition.objects.all().delete()
    with pytest.raises(IntegrityError, match="never deleted"):
        execute("SET LOCAL muster.operation = ''; TRUNCATE publishing_edition")
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("model", ENTRIES)
def test_every_index_row_has_triggers(model: Any) -> None:
    assert {"entry_no_update", "entry_no_delete"} <= {
        trigger.name for trigger in model._meta.triggers
    }


def test_an_entry_is_only_closed(kataib: Actor, pmf: Actor, publish: Any) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    publish(kataib, pmf, affiliation)
    for change in (
        {"name_key": "another"},
        {"until_seq": F("seq")},
        {"until_seq": 1000, "kind": "unit"},
    ):
        with pytest.raises(IntegrityError, match="it is only closed"), transaction.atomic():
            ActorEntry.objects.update(**change)
    with pytest.raises(IntegrityError, match="it is only closed"), transaction.atomic():
        Reference.objects.update(target=kataib.public_id)
    ActorEntry.objects.update(until_seq=1000)
    with pytest.raises(IntegrityError, match="it is only closed"), transaction.atomic():
        ActorEntry.objects.update(until_seq=FOREVER)
    for model in (ActorEntry, Reference):
        with (
            pytest.raises(IntegrityError, match="Only a redaction or rebuild_entries"),
            transaction.atomic(),
        ):
            model.objects.all().delete()


def test_a_permission_ends_with_its_block_and_with_a_rollback(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    with triggers.allow("rebuild"):
        ActorEntry.objects.update(name_key="another")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorEntry.objects.update(name_key="a third")
    with pytest.raises(ZeroDivisionError), triggers.allow("redact"):
        raise ZeroDivisionError
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.update(note="another")


def test_a_rebuild_cannot_change_an_edition(kataib: Actor, publish: Any) -> None:
    publish(kataib)
    with pytest.raises(IntegrityError, match="never changes"), triggers.allow("rebuild"):
        Edition.objects.update(note="another")
