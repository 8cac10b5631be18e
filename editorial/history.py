"""The history of records: their states in the past, from the rows that audit triggers write.

A state of a record is a time: the rows of the record and of all of its parts as they were then.
All rows that one transaction changes have the same time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction

from editorial import audit
from editorial.models.record import Record, SluggedRecord
from editorial.redaction import validation
from publishing.models.edition import Edition

Key = tuple[type[models.Model], int]
Rows = dict[Key, models.Model]
"""Rows by model and key, each record before its parts. The rows of the past are not saved."""


class Event(NamedTuple):
    """A row as it was after a change, or before it was deleted."""

    at: datetime
    number: int
    label: str
    context: Any
    row: models.Model


@dataclass
class Change:
    """All that one transaction changed in a record and its parts."""

    at: datetime
    user: int | None = None
    """The key of the user; None if a command changed it."""
    act: str = ""
    """submit, merge or redact, if it was such an act and no edit."""
    before: Rows = field(default_factory=dict)
    after: Rows = field(default_factory=dict)


class History:
    """The states of one record. It reads the audit once, with one query for each model."""

    def __init__(self, model: type[Record], key: int) -> None:
        self.model, self.key = model, key
        self.models: list[type[models.Model]] = []
        self.events: dict[Key, list[Event]] = {}
        self._read(model, {key}, "pgh_obj_id")

    def _read(self, model: type[models.Model], keys: set[int], column: str) -> None:
        """Read the events of rows, and of the rows that are or were part of them."""
        if model not in self.models:
            self.models.append(model)
        names = [f.attname for f in model._meta.concrete_fields]
        events = audit.event_model(model)._default_manager.filter(**{f"{column}__in": keys})
        found: set[int] = set()
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            row = model(**{name: getattr(event, name) for name in names})
            row._state.adding = False
            stated: Any = event
            context = stated.pgh_context.metadata if stated.pgh_context else {}
            self.events.setdefault((model, stated.pgh_obj_id), []).append(
                Event(stated.pgh_created_at, stated.pgh_id, stated.pgh_label, context, row)
            )
            found.add(stated.pgh_obj_id)
        for part, parent in audit.part_models(model):
            if found:
                self._read(part, found, parent)

    def newest(self, key: Key) -> models.Model | None:
        """Return the newest version of a row, even if it is deleted."""
        events = self.events.get(key)
        return events[-1].row if events else None

    @property
    def times(self) -> list[datetime]:
        """The times at which anything changed, the newest first."""
        return sorted({e.at for events in self.events.values() for e in events}, reverse=True)

    def state(self, at: datetime, *, before: bool = False) -> Rows:
        """Return all rows as they were at a time, or right before what changed at that time."""
        rows: Rows = {}
        for key, events in self.events.items():
            last = None
            for event in events:
                if event.at < at or (event.at == at and not before):
                    last = event
            if last is not None and last.label != "delete":
                rows[key] = last.row
        return dict(sorted(rows.items(), key=lambda item: (self._place(item[0]), item[0][1])))

    def _place(self, key: Key) -> int:
        return self.models.index(key[0])

    def list_changes(self, first: int, last: int) -> list[Change]:
        """Return some changes, the newest first, each with the rows that it changed."""
        changes = {at: Change(at) for at in self.times[first:last]}
        for key, events in self.events.items():
            previous: Event | None = None
            for event in events:
                if (change := changes.get(event.at)) is not None:
                    self._add(change, key, previous, event)
                previous = event
        return list(changes.values())

    def _add(self, change: Change, key: Key, previous: Event | None, event: Event) -> None:
        user, act = event.context.get("user"), event.context.get("act")
        change.user = int(user) if user is not None else change.user
        change.act = act or change.act
        if previous is not None and previous.label != "delete" and key not in change.after:
            change.before.setdefault(key, previous.row)
        change.after.pop(key, None)
        if event.label != "delete":
            change.after[key] = event.row
        elif previous is None:
            change.before.setdefault(key, event.row)


def read_current(record: Record) -> Rows:
    """Return the rows of a record and of its parts as they are now, each model with one query."""
    rows: Rows = {(type(record), record.pk): record}
    _read_parts(type(record), [record.pk], rows)
    return rows


def _read_parts(model: type[models.Model], keys: list[int], rows: Rows) -> None:
    for part, parent in audit.part_models(model) if keys else ():
        below = part._default_manager.filter(**{f"{parent}__in": keys}).order_by("pk")
        found = {row.pk: row for row in below}
        rows |= {(part, key): row for key, row in found.items()}
        _read_parts(part, list(found), rows)


def changed_columns(before: models.Model, after: models.Model) -> list[models.Field]:
    """Return the columns that an editor can change and in which two versions of a row differ."""
    return [
        column
        for column in editable_columns(type(before))
        if getattr(before, column.attname) != getattr(after, column.attname)
    ]


def editable_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that an editor can change: not the keys, nor what is derived from others.

    The reference of a part to its record is left out.
    """
    parents = {parent.attname for parent in parent_columns(model)}
    return [
        column
        for column in model._meta.concrete_fields
        if column.editable and not column.primary_key and column.attname not in parents
    ]


def parent_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the column that refers to the row that a row is part of, if it is a part."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.remote_field.on_delete is models.CASCADE
    ]


@transaction.atomic
def revert(record: Record, at: datetime) -> int:
    """Give the working rows of a record and of its parts the values of a state; publish nothing.

    Rows that were deleted since come back with their keys, and rows that were added since are
    deleted. The slug stays once the record was public. Returns how many rows changed. Raises
    ValidationError if the old values are not valid any more, for example because they refer to a
    record that was deleted, or because a redaction guards them.
    """
    model = type(record)
    locked = model._default_manager.select_for_update().get(pk=record.pk)
    past = History(model, record.pk).state(at)
    if (model, record.pk) not in past:
        raise ValidationError("The record did not exist at that time.", code="state")
    return _write(locked, past)


@transaction.atomic
def restore(model: type[Record], key: int) -> Record:
    """Bring back a deleted draft with its parts, as it was before it was deleted.

    Raises ValidationError if it exists, if nothing is known of it, or if its values are not valid
    any more.
    """
    history = History(model, key)
    events = history.events.get((model, key), [])
    if not events or events[-1].label != "delete":
        raise ValidationError("It is not in the bin any more.", code="state")
    past = history.state(events[-1].at, before=True) or {(model, key): events[-1].row}
    record: Any = past[model, key]
    if isinstance(record, SluggedRecord) and record.slug:
        taken = model._default_manager.filter(slug=record.slug).exists()  # type: ignore[misc]
        record.slug = None if taken else record.slug
    _write(None, past)
    return model._default_manager.get(pk=key)


def _write(record: Record | None, past: Rows) -> int:
    """Write the rows of a state: deletions first, so that unique values are free again."""
    current = read_current(record) if record is not None else {}
    count = 0
    for model, pk in current.keys() - past.keys():
        count += model._default_manager.filter(pk=pk).delete()[0] > 0
    for key, row in past.items():
        stored = current.get(key)
        if stored is None:
            row._state.adding = True
            _validate(row)
            row.save(force_insert=True)
            count += 1
        elif columns := _columns_to_write(stored, row):
            for column in columns:
                setattr(stored, column.attname, getattr(row, column.attname))
            _validate(stored)
            stored.save()
            count += 1
    first = next(iter(past.values()))
    assert isinstance(first, Record)
    validation.check_records([type(first)._default_manager.get(pk=first.pk)])
    return count


def _columns_to_write(stored: models.Model, row: models.Model) -> list[models.Field]:
    """Return the columns that a revert changes in a stored row."""
    columns = changed_columns(stored, row)
    if isinstance(stored, SluggedRecord):
        public = Edition.objects.filter(record=stored.public_id).exists()
        columns = [column for column in columns if column.name != "slug" or not public]
    return columns


def _validate(row: models.Model) -> None:
    """Raise ValidationError, with the name of the row, if it is not valid any more."""
    name = row._meta.verbose_name
    try:
        row.full_clean()
    except ObjectDoesNotExist as error:
        raise ValidationError(
            f"{name}: it refers to a record that was deleted. Restore that first.", code="state"
        ) from error
    except ValidationError as error:
        raise ValidationError([f"{name}: {message}" for message in error.messages]) from error


def list_deleted(model: type[Record], limit: int) -> Iterator[Event]:
    """Yield the newest deletions of records that do not exist now, the newest first."""
    events = audit.event_model(model)._default_manager.filter(pgh_label="delete")
    events = events.exclude(pgh_obj_id__in=model._default_manager.values("pk"))
    names = [f.attname for f in model._meta.concrete_fields]
    for event in events.select_related("pgh_context").order_by("-pgh_id")[:limit]:
        stated: Any = event
        row = model(**{name: getattr(event, name) for name in names})
        context = stated.pgh_context.metadata if stated.pgh_context else {}
        yield Event(stated.pgh_created_at, stated.pgh_id, "delete", context, row)
