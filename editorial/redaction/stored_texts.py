"""Cleaning private rows that repeat texts of records, such as forms that are not saved yet."""

from collections.abc import Callable, Set
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Q

from editorial.models.stored_texts import StoredTexts
from editorial.models.submission import Act, Submission
from publishing.bulk import iterate_in_chunks


def lock() -> None:
    """Wait for the writers of stored texts, and let new ones wait for the end of the redaction."""
    with connection.cursor() as cursor:
        for model in _models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def delete_of(record: UUID) -> None:
    """Delete all stored texts about a record: nobody can tell which of them are removed."""
    for model in _models():
        model._default_manager.filter(record=record).delete()


def clean(clean_text: Callable[[str], str], records: Set[UUID] | None = None) -> None:
    """Clean the stored texts about some records, or all of them."""
    which = Q() if records is None else Q(record__in=records)
    for model in _models():
        for row in iterate_in_chunks(model._default_manager.filter(which)):
            row.redact(clean_text)


def newest_redaction() -> int:
    """Return the key of the newest redaction of any record: it may change other records as well."""
    redactions = Submission.objects.filter(act=Act.REDACT).order_by("-pk")
    return redactions.values_list("pk", flat=True).first() or 0


def _models() -> list[type[StoredTexts]]:
    return [model for model in apps.get_models() if issubclass(model, StoredTexts)]
