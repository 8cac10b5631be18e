"""The keys of groups: columns of index entries or of their side rows."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BigIntegerField

from api.filtersets import SideFilterGroup
from incidents.filters.citations import CitationFilters
from incidents.filters.counting import CountingFilterSet
from incidents.filters.dates import PRECISIONS, OccurrenceFilters
from incidents.filters.involvements import InvolvementFilters
from incidents.filters.statistics import ACTORS, RECORDS, TIMES, GroupBy
from incidents.filters.weapons import TargetFilters, WeaponFilters

_FORMATS = {
    GroupBy.YEAR: "YYYY",
    GroupBy.QUARTER: 'YYYY-"Q"Q',
    GroupBy.MONTH: "YYYY-MM",
    GroupBy.WEEK: 'IYYY-"W"IW',
    GroupBy.DAY: "YYYY-MM-DD",
}
_SORTED_AS_TEXT = (*TIMES, *RECORDS)
"""The keys that need no collation to sort by code point."""
_TEXT = '::text COLLATE "C"'
_SEQ = RawSQL("filtered.seq", (), BigIntegerField())
Sql = tuple[str, tuple[Any, ...]]
"""A statement, or a part of one, and its parameters."""


class Key(NamedTuple):
    """The key of a group as SQL, and the side rows that have it, if they do."""

    sql: str
    alias: str = ""
    rows: QuerySet | None = None
    column: str = ""
    condition: Sql = ("true", ())
    """The condition that the key is one of those that count."""
    required: bool = False
    """Whether only incidents with side rows count."""

    def restrict(self, values: Collection[Any]) -> "Key":
        """Return a key by which only these values form groups."""
        known = [value for value in values if value is not None]
        parts = [f"{self.sql} = ANY (%s)"] * bool(known) + [f"{self.sql} IS NULL"] * (
            len(known) < len(values)
        )
        condition = f"({' OR '.join(parts or ['false'])})", (known,) if known else ()
        return self._replace(condition=condition)

    def join_each(self) -> Sql:
        """Look up the side rows of each entry, which is fastest if the entries are few."""
        if self.rows is None:
            return "", ()
        sql, params = compile_query(
            self.rows.filter(seq=_SEQ).values_list("seq", self.column).distinct()
        )
        return f"LEFT JOIN LATERAL ({sql}) AS {self.alias} (seq, key) ON true", params

    def join_distinct(self) -> Sql:
        """Read all side rows at once, which is twice as fast if the entries are many."""
        return self._join(distinct=True)

    def join_all(self) -> Sql:
        """Join all side rows, even if several have the same key."""
        return self._join(distinct=False)

    def _join(self, *, distinct: bool) -> Sql:
        if self.rows is None:
            return "", ()
        rows = self.rows.values_list("seq", self.column)
        sql, params = compile_query(rows.distinct() if distinct else rows)
        return (
            f"{'' if self.required else 'LEFT '}JOIN ({sql}) AS {self.alias} (seq, key) "
            f"ON {self.alias}.seq = filtered.seq",
            params,
        )


def build_key(filters: CountingFilterSet, by: str, alias: str, *, narrow: bool = True) -> Key:
    """Return the key for a value of `group_by`; `alias` is the SQL alias of its side rows.

    With `narrow`, only the side rows of the incidents of an actor are read, if that is fast.
    """
    if by in TIMES:
        precisions = ", ".join(f"'{word}'" for word in PRECISIONS[by])
        counted = f"date_precision IN ({precisions})"
        if filters.group(OccurrenceFilters).by_first_day:
            counted = f"order_date > '{date.min}'"
        return Key(f"CASE WHEN {counted} THEN date_trunc('{by}', order_date::timestamp) END")
    required = bool(filters.by_actor and by == filters.by_actor.name)
    if filters.by_actor and required:
        rows, column = filters.by_actor.rows, "actor"
    elif by in ACTORS:
        rows, column = filters.group(InvolvementFilters).find_rows(by), "actor"
    elif by in (GroupBy.WEAPON, GroupBy.TARGET_TYPE):
        weapons = by == GroupBy.WEAPON
        kind: type[SideFilterGroup] = WeaponFilters if weapons else TargetFilters
        rows = filters.group(kind).filter_rows(kind.model.objects.all())
        column = "weapon" if weapons else "type"
    elif by in (GroupBy.SOURCE, GroupBy.PUBLISHER):
        rows, column = filters.group(CitationFilters).find_cited(by), by
    else:
        return Key(f"nullif({by}, '')")
    if filters.by_actor and narrow and not required:
        rows = rows.filter(filters.by_actor.seqs)
    try:
        compile_query(rows)
    except EmptyResultSet:
        return Key("NULL")
    return Key(f"{alias}.key", alias, rows, column, required=required)


def compile_query(rows: QuerySet) -> Sql:
    """Return the SQL of rows without an order, and its parameters. Raises EmptyResultSet."""
    sql, params = rows.order_by().query.sql_with_params()
    return sql, tuple(params)


def sort_key(by: str, key: str) -> str:
    """Return the order of a key: by code point, null last."""
    return f"{key}{'' if by in _SORTED_AS_TEXT else _TEXT} NULLS LAST"


def format_key(by: str, key: str) -> str:
    """Return the key of a group as text. Formatting keys by row would double the cost of all."""
    return f"to_char({key}, '{_FORMATS[GroupBy(by)]}')" if by in TIMES else f"{key}::text"
