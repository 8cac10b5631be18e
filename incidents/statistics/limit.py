"""How many groups there may be, and whether there are more: it is found out before summing."""

from datetime import date
from typing import Any

from django.db.models import Max, Min

from incidents.entries import IncidentEntry
from incidents.filters.statistics import TIMES, GroupBy
from incidents.statistics.keys import Join, Key

MOST = 10_000
"""How many groups there may be."""

EXPECTED = MOST
"""How many groups may be expected without their being counted beforehand."""

_DAYS = {GroupBy.YEAR: 365, GroupBy.MONTH: 30, GroupBy.WEEK: 7}
_FINER = {GroupBy.EVENT_TYPE: GroupBy.SUB_TYPE, GroupBy.COUNTRY: GroupBy.ADMIN1}
"""By a key the one that it follows from: it adds few groups to those of that one."""


class TooManyGroupsError(Exception):
    """There are more groups than MOST."""


def check(cursor: Any, kept: Join, keys: dict[str, Key]) -> None:
    """Count groups where many are expected. Raises TooManyGroupsError."""
    rows = _keyed(list(keys.values()))
    if (
        _combinations(cursor, kept, keys) > EXPECTED
        and _planned(cursor, kept, rows) > EXPECTED
        and _exceeded(cursor, kept, rows, len(keys))
    ):
        raise TooManyGroupsError


def _combinations(cursor: Any, kept: Join, keys: dict[str, Key]) -> int:
    """Return how many groups there may be: each value of one key with each of the others.

    PostgreSQL knows how many values a column has, but not of how many months its days are; and of
    several columns of one table it expects no more groups than a tenth of the rows.
    """
    distinct = [
        _keyed([key], "DISTINCT")
        for by, key in keys.items()
        if by not in TIMES and _FINER.get(GroupBy(by)) not in keys
    ]
    number = _periods([GroupBy(by) for by in keys if by in TIMES])
    if distinct and number <= EXPECTED:
        product = ", ".join(f"({sql}) AS d{place}" for place, (sql, _) in enumerate(distinct))
        given = tuple(value for _, values in distinct for value in values)
        number *= _planned(cursor, kept, (f"SELECT FROM {product}", given))
    return number


def _periods(units: list[GroupBy]) -> int:
    """Return how many periods there are from the first day of all to the last, not to know one too.

    Of those of several units there is little more than each: a week is in two months at the most.
    """
    if not units:
        return 1
    dated = IncidentEntry.objects.filter(order_date__gt=date.min)
    first, last = dated.aggregate(first=Min("order_date"), last=Max("order_date")).values()
    days = (last - first).days if first else 0
    return sum(days // _DAYS[unit] + 2 for unit in units)


def _exceeded(cursor: Any, kept: Join, rows: Join, keys: int) -> bool:
    """Return whether rows are in more groups than MOST, and read them no further than that.

    UNION hands on each group when it first finds it, while DISTINCT reads all rows before; but
    UNION does so in a recursive query alone. The second part of this one is empty.
    """
    names = ", ".join(f"k{number}" for number in range(keys))
    cursor.execute(
        f"WITH RECURSIVE kept AS ({kept[0]}), groups ({names}) AS "  # noqa: S608
        f"({rows[0]} UNION SELECT * FROM groups WHERE false) "
        f"SELECT count(*) FROM (SELECT FROM groups LIMIT {MOST + 1}) AS first",
        kept[1] + rows[1],
    )
    return bool(cursor.fetchone()[0] > MOST)


def _keyed(keys: list[Key], distinct: str = "") -> Join:
    """Return a query for the keys of each row: one that occurs twice is no further group."""
    joins = [key.join_all() for key in keys]
    selected, joined = ", ".join(key.sql for key in keys), " ".join(sql for sql, _ in joins)
    sql = f"SELECT {distinct} {selected} FROM kept {joined}"  # noqa: S608
    return sql, tuple(value for _, values in joins for value in values)


def _planned(cursor: Any, kept: Join, rows: Join) -> int:
    """Return how many rows PostgreSQL expects of a query."""
    explain = f"EXPLAIN (FORMAT JSON) WITH kept AS NOT MATERIALIZED ({kept[0]}) {rows[0]}"
    cursor.execute(explain, kept[1] + rows[1])
    return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
