"""Going through many rows in constant memory."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def in_chunks(rows: QuerySet[Row], size: int = 500) -> Iterator[Row]:
    """Yield `rows` in the order of their keys, fetching `size` of them at a time.

    Not `iterator()`: a cursor left open on the server by a refusal spoils the transaction.
    """
    rows = rows.order_by("pk")
    chunk = list(rows[:size])
    while chunk:
        yield from chunk
        chunk = list(rows.filter(pk__gt=chunk[-1].pk)[:size])
