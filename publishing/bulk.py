"""Going through many rows in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

_watcher: ContextVar[Callable[[int], Any]] = ContextVar("watcher", default=lambda number: None)


def iterate_in_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[Row]:
    """Yield `rows` in the order of their keys, fetching `size` of them at a time.

    Not `iterator()`: a cursor left open on the server by a refusal spoils the transaction.
    """
    rows = rows.order_by("pk")
    chunk = list(rows[:size])
    while chunk:
        yield from chunk
        _watcher.get()(len(chunk))
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:size])


@contextmanager
def report_chunks(step: Callable[[int], Any]) -> Iterator[None]:
    """Call `step` with the number of rows of each chunk that is done, for a progress bar."""
    token = _watcher.set(step)
    try:
        yield
    finally:
        _watcher.reset(token)


@cache
def copied_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns that COPY writes."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.BigAutoField)
    ]


def copy_statement(model: type[models.Model]) -> str:
    """Return the statement by which COPY writes rows."""
    columns = ", ".join(f'"{field.column}"' for field in copied_columns(model))
    return f"COPY {model._meta.db_table} ({columns}) FROM STDIN"


def insert_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows; many of them by COPY, which costs a fraction of INSERT."""
    if len(rows) < _MANY:
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
