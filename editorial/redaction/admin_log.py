"""Cleaning the log of the admin, the contexts of the audit, and pending messages."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pghistory.models
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models

from editorial import audit
from editorial.models.record import referencing_fields
from editorial.redaction.removal import Removal, clean_texts
from editorial.redaction.working_rows import row_tree
from publishing.documents import REDACTED


def empty_log(model: Any, keys: set[int]) -> None:
    """Empty the log entries of some rows, except for who acted and when."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    )
    entries.update(object_repr=REDACTED, change_message="")


def find_names(record: Any) -> set[str]:
    """Return all current and past names of a record: the texts that its slug is made from."""
    model: type[models.Model] = type(record)
    known = {f.name for f in model._meta.concrete_fields if isinstance(f, models.CharField)}
    rows = [record, *audit.event_model(model)._default_manager.filter(pgh_obj_id=record.pk)]
    return {str(getattr(row, name)) for row in rows for name in known & set(record.slug_from)}


def clean_log(removal: Removal, record: Any, *, everywhere: bool) -> None:
    """Clean the log entries of all rows, or of the rows whose labels may repeat a name.

    The latter are the records that reference or ever referenced `record`, with their parts.
    """
    entries = LogEntry.objects.all()
    if not everywhere:
        named = models.Q(pk=None)
        for model, keys in _iterate_referencing(record):
            type_ = ContentType.objects.get_for_model(model)
            named |= models.Q(content_type=type_, object_id__in=[str(key) for key in keys])
        entries = entries.filter(named)
    for entry in entries.iterator():
        label = removal.clean_text(entry.object_repr)[:200]
        message = _message(entry.change_message, removal)
        if (label, message) != (entry.object_repr, entry.change_message):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr=label, change_message=message)


def _message(text: str, removal: Removal) -> str:
    """Return a cleaned message of the log, which is JSON or plain text."""
    try:
        before = json.loads(text)
    except ValueError:
        return removal.clean_text(text)
    after = clean_texts(before, removal.clean_text)
    return text if after == before else json.dumps(after)


def _iterate_referencing(record: Any) -> Iterator[tuple[Any, set[int]]]:
    """Yield the rows that reference or ever referenced a record, with their parents."""
    model: Any
    for model, column in referencing_fields(type(record)):
        past = audit.event_model(model)._default_manager.filter(**{column.attname: record.pk})
        present = model._default_manager.filter(**{column.attname: record.pk})
        keys = {*past.values_list("pgh_obj_id", flat=True), *present.values_list("pk", flat=True)}
        while not hasattr(model, "type_name"):
            yield from row_tree(model, keys)
            (parent,) = [
                f
                for f in model._meta.concrete_fields
                if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is models.CASCADE
            ]
            rows = audit.event_model(model)._default_manager.filter(pgh_obj_id__in=keys)
            above = set(rows.values_list(parent.attname, flat=True))
            now = model._default_manager.filter(pk__in=keys)
            above |= set(now.values_list(parent.attname, flat=True))
            model, keys = parent.related_model, above
        yield from row_tree(model, keys)


def find_referencing_records(record: Any) -> set[UUID]:
    """Return the public ids of the records that reference or ever referenced a record."""
    return {
        public_id
        for model, keys in _iterate_referencing(record)
        if hasattr(model, "type_name")
        for public_id in model._default_manager.filter(pk__in=keys).values_list(
            "public_id", flat=True
        )
    }


def clean_sessions(removal: Removal) -> None:
    """Delete the pending messages of the admin that contain what is removed."""
    for session in Session.objects.iterator():
        data = session.get_decoded()
        message = str(data.get("_messages", ""))
        if _message(message, removal) != message:
            del data["_messages"]
            encoded = SessionStore().encode(data)
            Session.objects.filter(pk=session.pk).update(session_data=encoded)


def clean_contexts(removal: Removal) -> None:
    """Clean the contexts of the audit."""
    for context in pghistory.models.Context.objects.all().iterator():
        cleaned = clean_texts(context.metadata, removal.clean_text)
        if cleaned != context.metadata:
            type(context).objects.filter(pk=context.pk).update(metadata=cleaned)
