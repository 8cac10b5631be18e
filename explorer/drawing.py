"""Where the marks of pictures are: server-side SVG whose horizontal positions are percentages.

So a picture is as wide as its place, and its text keeps its size. Certain is a solid mark, possible
a hatched one, and an end that is not known an arrow. Templates draw the marks.
"""

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext_lazy

from publishing.presentation.frames import percent
from publishing.presentation.words import Range

MAX_MONTHS = 180
"""The largest number of months that are drawn; a longer time is drawn by year."""
HEIGHT = 120
"""The height of the highest bar, in pixels."""
_MAX_TICKS = 6
_MAX_DAYS_BY_MONTH = 365
_MAX_MONTH_TICKS, _LAST_MONTH_TICK = 4, 0.86
"""A month is labelled by more than a year is: the label of one at the end would be cut off."""
_NARROWEST = 0.012
"""The part of a scale that a bar has at least, so that it is seen."""
_MARGIN = 0.02
"""The part of a scale of numbers that is left free on each side, for arrows and dots."""


class Tick(NamedTuple):
    """A labelled line across a picture."""

    x: str
    text: str
    anchor: str = "middle"
    """How the text lies at the line: at the edges it must not leave the picture."""


class Span(NamedTuple):
    """A part of a row of a picture, from left to right."""

    x: str
    width: str


class Bar(NamedTuple):
    """A row of a picture of periods: the days that are certain, and those that are possible."""

    certain: Span | None
    possible: Span | None
    is_open_at_start: bool
    is_open_at_end: bool


class Dated(NamedTuple):
    """A row of a document with a period, and its bar."""

    row: Mapping[str, Any]
    bar: Bar | None


class TimeAxis:
    """An axis of whole years, or of whole months if the days lie within about a year."""

    def __init__(self, days: Iterable[date]) -> None:
        known = sorted(days)
        first, last = known[0], known[-1]
        self.by_month = (last - first).days <= _MAX_DAYS_BY_MONTH
        if self.by_month:
            self.first = first.replace(day=1)
            self.last = last.replace(day=monthrange(last.year, last.month)[1])
        else:
            self.first = date(first.year, 1, 1)
            self.last = date(last.year, 12, 31)
        self._length = (self.last - self.first).days + 1

    def place(self, day: date) -> float:
        """Return the share of the width at which a day begins."""
        return min(1, max(0, (day - self.first).days / self._length))

    @property
    def ticks(self) -> list[Tick]:
        """The years or months that are labelled."""
        if self.by_month:
            return self._list_months()
        years = self.last.year - self.first.year + 1
        step = next(step for step in _steps() if years / step <= _MAX_TICKS)
        labelled = [y for y in range(self.first.year, self.last.year + 1) if y % step == 0]
        ticks = [Tick(percent(self.place(date(y, 1, 1))), str(y), "start") for y in labelled]
        return ticks or [Tick(percent(0), str(self.first.year), "start")]

    def _list_months(self) -> list[Tick]:
        first = 12 * self.first.year + self.first.month - 1
        last = 12 * self.last.year + self.last.month - 1
        step = next(step for step in (1, 2, 3, 4) if (last - first + 1) / step <= _MAX_MONTH_TICKS)
        months = [date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1, step)]
        shown = [month for month in months if self.place(month) <= _LAST_MONTH_TICK]
        return [Tick(percent(self.place(m)), date_format(m, "M Y"), "start") for m in shown]

    def draw(self, validity: Mapping[str, Any]) -> Bar | None:
        """Return the bar of a period, or None if nothing is known of its days."""
        possible, certain = validity["possible"], validity["certain"]
        if possible["first"] is None and possible["last"] is None and not certain:
            return None
        return Bar(
            certain and self._span(certain),
            self._span(possible),
            possible["first"] is None,
            possible["last"] is None,
        )

    def _span(self, days: Mapping[str, str | None]) -> Span:
        start = self.place(date.fromisoformat(days["first"])) if days["first"] else 0.0
        end = 1.0
        if days["last"]:
            end = self.place(_next_day(date.fromisoformat(days["last"])))
        return Span(percent(start), percent(max(end - start, 0.004)))


def _next_day(day: date) -> date:
    return day if day == date.max else day + timedelta(1)


def _steps() -> Iterable[int]:
    magnitude = 1
    while True:
        yield from (magnitude, 2 * magnitude, 5 * magnitude)
        magnitude *= 10


def make_time_axis(validities: Iterable[Mapping[str, Any]], until: date) -> TimeAxis | None:
    """Return the axis of some periods, up to a day at least; None if none of them has a date."""
    days = [
        date.fromisoformat(day)
        for validity in validities
        for span in (validity["possible"], validity["certain"])
        for day in (span or {}).values()
        if day
    ]
    return TimeAxis([*days, until]) if days else None


class Column(NamedTuple):
    """A month or a year of a chart: its numbers, and its two bars."""

    period: str
    certain: int
    possible: int
    """How many more may belong to it."""
    x: str
    width: str
    solid_y: int
    solid_height: int
    open_y: int
    open_height: int
    is_unfinished: bool


class Chart(NamedTuple):
    """Incidents by month, or by year if there are too many months."""

    by_month: bool
    columns: list[Column]
    ticks: list[Tick]
    top: int
    """The largest number, at the top of the chart."""
    years: list[tuple[int, int]]
    """The number of incidents in each year of which the month is not known."""
    undated: int
    """The number of incidents of which not even the year is known."""
    height: int = HEIGHT


def draw_chart(groups: Sequence[Mapping[str, Any]], now: date) -> Chart | None:
    """Return the chart of statistics by year and by month; None if there is nothing to draw.

    An incident of which only the year is known may lie in each month of the year.
    """
    months: dict[tuple[int, int], int] = {}
    years: dict[int, int] = {}
    undated = 0
    for group in groups:
        year, month = (key["key"] for key in group["keys"])
        if month:
            months[int(month[:4]), int(month[5:7])] = group["incidents"]
        elif year:
            years[int(year)] = group["incidents"]
        else:
            undated += group["incidents"]
    known = {year for year, _ in months} | years.keys()
    if not known:
        return Chart(True, [], [], 0, [], undated) if undated else None
    span = range(min(known), max(known) + 1)
    by_month = len(span) * 12 <= MAX_MONTHS
    rows = [
        (f"{year}-{month:02}", months.get((year, month), 0), years.get(year, 0), (year, month))
        for year in span
        for month in range(1, 13)
    ]
    if not by_month:
        rows = [
            (
                str(year),
                sum(months.get((year, m), 0) for m in range(1, 13)) + years.get(year, 0),
                0,
                (year, 12),
            )
            for year in span
        ]
    top = max(certain + possible for _, certain, possible, _ in rows) or 1
    columns = []
    for at, (period, certain, possible, when) in enumerate(rows):
        solid, whole = (round(HEIGHT * n / top) for n in (certain, certain + possible))
        columns.append(
            Column(
                period,
                certain,
                possible,
                percent((at + 0.1) / len(rows)),
                percent(0.8 / len(rows)),
                HEIGHT - solid,
                solid,
                HEIGHT - whole,
                whole - solid,
                when >= (now.year, now.month),
            )
        )
    ticks = _list_years(span) if len(span) > 1 else _list_quarters(span[0])
    return Chart(by_month, columns, ticks, top, sorted(years.items()) if by_month else [], undated)


def _list_years(span: range) -> list[Tick]:
    step = next(step for step in _steps() if len(span) / step <= _MAX_TICKS)
    return [
        Tick(percent((year - span[0]) / len(span)), str(year), "start")
        for year in span
        if (year - span[0]) % step == 0
    ]


def _list_quarters(year: int) -> list[Tick]:
    """Return the first months of quarters: a chart of one year has a column for each month."""
    months = [date(year, month, 1) for month in (1, 4, 7, 10)]
    return [
        Tick(percent((month.month - 1) / 12), date_format(month, "M Y"), "start")
        for month in months
    ]


class Line(NamedTuple):
    """A number on a scale: a line from low to high, a dot for the best, arrows at open ends."""

    line: tuple[str, str] | None
    dot: str | None
    is_open_below: bool
    is_open_above: bool


class NumberScale:
    """A scale of numbers from 0 to the largest one."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        numbers = [n for row in rows for n in Range.of(row) if n is not None]
        self.top = max(numbers, default=0) or 1

    @property
    def ticks(self) -> list[Tick]:
        """The ends of the scale."""
        return [
            Tick(percent(self._place(0)), "0", "start"),
            Tick(percent(self._place(self.top)), f"{self.top:,}", "end"),
        ]

    def draw(self, row: Mapping[str, Any]) -> Line | None:
        """Return the line of a number, or None if there is no number."""
        low, best, high = number = Range.of(row)
        if not number.is_known:
            return None
        known = [n for n in number if n is not None]
        below, above = low is None and best is None, high is None and best is None
        start, end = (0 if below else min(known)), (self.top if above else max(known))
        line = (percent(self._place(start)), percent(self._place(end))) if start < end else None
        dot = best if best is not None else (low if low == high else None)
        at = None if dot is None else percent(self._place(dot))
        if line is None and at is None:  # "at least" the largest number of the scale
            at = percent(self._place(known[0]))
        return Line(line, at, below, above)

    def _place(self, number: int) -> float:
        return 2 * _MARGIN + (1 - 4 * _MARGIN) * number / self.top


class LagAxis:
    """An axis of days after an incident: logarithmic, for most is said in the first days."""

    LABELS = (
        (0, "0"),
        (1, gettext_lazy("1 d")),
        (7, gettext_lazy("1 w")),
        (30, gettext_lazy("1 m")),
        (365, gettext_lazy("1 y")),
        (3650, gettext_lazy("10 y")),
    )
    """Numbers of days, with what the axis calls them: a day, a week, a month, a year, ten years."""

    def __init__(self, days: Iterable[int]) -> None:
        known = [*days, 7]
        self._first, self._last = _log(min(0, *known)), _log(max(known))

    def place(self, days: int) -> float:
        """Return the share of the width of a number of days."""
        share = (_log(days) - self._first) / (self._last - self._first)
        return 2 * _MARGIN + (1 - 4 * _MARGIN) * share

    @property
    def ticks(self) -> list[Tick]:
        """The labelled numbers of days."""
        shown = [(d, text) for d, text in self.LABELS if _log(d) <= self._last]
        return [Tick(percent(self.place(days)), str(text)) for days, text in shown]

    def span(self, first: int, last: int) -> Span:
        """Return the part of the axis between two numbers of days."""
        start, end = self.place(first), self.place(last)
        return Span(percent(start), percent(max(end - start, _NARROWEST)))


def _log(days: int) -> float:
    return math.copysign(math.log1p(abs(days)), days)
