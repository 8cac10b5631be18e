"""Facets: the most frequent values of properties of the incidents that match a request."""

from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from incidents.codes import StatementRole
from incidents.filters.facets import MAX_MATCHES, Facet, FacetFilterSet
from incidents.filters.statements import StatementFilters
from incidents.matches import select_matches
from incidents.statistics.keys import Key, Sql, build_key, compile_query, format_key, sort_key

_COLUMNS = (
    *("order_date", "date_precision", "event_type", "sub_type", "violence", "outcome"),
    *("granularity", "motives", "tags", "country", "admin1", "precision"),
    *("claim_status", "attribution_status"),
)
_ARRAYS = {Facet.MOTIVE: "motives", Facet.TAG: "tags"}


class Value(NamedTuple):
    """A value of a facet, and the number of incidents with it."""

    key: str
    incidents: int


class FacetCounts(NamedTuple):
    """The most frequent values of a facet."""

    facet: Facet
    incidents: int
    """The number of counted incidents."""
    without: int
    """The number of these without a value."""
    keys: int
    """The number of values, including those that a limit leaves out."""
    values: list[Value]


def find_maximum(filters: FacetFilterSet) -> int:
    """Return the number of incidents at which a request stops to count; fewer are all of them."""
    return min(filters.params["count_limit"], MAX_MATCHES)


def count_facets(filters: FacetFilterSet) -> tuple[int, list[FacetCounts]]:
    """Return the number of counted matches, and the facets in the requested order.

    The facets that ignore no filter are counted in one statement, and each other one in its own.
    """
    facets, limit = filters.group_facets(), filters.params["limit"]
    counts: dict[Facet, FacetCounts] = {}
    incidents = 0
    for place, (variant, listed) in enumerate(facets):
        number, found = _count(variant, listed, limit)
        incidents = incidents if place else number
        counts |= {each.facet: each for each in found}
    return incidents, [counts[facet] for facet in filters.facets]


def _count(
    filters: FacetFilterSet, facets: list[Facet], limit: int
) -> tuple[int, list[FacetCounts]]:
    """Return the number of counted matches, and the facets that count the same matches."""
    maximum = find_maximum(filters)
    matches = select_matches(filters.find_all(maximum), maximum, *_COLUMNS)
    if matches is None:
        return 0, [FacetCounts(facet, 0, 0, 0, []) for facet in facets]
    queries = [_count_values(filters, facet, place, limit) for place, facet in enumerate(facets)]
    sql = " UNION ALL ".join(
        ("SELECT -1, NULL, count(*), 0 FROM filtered", *(f"({sql})" for sql, _ in queries))
    )
    params = (*matches[1], *(value for _, values in queries for value in values))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH filtered AS MATERIALIZED ({matches[0]}) {sql}", params)
        (_, _, incidents, _), *rows = cursor.fetchall()
    values: list[list[Value]] = [[] for _ in facets]
    without, keys = [0] * len(facets), [0] * len(facets)
    for place, key, number, known in rows:
        keys[place] = known
        if key is None:
            without[place] = number
        elif len(values[place]) < limit:
            values[place].append(Value(key, number))
    return incidents, [
        FacetCounts(facet, incidents, without[place], keys[place], values[place])
        for place, facet in enumerate(facets)
    ]


def _count_values(filters: FacetFilterSet, facet: Facet, place: int, limit: int) -> Sql:
    """Return a query for the most frequent values: those without one first, if there are any."""
    key = _build_key(filters, facet)
    join, params = key.join_all()
    if facet in _ARRAYS:
        join = f"LEFT JOIN LATERAL unnest(filtered.{_ARRAYS[facet]}) AS f (key) ON true"
    once = "DISTINCT " if join else ""
    sql = (
        f"SELECT {place}, {format_key(facet, 'key')}, incidents, count(key) OVER () FROM "  # noqa: S608
        f"(SELECT key, count(*) AS incidents FROM "
        f"(SELECT {once}filtered.seq, {key.sql} AS key FROM filtered {join}) AS keyed "
        f"GROUP BY key) AS counted "
        f"ORDER BY key IS NOT NULL, incidents DESC, {sort_key(facet, 'key')} LIMIT {limit + 1}"
    )
    return sql, params


def _build_key(filters: FacetFilterSet, facet: Facet) -> Key:
    """Return the key of a facet."""
    if facet in _ARRAYS:
        return Key("f.key")
    if facet not in StatementRole.values:
        return build_key(filters, facet, "f", narrow=False)
    rows: QuerySet = filters.group(StatementFilters).find_in_role(facet)
    try:
        compile_query(rows)
    except EmptyResultSet:
        return Key("NULL::uuid")
    return Key("f.key", "f", rows, "actor")
