"""Statistics: how many incidents, and what they cost, by what they have in common.

One statement finds the incidents that are asked for and groups them. A second one counts them all
where they are grouped by what an incident may have several of, for it is then in several groups,
in each of them once. Where a question says of a perpetrator, a target, a weapon or a thing that
was hit what it must be, the groups are those of what meets it.
"""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from incidents.codes import Granularity
from incidents.filters.statistics import TIMES, GroupBy, StatisticsFilterSet
from incidents.statistics import limit
from incidents.statistics.keys import Key, compiled, key_of

COUNTED = (Granularity.SINGLE_EVENT.value, Granularity.AGGREGATE.value)
"""What counts unless a question says otherwise: a series has no number."""

_TOLLS = tuple(
    f"{toll}{bound}" for toll in ("killed", "injured") for bound in ("_low", "", "_high")
)
_COLUMNS = (
    *("order_date", "date_precision", "event_type", "sub_type", "violence", "country", "admin1"),
    *("claim_status", "attribution_status", *_TOLLS),
)
_SHAPES = {GroupBy.YEAR: "YYYY", GroupBy.MONTH: "YYYY-MM", GroupBy.WEEK: 'IYYY-"W"IW'}
_IN_ORDER = (*TIMES, GroupBy.PERPETRATOR, GroupBy.TARGET)
"""What sorts as its text does by code."""
_BY_CODE = '::text COLLATE "C"'
_SUMS = ", ".join(
    ["count(*)", *(f"coalesce(sum({toll}), 0)" for toll in _TOLLS)]
    + [f"count(*) - count({toll})" for toll in ("killed", "injured")]
)
_SUM_NAMES = ", ".join(f"s{number}" for number in range(9))


class Group(NamedTuple):
    """Incidents with the same keys, and the sums of their tolls."""

    keys: tuple[str | None, ...]
    incidents: int
    killed: dict[str, int]
    injured: dict[str, int]


def counted(filters: StatisticsFilterSet, entries: QuerySet) -> tuple[Group, list[Group]]:
    """Return the sums over all `entries`, each counted once, and over each of their groups.

    The groups are in the order of their keys, null last. Raises TooManyGroupsError before anything
    is summed where many are expected, else before groups are sorted and sent.
    """
    if filters.params["granularity"] is None:
        entries = entries.filter(granularity__in=COUNTED)
    try:
        kept, given = compiled(entries.values_list("seq", *_COLUMNS))
    except EmptyResultSet:
        return _group((0,) * 9), []
    asked = filters.params["group_by"]
    keys = [key_of(filters, by, f"g{number}") for number, by in enumerate(asked)]
    joined = any(key.rows is not None for key in keys)
    with connection.cursor() as cursor:
        if len(keys) > 1:
            limit.check(cursor, (kept, given), dict(zip(asked, keys, strict=True)))
        cursor.execute(*_grouped(kept, given, keys, asked, whole=filters.matches_all))
        rows = cursor.fetchall()
        if rows and rows[0][0] > limit.MOST:
            raise limit.TooManyGroupsError
        sums = [row[1 + len(keys) :] for row in rows]
        if joined:
            cursor.execute(f"WITH kept AS ({kept}) SELECT {_SUMS} FROM kept", given)  # noqa: S608
            total = _group(cursor.fetchone())
        else:
            total = _group(tuple(map(sum, zip(*sums, strict=True))) or (0,) * 9)
        return total, [_group(row[1 + len(keys) :], row[1 : 1 + len(keys)]) for row in rows]


def _grouped(
    kept: str, given: tuple[Any, ...], keys: list[Key], asked: list[str], *, whole: bool
) -> tuple[str, tuple[Any, ...]]:
    """Return a query for the groups, each behind the number of all: a single row if too many."""
    joins = [key.join_distinct() if whole else key.join_each() for key in keys]
    shown = ", ".join(_shown(by, f"k{number}") for number, by in enumerate(asked))
    order = ", ".join(
        f"k{number}{'' if by in _IN_ORDER else _BY_CODE} NULLS LAST"
        for number, by in enumerate(asked)
    )
    selected = ", ".join(f"{key.sql} AS k{number}" for number, key in enumerate(keys))
    # Groups are counted before they are sorted, written and sent, which costs as much as summing.
    sql = (
        f"WITH kept AS ({kept}), grouped ({_names(keys)}, {_SUM_NAMES}) AS MATERIALIZED ("  # noqa: S608
        f"SELECT {_names(keys)}, {_SUMS} FROM (SELECT {selected}, {', '.join(_TOLLS)} "
        f"FROM kept {' '.join(sql for sql, _ in joins)}) AS keyed GROUP BY {_names(keys)}), "
        f"number (n) AS (SELECT count(*) FROM grouped) "
        f"SELECT n, {shown}, {_SUM_NAMES} FROM number CROSS JOIN LATERAL "
        f"(SELECT * FROM grouped LIMIT CASE WHEN n > {limit.MOST} THEN 1 END) AS shown "
        f"ORDER BY {order}"
    )
    return sql, (*given, *(value for _, values in joins for value in values))


def _names(keys: list[Key]) -> str:
    return ", ".join(f"k{number}" for number in range(len(keys)))


def _shown(by: str, key: str) -> str:
    """Return the key of a whole group as text, which to write for each row costs half of all."""
    return f"to_char({key}, '{_SHAPES[GroupBy(by)]}')" if by in TIMES else f"{key}::text"


def _group(sums: tuple[Any, ...], keys: tuple[str | None, ...] = ()) -> Group:
    """Return a group of a row of sums, in the order of _SUMS."""
    number, *rest = map(int, sums)
    killed, injured = (
        dict(zip(("low", "best", "high", "unknown"), told, strict=True))
        for told in ((*rest[:3], rest[6]), (*rest[3:6], rest[7]))
    )
    return Group(keys, number, killed, injured)
