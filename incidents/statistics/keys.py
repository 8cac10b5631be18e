"""The keys by which statistics group: a column of the entries, or one of their side rows."""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BigIntegerField

from api.filtersets import SideFilterGroup
from incidents.filters.dates import PRECISIONS
from incidents.filters.involvements import InvolvementFilters
from incidents.filters.statistics import TIMES, GroupBy, StatisticsFilterSet
from incidents.filters.weapons import TargetFilters, WeaponFilters

_OWN = RawSQL("kept.seq", (), BigIntegerField())
Join = tuple[str, tuple[Any, ...]]
"""A join and its parameters."""


class Key(NamedTuple):
    """The key of a group as SQL, and the side rows that it is in, if it is in any."""

    sql: str
    alias: str = ""
    rows: QuerySet | None = None
    column: str = ""

    def join_each(self) -> Join:
        """Look up the side rows of each entry: the shortest way for some of all entries."""
        if self.rows is None:
            return "", ()
        sql, given = compiled(self.rows.filter(seq=_OWN).values_list("seq", self.column).distinct())
        return f"LEFT JOIN LATERAL ({sql}) AS {self.alias} (seq, key) ON true", given

    def join_distinct(self) -> Join:
        """Read all side rows at once: half the cost of looking up those of all entries."""
        return self._join(distinct=True)

    def join_all(self) -> Join:
        """Join side rows as they are, several with one key included."""
        return self._join(distinct=False)

    def _join(self, *, distinct: bool) -> Join:
        if self.rows is None:
            return "", ()
        rows = self.rows.values_list("seq", self.column)
        sql, given = compiled(rows.distinct() if distinct else rows)
        return f"LEFT JOIN ({sql}) AS {self.alias} (seq, key) ON {self.alias}.seq = kept.seq", given


def key_of(filters: StatisticsFilterSet, by: str, alias: str) -> Key:
    """Return the key for a word of `group_by`; `alias` names its side rows."""
    if by in TIMES:
        precisions = ", ".join(f"'{word}'" for word in PRECISIONS[by])
        began = f"date_trunc('{by}', order_date::timestamp)"
        return Key(f"CASE WHEN date_precision IN ({precisions}) THEN {began} END")
    if by in (GroupBy.PERPETRATOR, GroupBy.TARGET):
        rows, column = filters.group(InvolvementFilters).find_rows(by), "actor"
    elif by in (GroupBy.WEAPON, GroupBy.TARGET_TYPE):
        weapons = by == GroupBy.WEAPON
        kind: type[SideFilterGroup] = WeaponFilters if weapons else TargetFilters
        rows = filters.group(kind).filter_rows(kind.model.objects.all())
        column = "weapon" if weapons else "type"
    else:
        return Key(f"nullif({by}, '')")
    try:
        compiled(rows)
    except EmptyResultSet:
        return Key("NULL")
    return Key(f"{alias}.key", alias, rows, column)


def compiled(rows: QuerySet) -> Join:
    """Return rows as SQL, in no order, and its parameters. Raises EmptyResultSet."""
    sql, given = rows.order_by().query.sql_with_params()
    return sql, tuple(given)
