"""Years, months and weeks: the days they hold, and those between two of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from incidents.filters.dates import PeriodParameter
from incidents.filters.statistics import TIMES
from incidents.statistics import Group, limit

_PERIOD = PeriodParameter("")


@lru_cache(10_000)
def days(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period, such as 2014, 2014-06 or 2014-W24."""
    first, last, _ = _PERIOD.parse(period)
    return first, last


def within(periods: Sequence[str]) -> str | None:
    """Return the period that lies within all others, if there is one."""
    for one in periods:
        first, last = days(one)
        if all(days(other)[0] <= first and last <= days(other)[1] for other in periods):
            return one
    return None


def filled(groups: list[Group], group_by: Sequence[str]) -> list[Group]:
    """Return groups with empty ones for the periods between the first and the last of a kind.

    It is the first time unit of `group_by` that is filled, for each combination of other keys.
    Raises TooManyGroupsError where there would be more than limit.MOST.
    """
    place = next(n for n, by in enumerate(group_by) if by in TIMES)
    unit = group_by[place]
    known = sorted({group.keys[place] for group in groups if group.keys[place]}, key=str)
    if not known or any(by in TIMES for by in group_by[place + 1 :]):
        return groups
    by_rest: dict[tuple[str | None, ...], dict[str | None, Group]] = defaultdict(dict)
    for group in groups:
        by_rest[_rest(group, place)][group.keys[place]] = group
    periods = list(islice(_between(str(known[0]), str(known[-1]), unit), limit.MOST + 1))
    unknown = sum(group.keys[place] is None for group in groups)
    if len(by_rest) * len(periods) + unknown > limit.MOST:
        raise limit.TooManyGroupsError
    nothing = dict.fromkeys(("low", "best", "high", "unknown"), 0)
    for rest, there in by_rest.items():
        for period in periods:
            if period not in there:
                keys = (*rest[:place], period, *rest[place:])
                groups.append(Group(keys, 0, dict(nothing), dict(nothing)))
    return sorted(groups, key=lambda group: [(key is None, key or "") for key in group.keys])


def _rest(group: Group, place: int) -> tuple[str | None, ...]:
    return (*group.keys[:place], *group.keys[place + 1 :])


def _between(first: str, last: str, unit: str) -> Iterator[str]:
    period = first
    yield period
    while period < last:  # there may be no day after the last one
        after = days(period)[1] + timedelta(days=1)
        year, week, _ = after.isocalendar()
        told = {"year": f"{after.year:04d}", "month": f"{after.year:04d}-{after.month:02d}"}
        period = told.get(unit, f"{year:04d}-W{week:02d}")
        yield period
