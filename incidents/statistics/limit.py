"""The limit on the number of groups, which is checked before summing."""

from datetime import date
from typing import Any

from django.db.models import Max, Min

from incidents.entries import IncidentEntry
from incidents.filters.statistics import MAX_GROUPS, TIMES, GroupBy
from incidents.statistics.keys import Key, Sql

MAX_EXPECTED = MAX_GROUPS
"""The maximum number of groups that may be expected without being counted before summing."""

_DAYS = {
    GroupBy.YEAR: 365,
    GroupBy.QUARTER: 90,
    GroupBy.MONTH: 30,
    GroupBy.WEEK: 7,
    GroupBy.DAY: 1,
}
_FINER = {GroupBy.EVENT_TYPE: GroupBy.SUB_TYPE, GroupBy.COUNTRY: GroupBy.ADMIN1}
"""Keys that follow from a finer one: together with it, they add few groups."""


class TooManyGroupsError(Exception):
    """There are more than MAX_GROUPS groups."""


def check_number(cursor: Any, filtered: Sql, keys: dict[str, Key]) -> None:
    """Count the groups if many are expected. Raises TooManyGroupsError."""
    rows = _select_keys(list(keys.values()))
    if (
        _estimate_combinations(cursor, filtered, keys) > MAX_EXPECTED
        and _estimate_rows(cursor, filtered, rows) > MAX_EXPECTED
        and _exceeds_limit(cursor, filtered, rows, len(keys))
    ):
        raise TooManyGroupsError


def _estimate_combinations(cursor: Any, filtered: Sql, keys: dict[str, Key]) -> int:
    """Return the number of combinations of the values of all keys.

    PostgreSQL estimates the number of values of a column, but not in how many months its days are.
    If a query groups by several columns of a table, PostgreSQL assumes that there are at most a
    tenth as many groups as rows. So the number of values is estimated for each key alone.
    """
    distinct = [
        _select_keys([key], "DISTINCT")
        for by, key in keys.items()
        if by not in TIMES and _FINER.get(GroupBy(by)) not in keys
    ]
    number = _estimate_periods([GroupBy(by) for by in keys if by in TIMES])
    if distinct and number <= MAX_EXPECTED:
        product = ", ".join(f"({sql}) AS d{place}" for place, (sql, _) in enumerate(distinct))
        params = tuple(value for _, values in distinct for value in values)
        number *= _estimate_rows(cursor, filtered, (f"SELECT FROM {product}", params))
    return number


def _estimate_periods(units: list[GroupBy]) -> int:
    """Return the number of periods from the first to the last incident, including the key null.

    Several units are added and not multiplied, since a week is in at most two months.
    """
    if not units:
        return 1
    dated = IncidentEntry.objects.filter(order_date__gt=date.min)
    first, last = dated.aggregate(first=Min("order_date"), last=Max("order_date")).values()
    days = (last - first).days if first else 0
    return sum(days // _DAYS[unit] + 2 for unit in units)


def _exceeds_limit(cursor: Any, filtered: Sql, rows: Sql, keys: int) -> bool:
    """Return whether rows are in more than MAX_GROUPS groups. Stop reading rows at that number.

    In a recursive query, UNION returns each group as soon as it reads its first row, while DISTINCT
    would read all rows first. The recursive part of this query is empty.
    """
    names = ", ".join(f"k{number}" for number in range(keys))
    cursor.execute(
        f"WITH RECURSIVE filtered AS ({filtered[0]}), groups ({names}) AS "  # noqa: S608
        f"({rows[0]} UNION SELECT * FROM groups WHERE false) "
        f"SELECT count(*) FROM (SELECT FROM groups LIMIT {MAX_GROUPS + 1}) AS first",
        filtered[1] + rows[1],
    )
    return bool(cursor.fetchone()[0] > MAX_GROUPS)


def _select_keys(keys: list[Key], distinct: str = "") -> Sql:
    """Return a query for the keys of each row."""
    joins = [key.join_all() for key in keys]
    selected, joined = ", ".join(key.sql for key in keys), " ".join(sql for sql, _ in joins)
    conditions = [key.condition for key in keys]
    where = " AND ".join(sql for sql, _ in conditions)
    sql = f"SELECT {distinct} {selected} FROM filtered {joined} WHERE {where}"  # noqa: S608
    return sql, tuple(value for _, values in (*joins, *conditions) for value in values)


def _estimate_rows(cursor: Any, filtered: Sql, rows: Sql) -> int:
    """Return PostgreSQL's estimate of the number of rows of a query."""
    explain = f"EXPLAIN (FORMAT JSON) WITH filtered AS NOT MATERIALIZED ({filtered[0]}) {rows[0]}"
    cursor.execute(explain, filtered[1] + rows[1])
    return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
