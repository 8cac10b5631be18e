"""The filters by date of occurrence."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet, TextChoices

from api.filters import DateFilters
from api.parameters import (
    ChoiceParameter,
    FirstDayParameter,
    LastDayParameter,
    MultipleChoiceParameter,
    Parameter,
)
from api.problems import Fault
from dates import DateError, parse_day_range
from publishing.codes import DatePrecision

_DAY = [DatePrecision.DAY]
_WEEK = [*_DAY, DatePrecision.DAYS, DatePrecision.WEEK]
_MONTH = [*_WEEK, DatePrecision.MONTH]
PRECISIONS: dict[str, list[DatePrecision]] = {
    "day": _DAY,
    "week": _WEEK,
    "month": _MONTH,
    "quarter": _MONTH,  # a season is no quarter
    "year": [*_MONTH, DatePrecision.SEASON, DatePrecision.YEAR],
}
"""The precisions of dates that can be counted by a unit of time."""

_UNITS = {4: "year", 7: "month", 10: "day"}
"""The units by the length of a date."""


class PeriodBy(TextChoices):
    """How an incident gets the period in which it is counted."""

    PRECISE_DATE = "precise_date"
    FIRST_DAY = "first_day"


class Period(NamedTuple):
    """The days of a year, a quarter, a month, a week or a day, and which of them it is."""

    first: date
    last: date
    unit: str


class PeriodParameter(Parameter):
    """A year, a quarter, a month, an ISO week or a day."""

    schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?|-Q[1-4]|-W\d{2})?$"}
    example = "2014-06"

    def parse(self, text: str) -> Period:
        try:
            if re.fullmatch(r"\d{4}-W\d{2}", text, re.ASCII):
                first = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
                rest = min(timedelta(days=6), date.max - first)  # in the last week of 9999
                return Period(first, first + rest, "week")
            if re.fullmatch(r"\d{4}-Q[1-4]", text, re.ASCII):
                year, month = text[:4], 3 * int(text[6:])
                first, _ = parse_day_range(f"{year}-{month - 2:02d}")
                return Period(first, parse_day_range(f"{year}-{month:02d}")[1], "quarter")
            if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text, re.ASCII):
                return Period(*parse_day_range(text), _UNITS[len(text)])
        except (DateError, ValueError, OverflowError) as fault:
            raise ValueError(f"This period does not exist: {fault}") from fault
        raise ValueError(
            "Use a year, a quarter, a month, a week or a day, such as 2014, 2014-Q2, 2014-06, "
            "2014-W24 or 2014-06-10."
        )


class OccurrenceFilters(DateFilters):
    """The filters by date of occurrence."""

    occurred_from = FirstDayParameter(
        "Incidents on this day (or month, or year) or later.",
        method="filter_from",
        at_most="occurred_to",
    )
    occurred_to = LastDayParameter(
        "Incidents on this day (or month, or year) or earlier.", method="filter_to"
    )
    starts_in = PeriodParameter(
        "Incidents whose first day lies in this year (2014), quarter (2014-Q2), month (2014-06), "
        "week (2014-W24) or day (2014-06-10), and is known at least as precisely. Statistics count "
        "incidents in the same way.",
        method="filter_start",
    )
    period_by = ChoiceParameter(
        PeriodBy,
        "For `starts_in` and for statistics by time: with `precise_date`, an incident is in a "
        "period only if its date is known at least as precisely; with `first_day`, every incident "
        "with a first day is in the period of that day, however imprecise its date is.",
        default=PeriodBy.PRECISE_DATE,
    )
    date_precision = MultipleChoiceParameter(
        DatePrecision, "Incidents with this precision of the date.", "date_precision"
    )

    @property
    def by_first_day(self) -> bool:
        """Whether the precision of dates does not matter for periods."""
        return bool(self.params["period_by"] == PeriodBy.FIRST_DAY)

    def check(self) -> Iterator[Fault]:
        yield from super().check()
        grouped = PRECISIONS.keys() & {
            word for name in ("group_by", "facet") for word in self.params.get(name) or ()
        }
        if "period_by" in self.given and "starts_in" not in self.given and not grouped:
            detail = "Use `period_by` only together with `starts_in`, or to group by time."
            yield Fault("contradiction", "period_by", detail)

    def filter_start(self, entries: QuerySet, name: str, period: Period) -> QuerySet:
        """Return the incidents that start in the period."""
        entries = entries.filter(order_date__gte=period.first, order_date__lte=period.last)
        if self.by_first_day:
            return entries.filter(order_date__gt=date.min)
        return entries.filter(date_precision__in=PRECISIONS[period.unit])
