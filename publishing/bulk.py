"""Reading and writing many rows: iteration in chunks, and insertion by COPY."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

_COPY_FROM = 200
"""The number of rows from which COPY is faster than INSERT."""

_report: ContextVar[Callable[[int], Any]] = ContextVar("report", default=lambda number: None)


def iterate_in_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[Row]:
    """Yield rows in the order of their primary keys, fetching `size` of them at a time.

    `QuerySet.iterator()` is no alternative: if the caller raises while it holds an open server-side
    cursor, the transaction is aborted.
    """
    rows = rows.order_by("pk")
    chunk = list(rows[:size])
    while chunk:
        yield from chunk
        _report.get()(len(chunk))
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:size]) if len(chunk) == size else []


@contextmanager
def report_chunks(step: Callable[[int], Any]) -> Iterator[None]:
    """Call `step` with the number of rows of each chunk that was processed, for a progress bar."""
    token = _report.set(step)
    try:
        yield
    finally:
        _report.reset(token)


@cache
def copied_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that COPY writes: all but automatic keys and generated columns."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.BigAutoField) and not field.generated
    ]


def copy_statement(model: type[models.Model]) -> str:
    """Return the COPY statement that inserts rows of a model."""
    columns = ", ".join(f'"{field.column}"' for field in copied_columns(model))
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN"


def insert_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows, with COPY if they are many."""
    if len(rows) < _COPY_FROM:
        model._default_manager.bulk_create(rows)
        return
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(copy_statement(model)) as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in copied_columns(model)
                ]
            )
