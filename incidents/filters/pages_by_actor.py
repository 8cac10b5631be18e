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
from actors.rollup import ScopeMember
from api.ordering import Sort
from incidents.codes import InvolvementRole
from incidents.entries import SEVERAL_DAYS, Bounds

# Literals all: the columns of what is sought, in the query that the rows are put into.
_ACTOR = RawSQL("sought.actor", (), UUIDField())
_ROLE = RawSQL("sought.role", (), TextField())
_FIRST = RawSQL("coalesce(lower(sought.days), '-infinity')", (), DateField())
_BEYOND = RawSQL("coalesce(upper(sought.days), 'infinity')", (), DateField())
_ALWAYS = RawSQL("sought.days = '(,)'", (), BooleanField())


def nearest(
    rows: QuerySet,
    standings: list[ScopeMember],
    roles: list[str],
    dates: str,
    sort: Sort,
    number: int,
) -> RawSQL:
    """Return the `seq` of the first `number` incidents that side `rows` stand for.

    They are those of the actors that `standings` name on the days that these hold, in `roles`,
    which are sought one by one unless they are all that there are in involvements.
    Raises EmptyResultSet where no row can be one.
    """
    sought = "unnest(%s::uuid[], %s::daterange[]) AS standing (actor, days)"
    given: list[Any] = [[one.actor for one in standings], [one.days for one in standings]]
    rows = rows.filter(actor=_ACTOR)
    if roles == list(InvolvementRole.values):
        rows = rows.filter(certainty__isnull=False)
    else:
        sought += ", unnest(%s::text[]) AS role"
        given.append(roles)
        rows = rows.filter(role=_ROLE)
    found = []
    for where, some in _ways(rows, dates, sort, number):
        sql, parameters = some.values_list("seq", *sort.columns).query.sql_with_params()
        found.append(f"SELECT near.* FROM sought CROSS JOIN LATERAL ({sql}) AS near WHERE {where}")  # noqa: S608
        given += parameters
    begun, *others = found
    return RawSQL(  # noqa: S611
        f"WITH sought AS (SELECT * FROM {sought}), begun AS ({begun}) "  # noqa: S608
        f"SELECT seq FROM (SELECT DISTINCT * FROM "
        f"({' UNION ALL '.join(['SELECT * FROM begun', *others])}) AS found "
        f"ORDER BY {sort.sql('found')} LIMIT %s) AS page",
        (*given, number),
    )


def _ways(rows: QuerySet, dates: str, sort: Sort, number: int) -> Iterator[tuple[str, QuerySet]]:
    """Yield for which of the sought, and the rows by which they are found, on an index each.

    An incident begins on one of the days; or it began before them and may have gone on; or it has
    no date, and may have been on any day. Those without come last in newest: they are looked for
    if the others do not fill the page.
    """
    begun = rows.filter(order_date__gte=_FIRST, order_date__lt=_BEYOND)
    if dates == Dates.CERTAIN:
        begun = begun.filter(Q(_ALWAYS) | Q(certain=True, last_date__lt=_BEYOND))
    yield "true", _first(begun, sort, number)
    if dates == Dates.POSSIBLE:
        bounded = "lower(sought.days) IS NOT NULL"
        several = rows.filter(SEVERAL_DAYS).alias(bounds=Bounds())
        yield bounded, several.filter(bounds__contains=_FIRST)
        if sort.descending:
            bounded += f" AND (SELECT count(DISTINCT begun.seq) FROM begun) < {number}"  # noqa: S608
        yield bounded, _first(rows.filter(order_date=date.min), sort, number)


def _first(rows: QuerySet, sort: Sort, number: int) -> QuerySet:
    """Return a row of each of the first incidents: an actor may have several in one of them."""
    return sort.sorted(rows).distinct(*sort.columns)[:number]
