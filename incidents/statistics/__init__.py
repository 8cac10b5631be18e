"""Statistics: numbers of incidents and their casualties, by group.

One statement filters and groups the incidents. If an incident can be in several groups (it can have
several perpetrators, targets or weapons), a second statement computes the total. If the request
filters by perpetrator, target, weapon or target type, only those that match form groups.
"""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from incidents.casualties import SUMMED_MEASURES
from incidents.codes import Granularity
from incidents.filters.statistics import ACTORS, TIMES, GroupBy, StatisticsFilterSet
from incidents.statistics import limit
from incidents.statistics.keys import Key, build_key, compile_query

COUNTED_BY_DEFAULT = (Granularity.SINGLE_EVENT.value, Granularity.AGGREGATE.value)
"""What counts by default: not series, because they have no number."""

_CASUALTIES = tuple(
    f"{measure}{bound}" for measure in SUMMED_MEASURES for bound in ("_low", "", "_high")
)
_SUMS_OF_MEASURE = {
    "low": "coalesce(sum(coalesce({0}_low, {0})), 0)",
    "best": "coalesce(sum(coalesce({0}, {0}_low)), 0)",
    "high": "coalesce(sum(coalesce({0}_high, {0}, {0}_low)), 0)",
    "without_best": "count(coalesce({0}, {0}_low, {0}_high)) - count({0})",
    "without_high": "count(coalesce({0}, {0}_low, {0}_high)) - count({0}_high)",
    "unknown": "count(*) - count(coalesce({0}, {0}_low, {0}_high))",
    "out_of_order": "count(*) FILTER (WHERE {0}_low > {0} OR {0} > {0}_high OR {0}_low > {0}_high)",
}
"""By name, a sum over the entries of a group; the columns are those of one measure."""
NO_CASUALTIES = dict.fromkeys(_SUMS_OF_MEASURE, 0)
"""The sums over no entries."""
_COLUMNS = (
    *("order_date", "date_precision", "event_type", "sub_type", "violence", "country", "admin1"),
    *("claim_status", "attribution_status", *_CASUALTIES),
)
_FORMATS = {GroupBy.YEAR: "YYYY", GroupBy.MONTH: "YYYY-MM", GroupBy.WEEK: 'IYYY-"W"IW'}
_SORTED_AS_TEXT = (*TIMES, *ACTORS)
"""The keys that need no collation to sort by code point."""
_TEXT = '::text COLLATE "C"'
_SUMS = ", ".join(
    [
        "count(*)",
        *(sql.format(measure) for measure in SUMMED_MEASURES for sql in _SUMS_OF_MEASURE.values()),
    ]
)
_NO_SUMS = (0,) * (1 + len(SUMMED_MEASURES) * len(_SUMS_OF_MEASURE))
_SUM_NAMES = ", ".join(f"s{number}" for number in range(len(_NO_SUMS)))


class Group(NamedTuple):
    """Incidents with the same keys, and the sums of their casualties."""

    keys: tuple[str | None, ...]
    incidents: int
    killed: dict[str, int]
    injured: dict[str, int]


def count_groups(filters: StatisticsFilterSet, entries: QuerySet) -> tuple[Group, list[Group]]:
    """Return the total of all `entries` and their groups, in the order of their keys, null last.

    Raises TooManyGroupsError: before summing if many groups are expected, else before groups are
    sorted and sent.
    """
    if filters.params["granularity"] is None:
        entries = entries.filter(granularity__in=COUNTED_BY_DEFAULT)
    try:
        filtered, params = compile_query(entries.values_list("seq", *_COLUMNS))
    except EmptyResultSet:
        return _make_group(_NO_SUMS), []
    group_by = filters.params["group_by"]
    keys = [build_key(filters, by, f"g{number}") for number, by in enumerate(group_by)]
    joined = any(key.rows is not None for key in keys)
    with connection.cursor() as cursor:
        if len(keys) > 1:
            limit.check_number(cursor, (filtered, params), dict(zip(group_by, keys, strict=True)))
        cursor.execute(*_build_query(filtered, params, keys, group_by, whole=filters.matches_all))
        rows = cursor.fetchall()
        if rows and rows[0][0] > limit.MAX_GROUPS:
            raise limit.TooManyGroupsError
        sums = [row[1 + len(keys) :] for row in rows]
        if joined:
            cursor.execute(f"WITH filtered AS ({filtered}) SELECT {_SUMS} FROM filtered", params)  # noqa: S608
            total = _make_group(cursor.fetchone())
        else:
            total = _make_group(tuple(map(sum, zip(*sums, strict=True))) or _NO_SUMS)
        return total, [_make_group(row[1 + len(keys) :], row[1 : 1 + len(keys)]) for row in rows]


def _build_query(
    filtered: str, params: tuple[Any, ...], keys: list[Key], group_by: list[str], *, whole: bool
) -> tuple[str, tuple[Any, ...]]:
    """Return a query for the groups, each with their number: a single row if there are too many."""
    joins = [key.join_distinct() if whole else key.join_each() for key in keys]
    names = ", ".join(f"k{number}" for number in range(len(keys)))
    formatted = ", ".join(_format_key(by, f"k{number}") for number, by in enumerate(group_by))
    order = ", ".join(
        f"k{number}{'' if by in _SORTED_AS_TEXT else _TEXT} NULLS LAST"
        for number, by in enumerate(group_by)
    )
    selected = ", ".join(f"{key.sql} AS k{number}" for number, key in enumerate(keys))
    # Groups are counted before they are sorted, formatted and sent: that costs as much as summing.
    sql = (
        f"WITH filtered AS ({filtered}), grouped ({names}, {_SUM_NAMES}) AS MATERIALIZED ("  # noqa: S608
        f"SELECT {names}, {_SUMS} FROM (SELECT {selected}, {', '.join(_CASUALTIES)} "
        f"FROM filtered {' '.join(sql for sql, _ in joins)}) AS keyed GROUP BY {names}), "
        f"number (n) AS (SELECT count(*) FROM grouped) "
        f"SELECT n, {formatted}, {_SUM_NAMES} FROM number CROSS JOIN LATERAL "
        f"(SELECT * FROM grouped LIMIT CASE WHEN n > {limit.MAX_GROUPS} THEN 1 END) AS listed "
        f"ORDER BY {order}"
    )
    return sql, (*params, *(value for _, values in joins for value in values))


def _format_key(by: str, key: str) -> str:
    """Return the key of a group as text. Formatting keys by row would double the cost of all."""
    return f"to_char({key}, '{_FORMATS[GroupBy(by)]}')" if by in TIMES else f"{key}::text"


def _make_group(sums: tuple[Any, ...], keys: tuple[str | None, ...] = ()) -> Group:
    """Return a group with sums in the order of _SUMS."""
    number, *rest = map(int, sums)
    size = len(_SUMS_OF_MEASURE)
    killed, injured = (
        dict(zip(_SUMS_OF_MEASURE, values, strict=True)) for values in (rest[:size], rest[size:])
    )
    return Group(keys, number, killed, injured)
