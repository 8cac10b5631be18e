"""Where statistics are summed: over filtered index entries, or over totals kept by publications."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet

from incidents.casualties import COMMON_MEASURES, MEASURES, list_columns
from incidents.entries import HAS_RARE_CASUALTIES, IncidentEntry
from incidents.filters.counting import CountingFilterSet
from incidents.filters.statistics import SUMS, GroupBy, StatisticsFilterSet
from incidents.statistics.keys import Key, Sql, build_key, compile_query
from incidents.totals import ACTORS, COLUMNS, COUNTED, IncidentTotals, TotalsSnapshot

_KEPT = {*COLUMNS, GroupBy.DATE_PRECISION, GroupBy.YEAR, GroupBy.QUARTER, GroupBy.MONTH}
"""The properties of which totals are kept in every combination."""
SUMS_OF_MEASURE = {
    "low": "coalesce(sum(coalesce({0}_low, {0})), 0)",
    "best": "coalesce(sum(coalesce({0}, {0}_low)), 0)",
    "high": "coalesce(sum(coalesce({0}_high, {0}, {0}_low)), 0)",
    "without_best": "count(coalesce({0}, {0}_low, {0}_high)) - count({0})",
    "without_high": "count(coalesce({0}, {0}_low, {0}_high)) - count({0}_high)",
    "unknown": "count(*) - count(coalesce({0}, {0}_low, {0}_high))",
    "out_of_order": "count(*) FILTER (WHERE {0}_low > {0} OR {0} > {0}_high OR {0}_low > {0}_high)",
}
"""By name, a sum over the entries of a group; the columns are those of one measure."""
assert tuple(SUMS_OF_MEASURE) == SUMS
_COLUMNS = (
    *("order_date", "date_precision", "event_type", "sub_type", "violence", "country", "admin1"),
    *("claim_status", "attribution_status", "outcome", "granularity", "precision"),
)


class Source(NamedTuple):
    """Rows to group and to sum, as SQL."""

    rows: Sql
    """The rows that are grouped."""
    all_rows: Sql
    """The rows of which each incident is counted once, for the total."""
    measures: tuple[str, ...]
    sums: list[str]
    """The number of incidents, and the sums of each measure."""
    build_key: Callable[[str, str], Key]
    """Makes the key of a property, with an alias."""


def filter_counted(filters: CountingFilterSet, entries: QuerySet) -> QuerySet:
    """Return the entries that count: without `granularity`, those with a number."""
    if filters.params["granularity"] is not None:
        return entries
    return entries.filter(granularity__in=COUNTED)


def read_entries(filters: StatisticsFilterSet, entries: QuerySet) -> Source:
    """Return filtered index entries as a source. Raises EmptyResultSet if there can be none."""
    measures = _list_measures()
    columns = [column for measure in measures for column in list_columns(measure)]
    rows = all_rows = compile_query(entries.values_list("seq", *_COLUMNS, *columns))
    if filters.by_actor and filters.by_actor.name in filters.group_by:
        # The side rows that are the keys leave no other incidents.
        others = filter_counted(filters, filters.by_actor.others)
        rows = compile_query(others.values_list("seq", *_COLUMNS, *columns))
    sums = ["count(*)", *(sql.format(m) for m in measures for sql in SUMS_OF_MEASURE.values())]
    return Source(rows, all_rows, measures, sums, lambda by, alias: build_key(filters, by, alias))


def read_totals(filters: StatisticsFilterSet) -> Source | None:
    """Return totals as a source, or None if they do not answer the request.

    They do not if the request filters or groups by anything else, or if they stand at another
    snapshot. A publication may take them to a later one at any moment: then there are no rows.
    """
    group_by = set(filters.group_by)
    by_actor = len(group_by) == 1 and group_by <= set(ACTORS)
    if not filters.matches_all or not (by_actor or group_by <= _KEPT):
        return None
    if not stand_at(filters.snapshot.seq):
        return None
    measures = _list_measures()
    kept = " ".join(filters.group_by if by_actor else sorted(group_by & set(COLUMNS)))
    sums = ["coalesce(sum(incidents), 0)"]
    for measure in measures:
        columns = ("known" if name == "unknown" else name for name in SUMS)
        of_measure = {name: f"coalesce(sum({measure}_{name}), 0)" for name in columns}
        of_measure["unknown"] = f"{sums[0]} - {of_measure.pop('known')}"
        sums += [of_measure[name] for name in SUMS]

    def make_key(by: str, alias: str) -> Key:
        return Key("actor") if by_actor else build_key(filters, by, alias)

    return Source(
        _select(kept, filters.snapshot.seq),
        _select("" if by_actor else kept, filters.snapshot.seq),
        measures,
        sums,
        make_key,
    )


def stand_at(seq: int) -> bool:
    """Return whether the totals stand at a snapshot.

    If so, they were already at it when it became public: publications only take them to later ones.
    """
    return TotalsSnapshot.objects.filter(seq=seq).exists()


def _select(by: str, seq: int) -> Sql:
    """Return the totals by some properties, if they stand at a snapshot."""
    return (
        f"SELECT * FROM {IncidentTotals._meta.db_table} WHERE by = %s AND incidents > 0 "  # noqa: S608
        f"AND (SELECT seq FROM {TotalsSnapshot._meta.db_table}) = %s",
        (by, seq),
    )


def _list_measures() -> tuple[str, ...]:
    """Return the measures to sum: rare ones only if any incident has one, since sums take time."""
    has_rare = IncidentEntry.objects.filter(HAS_RARE_CASUALTIES).exists()
    return MEASURES if has_rare else COMMON_MEASURES
