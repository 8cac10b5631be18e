"""Reading and writing many rows: iteration in chunks, and insertion by COPY."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import Model, QuerySet

from publishing.fields import CleanTextField

Row = TypeVar("Row", bound=Model)

_COPY_FROM = 200
"""The number of rows from which COPY is faster than INSERT."""

_PLAIN = frozenset((type(None), bool, int, float, str, UUID, date, datetime))
"""The types whose values are written as they are; the conversion of each would take longer."""

_report: ContextVar[Callable[[int], Any]] = ContextVar("report", default=lambda number: None)


def iterate_in_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[Row]:
    """Yield rows in the order of their primary keys, fetching `size` of them at a time.

    `QuerySet.iterator()` is no alternative: if the caller raises while it holds an open server-side
    cursor, the transaction is aborted.
    """
    for chunk in read_chunks(rows, size):
        yield from chunk


def read_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[list[Row]]:
    """Yield lists of `size` rows in the order of their primary keys, as `iterate_in_chunks`."""
    rows = rows.order_by("pk")
    chunk = list(rows[:size])
    while chunk:
        yield chunk
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


@contextmanager
def collect_garbage_rarely() -> Iterator[None]:
    """Let Python look for cycles of garbage a hundred times more rarely than by default.

    With many rows in memory and hardly any cycles, it would spend a third of the time on that.
    """
    first, *others = gc.get_threshold()
    gc.set_threshold(100 * first, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


def analyze(tables: Iterable[type[models.Model]]) -> None:
    """Let the planner count the rows that a transaction has written to some tables.

    Nobody else sees these rows before the commit, autovacuum neither. Of a table that was empty or
    small before, the planner would read all rows for each chunk.
    """
    names = sorted({connection.ops.quote_name(table._meta.db_table) for table in tables})
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(names)}")


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
    fields = copied_columns(model)
    converted = (models.JSONField, CleanTextField)
    plain = [() if isinstance(field, converted) else _PLAIN for field in fields]
    columns = list(zip(fields, plain, strict=True))
    read = itemgetter(*(field.attname for field in fields))
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(copy_statement(model)) as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    value if type(value) in plain else field.get_db_prep_save(value, connection)
                    for value, (field, plain) in zip(read(vars(row)), columns, strict=True)
                ]
            )
