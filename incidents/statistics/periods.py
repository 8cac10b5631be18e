"""Periods of time: the days in them, and the empty ones between groups."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import QuerySet

from incidents.filters.counting import CountingFilterSet
from incidents.filters.dates import PRECISIONS, OccurrenceFilters, PeriodParameter
from incidents.filters.statistics import TIMES, StatisticsFilterSet
from incidents.statistics import NO_CASUALTIES, Group, limit
from publishing.models import Edition

_PERIOD = PeriodParameter("")


@lru_cache(10_000)
def parse_period(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period, such as 2014, 2014-06 or 2014-W24."""
    first, last, _ = _PERIOD.parse(period)
    return first, last


def name_period(unit: str, day: date) -> str:
    """Return the period of this unit that a day lies in."""
    year, week, _ = day.isocalendar()
    return {
        "year": f"{day.year:04d}",
        "quarter": f"{day.year:04d}-Q{(day.month + 2) // 3}",
        "month": f"{day.year:04d}-{day.month:02d}",
        "week": f"{year:04d}-W{week:02d}",
        "day": f"{day.year:04d}-{day.month:02d}-{day.day:02d}",
    }[unit]


def find_innermost(periods: Sequence[str]) -> str | None:
    """Return the period that lies within all others, if there is one."""
    days = {period: parse_period(period) for period in periods}
    for period, (first, last) in days.items():
        if all(start <= first and last <= end for start, end in days.values()):
            return period
    return None


class Filling(NamedTuple):
    """Groups with those for empty periods, and whether most of these periods are empty."""

    groups: list[Group]
    sparse: bool


def fill_periods(groups: list[Group], filters: StatisticsFilterSet) -> Filling:
    """Return groups, including empty ones for all periods of the span of the request.

    The span is that of its filters by date, or else from the first to the last period of a group.
    Groups are added for each combination of the other keys, but not if there are several units of
    time. Raises TooManyGroupsError if there would be more than limit.MAX_GROUPS.
    """
    group_by = filters.group_by
    place, *others = (n for n, by in enumerate(group_by) if by in TIMES)
    unit = group_by[place]
    known = sorted({key for group in groups if (key := group.keys[place])})
    first, last = find_bounds(filters)
    start = name_period(unit, first) if first else known[0] if known else None
    end = name_period(unit, last) if last else known[-1] if known else None
    if others or start is None or end is None or start > end:
        return Filling(groups, sparse=False)
    present: dict[tuple[str | None, ...], set[str | None]] = defaultdict(set)
    if len(group_by) == 1:
        present[()] = set()
    for group in groups:
        present[_other_keys(group, place)].add(group.keys[place])
    periods = list(islice(list_periods(start, end, unit), limit.MAX_GROUPS + 1))
    outside = sum(not (key and start <= key <= end) for key in (g.keys[place] for g in groups))
    if len(present) * len(periods) + outside > limit.MAX_GROUPS:
        raise limit.TooManyGroupsError
    filled = list(groups)
    for other_keys, keys in present.items():
        for period in periods:
            if period not in keys:
                filling = (*other_keys[:place], period, *other_keys[place:])
                filled.append(Group(filling, 0, NO_CASUALTIES))
    filled.sort(key=lambda group: [(key is None, key or "") for key in group.keys])
    unbounded = first is None or last is None
    return Filling(filled, unbounded and len(periods) > 2 * len(known))


def find_bounds(filters: CountingFilterSet) -> tuple[date | None, date | None]:
    """Return the first and the last day that the filters by date give, if they do."""
    params, period = filters.params, filters.params["starts_in"]
    starts = [day for day in (params["occurred_from"], period and period.first) if day]
    ends = [day for day in (params["occurred_to"], period and period.last) if day]
    return max(starts, default=None), min(ends, default=None)


def describe_span(filters: StatisticsFilterSet, entries: QuerySet) -> str:
    """Return a sentence on the first and the last incident, which stretch the span of periods."""
    unit = next(by for by in filters.group_by if by in TIMES)
    dated = entries.filter(order_date__gt=date.min)
    if not filters.group(OccurrenceFilters).by_first_day:
        dated = dated.filter(date_precision__in=PRECISIONS[unit])
    columns = dated.values_list("order_date", "seq")
    ends = [columns.order_by(*order).first() for order in (_EARLIEST, _LATEST)]
    days: dict[int, Any] = {end[1]: end[0] for end in ends if end}
    references = Edition.objects.read_references(days)
    texts = [
        f"“{ref['name']}” on {days[seq]} ({ref['slug'] or ref['id']})"
        for seq, ref in sorted(references.items(), key=lambda pair: days[pair[0]])
    ]
    names = f"The first incident is {texts[0]}, the last {texts[-1]}. " if texts else ""
    return names + "Use `occurred_from` and `occurred_to` for a shorter span."


_EARLIEST, _LATEST = ("order_date", "record"), ("-order_date", "-record")


def _other_keys(group: Group, place: int) -> tuple[str | None, ...]:
    return (*group.keys[:place], *group.keys[place + 1 :])


def list_periods(first: str, last: str, unit: str) -> Iterator[str]:
    """Yield the periods of a unit from the first to the last one."""
    period = first
    yield period
    while period < last:  # the last period may end on the last day of the calendar
        period = name_period(unit, parse_period(period)[1] + timedelta(days=1))
        yield period
