"""The shortest way to a page of incidents by actor: from each actor's own newest, or oldest.

A list by date of all whom a scope means would walk past a million incidents of others, or gather
and sort all of theirs. The first of each, read off its index and merged, hold the page.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import BooleanField, DateField, Q, QuerySet, TextField, UUIDField
from django.db.models.expressions import RawSQL

from actors.filters import Dates
from actors.rollup import Standing
from editorial.orders import Sort
from incidents.entries import SEVERAL_DAYS, Bounds

# Literals all: the columns of what is sought, in the query that the rows are put into.
_ACTOR = RawSQL("sought.actor", (), UUIDField())
_ROLE = RawSQL("sought.role", (), TextField())
_FIRST = RawSQL("coalesce(lower(sought.days), '-infinity')", (), DateField())
_BEYOND = RawSQL("coalesce(upper(sought.days), 'infinity')", (), DateField())
_ALWAYS = RawSQL("sought.days = '(,)'", (), BooleanField())

_FEW = 3
"""Up to so many roles are sought one by one; more are as good as any."""


def nearest(
    rows: QuerySet,
    standings: list[Standing],
    roles: list[str],
    dates: str,
    sort: Sort,
    number: int,
) -> RawSQL:
    """Return the `seq` of the first `number` incidents that side `rows` stand for.

    They are those of the actors that `standings` name on the days that these hold, in `roles`.
    Raises EmptyResultSet where no row can be one.
    """
    sought = "unnest(%s::uuid[], %s::daterange[]) AS standing (actor, days)"
    given: list[Any] = [[one.actor for one in standings], [one.days for one in standings]]
    rows = rows.filter(actor=_ACTOR)
    if len(roles) > _FEW:
        rows = rows.filter(role__in=roles)
    else:
        sought += ", unnest(%s::text[]) AS role"
        given.append(roles)
        rows = rows.filter(role=_ROLE)
    found = []
    for where, some in _ways(rows, dates, sort, number):
        sql, parameters = some.values_list("seq", *sort.columns).query.sql_with_params()
        found.append(f"SELECT near.* FROM sought CROSS JOIN LATERAL ({sql}) AS near WHERE {where}")  # noqa: S608
        given += parameters
    return RawSQL(  # noqa: S611
        f"WITH sought AS (SELECT * FROM {sought}) SELECT seq FROM (SELECT DISTINCT * FROM "  # noqa: S608
        f"({' UNION ALL '.join(found)}) AS found ORDER BY {sort.sql('found')} LIMIT %s) AS page",
        (*given, number),
    )


def _ways(rows: QuerySet, dates: str, sort: Sort, number: int) -> Iterator[tuple[str, QuerySet]]:
    """Yield for which of the sought, and the rows by which they are found, on an index each.

    An incident begins on one of the days; or it began before them and may have gone on; or it has
    no date, and may have been on any day.
    """
    begun = rows.filter(order_date__gte=_FIRST, order_date__lt=_BEYOND)
    if dates == Dates.CERTAIN:
        begun = begun.filter(Q(_ALWAYS) | Q(certain=True, last_date__lt=_BEYOND))
    yield "true", _first(begun, sort, number)
    if dates == Dates.POSSIBLE:
        bounded = "lower(sought.days) IS NOT NULL"
        yield bounded, _first(rows.filter(order_date=date.min), sort, number)
        several = rows.filter(SEVERAL_DAYS).alias(bounds=Bounds())
        yield bounded, several.filter(bounds__contains=_FIRST)


def _first(rows: QuerySet, sort: Sort, number: int) -> QuerySet:
    """Return a row of each of the first incidents: an actor may have several in one of them."""
    return sort.sorted(rows).distinct(*sort.columns)[:number]
