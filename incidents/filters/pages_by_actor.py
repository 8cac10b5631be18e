"""The shortest way to a page of incidents by actor: from the newest, or oldest, of each actor.

A query by date for all actors of a scope would read a million incidents of others, or collect and
sort all incidents of these actors. The page is among the first incidents of each actor, which are
read from an index and merged.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import EmptyResultSet
from django.db.models import (
    BooleanField,
    DateField,
    Q,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.expressions import RawSQL

from actors.filters import ScopeFilters
from actors.rollup import ScopeMember
from api.filters import DateCertainty, ListFilterSet
from api.pagination import Sort, behind
from incidents.codes import InvolvementRole
from incidents.entries import SEVERAL_DAYS, Bounds, IncidentEntry
from incidents.filters.sole_actor import ALL_ROLES, SoleActorParameter
from publishing.models import may_lie_in


def shorten(entries: QuerySet, filters: ListFilterSet) -> QuerySet:
    """Return entries that suffice for a page by date and actor: the first ones of each actor.

    Return all `entries` if the page is in another order, or has other filters than dates. These
    leave few of the first incidents of each actor, so that most would be read in vain.
    """
    sort, sole = filters.order, SoleActorParameter.find(filters)
    if not sole or sole.has_others or "order_date" not in sort.columns:
        return entries
    rows = sole.filter_rows(sole.group.find_candidates(sole.name))
    if start := filters.start():
        rows = behind(rows, sort, start)
    members = filters.group(ScopeFilters).find_members(sole.name)
    dates, number = filters.params["dates"], filters.params["limit"] + 1
    try:
        page = nearest(rows, members, ALL_ROLES[sole.name], dates, sort, number)
    except EmptyResultSet:
        return entries.none()
    return IncidentEntry.objects.filter(seq__in=page)


# Columns of the table `sought`, in the query that the rows are put into.
_ACTOR = RawSQL("sought.actor", (), UUIDField())
_ROLE = RawSQL("sought.role", (), TextField())
_FIRST = RawSQL("coalesce(lower(sought.days), '-infinity')", (), DateField())
_BEYOND = RawSQL("coalesce(upper(sought.days), 'infinity')", (), DateField())
_DAYS = RawSQL("sought.days", (), DateRangeField())
_ALWAYS = RawSQL("sought.days = '(,)'", (), BooleanField())


def nearest(
    rows: QuerySet,
    members: list[ScopeMember],
    roles: list[str],
    dates: str,
    sort: Sort,
    number: int,
) -> RawSQL:
    """Return the `seq` of the first `number` incidents that have a matching side row.

    A side row matches if it is one of `rows`, its actor is one of `members` on their days, and
    its role is one of `roles`. Each role is searched on its own, unless they are all the roles of
    involvements. Raises EmptyResultSet if no row can match.
    """
    sought = "unnest(%s::uuid[], %s::daterange[]) AS member (actor, days)"
    given: list[Any] = [
        [member.actor for member in members],
        [member.days for member in members],
    ]
    rows = rows.filter(actor=_ACTOR)
    if roles == list(InvolvementRole.values):
        rows = rows.filter(certainty__isnull=False)
    else:
        sought += ", unnest(%s::text[]) AS role"
        given.append(roles)
        rows = rows.filter(role=_ROLE)
    queries = []
    for condition, matching in _searches(rows, dates, sort, number):
        sql, parameters = matching.values_list("seq", *sort.columns).query.sql_with_params()
        queries.append(
            f"SELECT near.* FROM sought CROSS JOIN LATERAL ({sql}) AS near WHERE {condition}"  # noqa: S608
        )
        given += parameters
    begun, *others = queries
    return RawSQL(  # noqa: S611
        f"WITH sought AS (SELECT * FROM {sought}), begun AS ({begun}) "  # noqa: S608
        f"SELECT seq FROM (SELECT DISTINCT * FROM "
        f"({' UNION ALL '.join(['SELECT * FROM begun', *others])}) AS matching "
        f"ORDER BY {sort.sql('matching')} LIMIT %s) AS page",
        (*given, number),
    )


def _searches(
    rows: QuerySet, dates: str, sort: Sort, number: int
) -> Iterator[tuple[str, QuerySet]]:
    """Yield pairs of a condition on `sought` and the rows to search then, each by an index.

    An incident starts on one of the days; or it started before them and may have lasted; or it has
    no date, and may have been on any day. Undated incidents come last in newest, so they are
    searched only if the others do not fill the page.
    """
    begun = rows.filter(order_date__gte=_FIRST, order_date__lt=_BEYOND)
    if dates == DateCertainty.CERTAIN:
        begun = begun.filter(Q(_ALWAYS) | Q(certain=True, last_date__lt=_BEYOND))
    yield "true", _first(begun, sort, number)
    if dates == DateCertainty.POSSIBLE:
        bounded = "lower(sought.days) IS NOT NULL"
        several = rows.filter(SEVERAL_DAYS).alias(bounds=Bounds())
        yield bounded, several.filter(may_lie_in(_DAYS), bounds__contains=_FIRST)
        if sort.descending:
            bounded += f" AND (SELECT count(DISTINCT begun.seq) FROM begun) < {number}"  # noqa: S608
        undated = rows.filter(order_date=date.min, last_date=date.max)
        yield bounded, _first(undated, sort, number)


def _first(rows: QuerySet, sort: Sort, number: int) -> QuerySet:
    """Return one row of each of the first incidents: an actor may have several rows in one."""
    return sort.sorted(rows).distinct(*sort.columns)[:number]
