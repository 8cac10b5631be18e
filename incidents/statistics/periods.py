"""Years, months and weeks: the days in them, and the empty periods between groups."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from incidents.filters.dates import PeriodParameter
from incidents.filters.statistics import TIMES
from incidents.statistics import NO_CASUALTIES, Group, limit

_PERIOD = PeriodParameter("")


@lru_cache(10_000)
def parse_period(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period, such as 2014, 2014-06 or 2014-W24."""
    first, last, _ = _PERIOD.parse(period)
    return first, last


def find_innermost(periods: Sequence[str]) -> str | None:
    """Return the period that lies within all others, if there is one."""
    days = {period: parse_period(period) for period in periods}
    for period, (first, last) in days.items():
        if all(start <= first and last <= end for start, end in days.values()):
            return period
    return None


def fill_periods(groups: list[Group], group_by: Sequence[str]) -> list[Group]:
    """Return groups, including empty ones for the periods between the first and the last period.

    Groups are added for each combination of the other keys, but not if `group_by` has several units
    of time. Raises TooManyGroupsError if there would be more than limit.MAX_GROUPS.
    """
    place = next(n for n, by in enumerate(group_by) if by in TIMES)
    unit = group_by[place]
    known = sorted({group.keys[place] for group in groups if group.keys[place]}, key=str)
    if not known or any(by in TIMES for by in group_by[place + 1 :]):
        return groups
    present: dict[tuple[str | None, ...], set[str | None]] = defaultdict(set)
    for group in groups:
        present[_other_keys(group, place)].add(group.keys[place])
    periods = list(islice(_list_periods(str(known[0]), str(known[-1]), unit), limit.MAX_GROUPS + 1))
    unknown = sum(group.keys[place] is None for group in groups)
    if len(present) * len(periods) + unknown > limit.MAX_GROUPS:
        raise limit.TooManyGroupsError
    for others, keys in present.items():
        for period in periods:
            if period not in keys:
                filled = (*others[:place], period, *others[place:])
                groups.append(Group(filled, 0, NO_CASUALTIES))
    return sorted(groups, key=lambda group: [(key is None, key or "") for key in group.keys])


def _other_keys(group: Group, place: int) -> tuple[str | None, ...]:
    return (*group.keys[:place], *group.keys[place + 1 :])


def _list_periods(first: str, last: str, unit: str) -> Iterator[str]:
    period = first
    yield period
    while period < last:  # the last period may end on the last day of the calendar
        after = parse_period(period)[1] + timedelta(days=1)
        year, week, _ = after.isocalendar()
        texts = {"year": f"{after.year:04d}", "month": f"{after.year:04d}-{after.month:02d}"}
        period = texts.get(unit, f"{year:04d}-W{week:02d}")
        yield period
