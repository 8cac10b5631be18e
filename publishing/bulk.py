"""Going through many rows in constant memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

_watcher: ContextVar[Callable[[int], Any]] = ContextVar("watcher", default=lambda number: None)


def in_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[Row]:
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
def watched(step: Callable[[int], Any]) -> Iterator[None]:
    """Call `step` with the number of rows of each chunk that is done, for a progress bar."""
    token = _watcher.set(step)
    try:
        yield
    finally:
        _watcher.reset(token)
