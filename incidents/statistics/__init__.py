"""Statistics: numbers of incidents and their casualties, by group.

One statement filters and groups the incidents. If an incident can be in several groups (it can have
several perpetrators, targets, weapons or sources), or if a limit leaves groups out, another one
computes the total. If the request filters by one of these, only those that match form groups. The
keys of the first of several properties are ranked before their groups are counted, so that a limit
makes too many groups few.
"""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from incidents.casualties import MEASURES
from incidents.filters.statistics import SUMS, GroupSort, StatisticsFilterSet
from incidents.statistics import limit, sources
from incidents.statistics.keys import Key, Sql, format_key, sort_key
from incidents.statistics.sources import Source

NO_CASUALTIES = {measure: dict.fromkeys(SUMS, 0) for measure in MEASURES}
"""The sums over no entries."""
_SIZES = {
    GroupSort.KEY: None,
    GroupSort.INCIDENTS: 0,
    GroupSort.KILLED: 1 + SUMS.index("best"),
    GroupSort.INJURED: 1 + len(SUMS) + SUMS.index("best"),
}
"""By order, the place of the sum by which groups are sorted: injured follows killed."""


class Group(NamedTuple):
    """Incidents with the same keys, and the sums of their casualties."""

    keys: tuple[str | None, ...]
    incidents: int
    casualties: dict[str, dict[str, int]]


class Counts(NamedTuple):
    """The total of all incidents, and the groups that are answered."""

    total: Group
    groups: list[Group]
    first_keys: int
    """The number of all keys of the first property, including those that a limit leaves out."""


def count_groups(filters: StatisticsFilterSet, entries: QuerySet) -> Counts:
    """Return the total of all `entries` and their groups, in the requested order.

    They are read from totals if these stand at the snapshot of the request. Raises
    TooManyGroupsError: before summing if many groups are expected, else before groups are sorted
    and sent.
    """
    if totals := sources.read_totals(filters):
        counts = _count_groups(filters, totals)
        if sources.stand_at(filters.snapshot.seq):
            return counts
    try:
        return _count_groups(filters, sources.read_entries(filters, entries))
    except EmptyResultSet:
        return Counts(Group((), 0, NO_CASUALTIES), [], 0)


def _count_groups(filters: StatisticsFilterSet, source: Source) -> Counts:
    """Return the total of all rows of a source and their groups."""
    filtered, params = source.rows
    measures, sums, group_by = source.measures, source.sums, filters.group_by
    keys = [source.build_key(by, f"g{number}") for number, by in enumerate(group_by)]
    limited = "limit" in filters.given
    many_valued = source.rows != source.all_rows or any(key.rows is not None for key in keys)
    apart = many_valued or limited or not keys
    rows: list[tuple[Any, ...]] = []
    ranking = Ranking({}, 0)
    with connection.cursor() as cursor:
        if len(keys) > 1:
            if limited or "sort" in filters.given:
                cursor.execute(*_build_ranking((filtered, params), sums, keys[0], filters))
                ranking, values = _read_ranking(cursor.fetchall())
                keys[0] = keys[0].restrict(values) if limited else keys[0]
            limit.check_number(cursor, (filtered, params), dict(zip(group_by, keys, strict=True)))
        if keys:
            cursor.execute(*_build_query((filtered, params), sums, keys, filters))
            rows = cursor.fetchall()
        number = rows[0][0] if rows else 0
        if number > limit.MAX_GROUPS and not (limited and len(keys) == 1):
            raise limit.TooManyGroupsError
        if ranking.places:
            rows.sort(key=lambda row: ranking.places[row[1]])  # keeps the order of other keys
        groups = [row[1 + len(keys) :] for row in rows]
        if apart:
            all_rows, params = source.all_rows
            cursor.execute(
                f"WITH filtered AS ({all_rows}) SELECT {', '.join(sums)} FROM filtered",  # noqa: S608
                params,
            )
            total = cursor.fetchone()
        else:
            total = tuple(map(sum, zip(*groups, strict=True))) or (0,) * len(sums)
    listed = [
        _make_group(group, measures, row[1 : 1 + len(keys)])
        for row, group in zip(rows, groups, strict=True)
    ]
    first_keys = (
        number if len(keys) == 1 else ranking.number or len({row[1] for row in rows if keys})
    )
    return Counts(_make_group(total, measures), listed, first_keys)


class Ranking(NamedTuple):
    """The order of the keys of the first property, and the number of all of them."""

    places: dict[str | None, int]
    number: int


def _build_ranking(filtered: Sql, sums: list[str], key: Key, filters: StatisticsFilterSet) -> Sql:
    """Return a query for the first keys of the first property, in the requested order."""
    by, size = filters.group_by[0], _SIZES[filters.params["sort"]]
    order = ["size DESC"] * (size is not None) + [sort_key(by, "k0")]
    many = filters.matches_all or filters.by_actor
    join, values = key.join_distinct() if many else key.join_each()
    sql = (
        f"WITH filtered AS ({filtered[0]}), grouped AS (SELECT {key.sql} AS k0, {sums[size or 0]} "  # noqa: S608
        f"AS size FROM filtered {join} GROUP BY 1) SELECT count(*) OVER (), k0, "
        f"{format_key(by, 'k0')} AS text FROM grouped ORDER BY {', '.join(order)}"
    )
    if maximum := filters.params["limit"]:
        sql += f" LIMIT {maximum}"
    return sql, (*filtered[1], *values)


def _read_ranking(rows: list[tuple[int, Any, str | None]]) -> tuple[Ranking, list[Any]]:
    """Return a ranking, and its keys as PostgreSQL compares them."""
    places = {text: place for place, (_, _, text) in enumerate(rows)}
    return Ranking(places, rows[0][0] if rows else 0), [value for _, value, _ in rows]


def _build_query(
    filtered: Sql, sums: list[str], keys: list[Key], filters: StatisticsFilterSet
) -> Sql:
    """Return a query for the groups, each with the number of all groups.

    It returns a single row if there are too many groups.
    """
    group_by = filters.group_by
    many = filters.matches_all or filters.by_actor
    joins = [key.join_distinct() if many else key.join_each() for key in keys]
    conditions = [key.condition for key in keys]
    names = ", ".join(f"k{number}" for number in range(len(keys)))
    formatted = ", ".join(format_key(by, f"k{number}") for number, by in enumerate(group_by))
    order = [sort_key(by, f"k{number}") for number, by in enumerate(group_by)]
    # Groups are counted before they are sorted, formatted and sent: that costs as much as summing.
    most = f"LIMIT CASE WHEN n > {limit.MAX_GROUPS} THEN 1 END"
    if len(keys) == 1:  # several are ranked before
        size = _SIZES[filters.params["sort"]]
        order = [f"s{size} DESC"] * (size is not None) + order
        if maximum := filters.params["limit"]:
            most = f"ORDER BY {', '.join(order)} LIMIT {maximum}"
    selected = "".join(f", {key.sql} AS k{number}" for number, key in enumerate(keys))
    sum_names = ", ".join(f"s{number}" for number in range(len(sums)))
    sql = (
        f"WITH filtered AS ({filtered[0]}), grouped ({names}, {sum_names}) AS MATERIALIZED ("  # noqa: S608
        f"SELECT {names}, {', '.join(sums)} FROM (SELECT filtered.*{selected} "
        f"FROM filtered {' '.join(sql for sql, _ in joins)} "
        f"WHERE {' AND '.join(sql for sql, _ in conditions)}) AS keyed GROUP BY {names}), "
        f"number (n) AS (SELECT count(*) FROM grouped) "
        f"SELECT n, {formatted}, {sum_names} FROM number CROSS JOIN LATERAL "
        f"(SELECT * FROM grouped {most}) AS listed ORDER BY {', '.join(order)}"
    )
    return sql, (*filtered[1], *(value for _, values in (*joins, *conditions) for value in values))


def _make_group(
    sums: tuple[Any, ...], measures: tuple[str, ...], keys: tuple[str | None, ...] = ()
) -> Group:
    """Return a group from the number of its incidents and the sums of these measures."""
    number, *numbers = map(int, sums)
    values = iter(numbers)
    # No incident has a figure of the other measures.
    casualties = dict.fromkeys(MEASURES, NO_CASUALTIES[MEASURES[0]] | {"unknown": number})
    for measure in measures:
        casualties[measure] = {name: next(values) for name in SUMS}
    return Group(keys, number, casualties)
