"""Series: incidents by interval of time, certain and possible, and those whose date is too coarse.

The database sums up the incidents that begin and end in the same intervals. There are few such
sums, so they are spread over the intervals here.
"""

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate, islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from incidents.filters.dates import PRECISIONS
from incidents.filters.series import SeriesFilterSet
from incidents.filters.statistics import SUMS
from incidents.statistics.keys import Key, Sql, build_key, compile_query, format_key, sort_key
from incidents.statistics.periods import find_bounds, list_periods, name_period, parse_period
from incidents.statistics.sources import SUMS_OF_MEASURE, filter_counted

MAX_INTERVALS = 10_000
"""The maximum number of intervals of all series of an answer."""
_MEASURES = ["count(*)", *(sql.format("killed") for sql in SUMS_OF_MEASURE.values())]
_COLUMNS = (
    *("order_date", "last_date", "certain", "gaps", "date_precision", "event_type", "sub_type"),
    *("violence", "outcome", "granularity", "country", "admin1", "precision", "claim_status"),
    *("attribution_status", "killed_low", "killed", "killed_high"),
)
_NOTHING = (0,) * len(_MEASURES)


class TooManyIntervalsError(Exception):
    """There are more than MAX_INTERVALS intervals."""


class Numbers(NamedTuple):
    """A number of incidents, with the sums of the people killed."""

    incidents: int
    killed: dict[str, int]


class Interval(NamedTuple):
    """An interval of a series."""

    name: str
    first: date
    last: date
    certain: Numbers
    """The incidents all of whose possible days lie in it."""
    possible: Numbers
    """The incidents of which a possible day lies in it."""
    coarser: int
    """The number of the possible ones whose date is less precise than the interval."""


class Series(NamedTuple):
    """The incidents with the same key: all are certain, coarser or between, and only one of it."""

    key: str | None
    total: Numbers
    intervals: list[Interval]
    coarser: dict[int | None, Numbers]
    """Incidents whose date is less precise than an interval, by year; None if it is longer."""
    between: Numbers
    """Incidents with a precise date that is doubtful, or on several intervals."""


class SeriesCounts(NamedTuple):
    """The series of an answer, the largest first."""

    incidents: int
    """The number of incidents, each counted once."""
    keys: int
    """The number of all keys, including those that a limit leaves out."""
    series: list[Series]


class _Span(NamedTuple):
    """Incidents that begin and end in the same intervals."""

    first: date
    last: date
    is_certain: bool
    is_coarse: bool
    year: int | None
    gaps: list[Any] | None
    sums: tuple[int, ...]


def count_series(filters: SeriesFilterSet) -> SeriesCounts:
    """Return the series of a request. Raises TooManyIntervalsError."""
    try:
        entries = filter_counted(filters, filters.find_all())
        filtered = compile_query(entries.values_list("seq", *_COLUMNS))
    except EmptyResultSet:
        empty = [] if filters.params["by"] else [_make_series(None, [], [])]
        return SeriesCounts(0, len(empty), empty)
    key, keys, incidents = Key("NULL::text"), 1, None
    order: list[str | None] = [None]
    if by := filters.params["by"]:
        key = build_key(filters, by, "g")
        values, keys, incidents = _rank_keys(filtered, key, by, filters.params["limit"])
        order = [text for _, text in values]
        key = key.restrict([value for value, _ in values])
    spans = _read_spans(filtered, key, filters.params["interval"])
    names = _list_intervals(filters, [span for listed in spans.values() for span in listed])
    if len(names) * len(order) > MAX_INTERVALS:
        raise TooManyIntervalsError
    series = [_make_series(text, names, spans.get(text, [])) for text in order]
    if incidents is None:
        incidents = series[0].total.incidents
    return SeriesCounts(incidents, keys, series)


def _rank_keys(
    filtered: Sql, key: Key, by: str, limit: int
) -> tuple[list[tuple[Any, str | None]], int, int]:
    """Return the most frequent keys, each also as text, the number of keys, and of incidents."""
    join, params = key.join_distinct()
    sql = (
        f"WITH filtered AS MATERIALIZED ({filtered[0]}) "  # noqa: S608
        f"SELECT k, {format_key(by, 'k')} AS text, count(*) OVER (), "
        "(SELECT count(*) FROM filtered) FROM "
        f"(SELECT {key.sql} AS k, count(*) AS n FROM filtered {join} GROUP BY 1) AS counted "
        f"ORDER BY n DESC, {sort_key(by, 'k')} LIMIT {limit}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*filtered[1], *params))
        rows = cursor.fetchall()
    _, _, keys, incidents = rows[0] if rows else (None, None, 0, 0)
    return [(value, text) for value, text, *_ in rows], keys, incidents


def _read_spans(filtered: Sql, key: Key, unit: str) -> dict[str | None, list[_Span]]:
    """Return the sums of incidents that begin and end in the same intervals, by key."""
    join, params = key.join_distinct()
    precise = ", ".join(f"'{word}'" for word in PRECISIONS[unit])
    first, last = (f"date_trunc('{unit}', {day}::timestamp)" for day in ("order_date", "last_date"))
    years = "date_part('year', order_date)", "date_part('year', last_date)"
    sql = (
        f"WITH filtered AS ({filtered[0]}) SELECT key::text, first::date, last::date, is_certain, "  # noqa: S608
        f"is_coarse, CASE WHEN is_coarse AND NOT is_certain AND first_year = last_year "
        f"THEN first_year END::int AS year, gaps, {', '.join(_MEASURES)} FROM "
        f"(SELECT filtered.*, {key.sql} AS key, {first} AS first, {last} AS last, "
        f"{years[0]} AS first_year, {years[1]} AS last_year, "
        f"certain AND {first} = {last} AS is_certain, "
        f"date_precision NOT IN ({precise}) AS is_coarse "
        f"FROM filtered {join} WHERE {key.condition[0]}) AS keyed "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )
    spans: dict[str | None, list[_Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, (*filtered[1], *params, *key.condition[1]))
        for text, *columns in cursor.fetchall():
            first, last, is_certain, is_coarse, year, gaps, *sums = columns
            numbers = tuple(map(int, sums))
            span = _Span(first, last, is_certain, is_coarse, year, gaps, numbers)
            spans.setdefault(text, []).append(span)
    return spans


def _list_intervals(filters: SeriesFilterSet, spans: list[_Span]) -> list[str]:
    """Return all intervals: of the filters by date, or from the first to the last precise date."""
    unit = filters.params["interval"]
    first, last = find_bounds(filters)
    precise = [span for span in spans if span.is_certain or not span.is_coarse]
    first = first or min((span.first for span in precise), default=None)
    last = last or max(
        (span.last for span in precise if span.last.year < date.max.year), default=None
    )
    if first is None or last is None or first > last:
        return []
    periods = list_periods(name_period(unit, first), name_period(unit, last), unit)
    names = list(islice(periods, MAX_INTERVALS + 1))
    if len(names) > MAX_INTERVALS:
        raise TooManyIntervalsError
    return names


def _make_series(key: str | None, names: list[str], spans: list[_Span]) -> Series:
    """Return the series of the incidents of some spans."""
    days = [parse_period(name) for name in names]
    starts = [first for first, _ in days]
    certain = [_NOTHING] * len(names)
    steps = [_NOTHING] * (len(names) + 1)
    coarse_steps = [0] * (len(names) + 1)
    coarser: dict[int | None, tuple[int, ...]] = {}
    between = total = _NOTHING
    for span in spans:
        total = _add(total, span.sums)
        low, high = bisect_left(starts, span.first), bisect_right(starts, span.last)
        if span.is_certain:
            if low < len(names) and starts[low] == span.first:
                certain[low] = _add(certain[low], span.sums)
        elif span.is_coarse:
            coarser[span.year] = _add(coarser.get(span.year, _NOTHING), span.sums)
        else:
            between = _add(between, span.sums)
        for start, end in _leave_gaps(low, high, days, span):
            steps[start] = _add(steps[start], span.sums)
            steps[end] = _add(steps[end], span.sums, -1)
            if span.is_coarse and not span.is_certain:
                coarse_steps[start] += span.sums[0]
                coarse_steps[end] -= span.sums[0]
    possible = list(accumulate(steps, _add))
    coarse = list(accumulate(coarse_steps))
    intervals = [
        Interval(
            name,
            *days[place],
            _make_numbers(certain[place]),
            _make_numbers(possible[place]),
            coarse[place],
        )
        for place, name in enumerate(names)
    ]
    years = sorted(coarser, key=lambda year: (year is None, year))
    by_year = {year: _make_numbers(coarser[year]) for year in years}
    return Series(key, _make_numbers(total), intervals, by_year, _make_numbers(between))


def _leave_gaps(
    low: int, high: int, days: list[tuple[date, date]], span: _Span
) -> list[tuple[int, int]]:
    """Return the runs of intervals in which incidents may lie: not those within a gap."""
    if not span.gaps:
        return [(low, high)] if low < high else []
    return [
        (place, place + 1)
        for place in range(low, high)
        if not any(gap.lower <= days[place][0] and days[place][1] < gap.upper for gap in span.gaps)
    ]


def _add(sums: tuple[int, ...], others: tuple[int, ...], sign: int = 1) -> tuple[int, ...]:
    return tuple(a + sign * b for a, b in zip(sums, others, strict=True))


def _make_numbers(sums: tuple[int, ...]) -> Numbers:
    return Numbers(sums[0], dict(zip(SUMS, sums[1:], strict=True)))
