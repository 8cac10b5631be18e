"""Pages: the next rows of a list after a key, with their texts, in one statement."""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from api.ordering import Sort
from publishing import completion
from publishing.models import Edition


class Page(NamedTuple):
    """Texts, and the sort key of the last one if there are more."""

    texts: list[bytes]
    last: list[Any] | None


def behind(rows: QuerySet, sort: Sort, after: list[Any]) -> QuerySet:
    """Return the rows behind a key. Row values keep the comparison on the index."""
    beyond = TupleLessThan if sort.descending else TupleGreaterThan
    return rows.filter(beyond(Tuple(*sort.columns), tuple(after)))


def page(entries: QuerySet, sort: Sort, after: list[Any] | None, limit: int, detail: bool) -> Page:
    """Return the first `limit` texts of `entries` behind the key `after`.

    The entries are found and cut off first, on covering indexes, and joined to their texts last:
    the cost is that of the page, at any depth.
    """
    if after is not None:
        entries = behind(entries, sort, after)
    found = sort.sorted(entries).values_list("seq", *sort.columns)[: limit + 1]
    try:
        sql, parameters = found.query.sql_with_params()
    except EmptyResultSet:
        return Page([], None)
    keys = ", ".join(f"page.{column}" for column in sort.columns)
    text = "document" if detail else "summary"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT edition.{text}, edition.type, edition.shape, {keys} FROM ({sql}) AS page "  # noqa: S608
            f"JOIN {Edition._meta.db_table} AS edition USING (seq) ORDER BY {sort.sql('page')}",
            parameters,
        )
        rows = cursor.fetchall()
    texts = [completion.today(*row[:3], summary=not detail) for row in rows[:limit]]
    return Page(texts, list(rows[limit - 1][3:]) if len(rows) > limit else None)
