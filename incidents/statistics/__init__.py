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
from django.db.models.expressions import RawSQL
from django.db.models.fields import BigIntegerField

from incidents.codes import Granularity
from incidents.entries import IncidentTargetEntry, IncidentWeaponEntry
from incidents.filters.dates import UP_TO
from incidents.filters.involved import ROLES
from incidents.filters.statistics import TIMES, GroupBy, StatisticsFilters

COUNTED = (Granularity.SINGLE_EVENT.value, Granularity.AGGREGATE.value)
"""What counts unless a question says otherwise: a series has no number."""

MOST = 10_000
"""How many groups there may be."""

_TOLLS = tuple(
    f"{toll}{bound}" for toll in ("killed", "injured") for bound in ("_low", "", "_high")
)
_COLUMNS = (
    *("order_date", "date_precision", "event_type", "sub_type", "violence", "country", "admin1"),
    *("claim_status", "attribution_status", *_TOLLS),
)
_SHAPES = {GroupBy.YEAR: "YYYY", GroupBy.MONTH: "YYYY-MM", GroupBy.WEEK: 'IYYY-"W"IW'}
_BY_CODE = 'COLLATE "C"'
_SUMS = ", ".join(
    ["count(*)", *(f"coalesce(sum({toll}), 0)" for toll in _TOLLS)]
    + [f"count(*) - count({toll})" for toll in ("killed", "injured")]
)
_OWN = RawSQL("kept.seq", (), BigIntegerField())


class Group(NamedTuple):
    """Incidents with the same keys, and the sums of their tolls."""

    keys: tuple[str | None, ...]
    incidents: int
    killed: dict[str, int]
    injured: dict[str, int]


def counted(filters: StatisticsFilters, entries: QuerySet) -> tuple[Group, list[Group]]:
    """Return the sums over all `entries`, each counted once, and over each of their groups.

    The groups are in the order of their keys, null last; there is at most one more than MOST.
    """
    if filters.asked["granularity"] is None:
        entries = entries.filter(granularity__in=COUNTED)
    try:
        kept, given = _sql(entries.values_list("seq", *_COLUMNS))
    except EmptyResultSet:
        return _group((0,) * 9), []
    asked = filters.asked["group_by"]
    joins, keys, more = [], [], list[Any]()
    for number, by in enumerate(asked):
        key, join, values = _keyed(filters, by, f"g{number}")
        keys.append(f"{key} AS k{number}")
        joins.append(join)
        more += values
    names = ", ".join(f"k{number}" for number in range(len(keys)))
    shown = ", ".join(_shown(by, f"k{number}") for number, by in enumerate(asked))
    order = ", ".join(
        f"k{number} {'' if by in TIMES else _BY_CODE} NULLS LAST" for number, by in enumerate(asked)
    )
    grouped = (
        f"SELECT {shown}, {_SUMS} FROM (SELECT {', '.join(keys)}, {', '.join(_TOLLS)} "  # noqa: S608
        f"FROM kept {' '.join(joins)}) AS keyed GROUP BY {names} "
        f"ORDER BY {order} "
        f"LIMIT {MOST + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH kept AS ({kept}) {grouped}", (*given, *more))
        rows = cursor.fetchall()
        sums = [row[len(keys) :] for row in rows]
        if any(joins):
            cursor.execute(f"WITH kept AS ({kept}) SELECT {_SUMS} FROM kept", given)  # noqa: S608
            total = _group(cursor.fetchone())
        else:
            total = _group(tuple(map(sum, zip(*sums, strict=True))) or (0,) * 9)
        return total, [_group(row[len(keys) :], row[: len(keys)]) for row in rows]


def _shown(by: str, key: str) -> str:
    """Return the key of a whole group as it is told: to write each row's time costs half of all."""
    return f"to_char({key}, '{_SHAPES[GroupBy(by)]}')" if by in TIMES else key


def _keyed(filters: StatisticsFilters, by: str, alias: str) -> tuple[str, str, list[Any]]:
    """Return the key of a group as SQL, what must be joined for it, and the parameters of that."""
    if by in TIMES:
        precisions = ", ".join(f"'{word}'" for word in UP_TO[by])
        began = f"date_trunc('{by}', order_date::timestamp)"
        return f"CASE WHEN date_precision IN ({precisions}) THEN {began} END", "", []
    if by in (GroupBy.PERPETRATOR, GroupBy.TARGET):
        rows = filters.involvements(by).filter(role__in=ROLES[by])
        if filters.asked[by] is not None:
            rows = rows.filter(filters.actor_is(by))
        column = "actor"
    elif by in (GroupBy.WEAPON, GroupBy.TARGET_TYPE):
        side = IncidentWeaponEntry if by == GroupBy.WEAPON else IncidentTargetEntry
        rows = side.objects.all()
        for name in filters.groups[side]:
            rows = filters.filters[name].filter(rows, filters.asked[name])
        column = "weapon" if by == GroupBy.WEAPON else "type"
    else:
        return f"nullif({by}, '')", "", []
    try:
        sql, given = _sql(rows.filter(seq=_OWN).values_list(column).distinct())
    except EmptyResultSet:
        return "NULL", "", []
    join = f"LEFT JOIN LATERAL ({sql}) AS {alias} (key) ON true"
    return f"{alias}.key::text", join, list(given)


def _sql(rows: QuerySet) -> tuple[str, tuple[Any, ...]]:
    sql, given = rows.order_by().query.sql_with_params()
    return sql, tuple(given)


def _group(sums: tuple[Any, ...], keys: tuple[str | None, ...] = ()) -> Group:
    """Return a group of a row of sums, in the order of _SUMS."""
    number, *rest = map(int, sums)
    killed, injured = (
        dict(zip(("low", "best", "high", "unknown"), told, strict=True))
        for told in ((*rest[:3], rest[6]), (*rest[3:6], rest[7]))
    )
    return Group(keys, number, killed, injured)
