"""The rows by which a published document is found, computed from its Edition alone."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from publishing import completion, documents
from publishing.models.edition import Edition, Quotation
from publishing.models.entry import EntryRow
from publishing.registry import Registration, record_types

_MANY = 200


def tables(registration: Registration) -> list[type[EntryRow]]:
    """Return the classes of the rows that documents of a type are found by."""
    entry = registration.entry
    return [entry, *entry.sides, Quotation]


def rows_of(edition: Edition, document: dict[str, Any] | None = None) -> Iterator[EntryRow]:
    """Yield the entry of a public Edition, its side rows and its quotations.

    `document` is its document as it reads today, where that has been parsed already.
    """
    text = str(edition.document).encode()
    registration = record_types()[edition.type]
    yield from registration.entry.from_document(document or completion.read_document(edition))
    for target in sorted(documents.refs_in(text) - {str(edition.record)}):
        yield Quotation(seq=edition.seq, record=edition.record, target=target)


@cache
def copied(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that COPY writes."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.BigAutoField)
    ]


def copy_into(model: type[models.Model]) -> str:
    """Return the statement by which COPY writes rows."""
    columns = ", ".join(f'"{field.column}"' for field in copied(model))
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN"


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows; many of them by COPY, which costs a fraction of INSERT."""
    if len(rows) < _MANY:
        model._default_manager.bulk_create(rows)
        return
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(copy_into(model)) as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in copied(model)
                ]
            )
