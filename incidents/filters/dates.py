"""The filters by date of occurrence."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from api.filters import DateFilters
from api.parameters import FirstDayParameter, LastDayParameter, Parameter
from dates import DateError, parse_day_range
from publishing.codes import DatePrecision

PRECISIONS: dict[str, list[DatePrecision]] = {
    "week": [DatePrecision.DAY, DatePrecision.DAYS, DatePrecision.WEEK],
    "month": [DatePrecision.DAY, DatePrecision.DAYS, DatePrecision.WEEK, DatePrecision.MONTH],
    "year": [p for p in DatePrecision if p not in (DatePrecision.LONGER, DatePrecision.UNKNOWN)],
}
"""The precisions of dates that can be counted by a unit of time."""


class Period(NamedTuple):
    """The days of a year, a month or a week, and which of the three it is."""

    first: date
    last: date
    unit: str


class PeriodParameter(Parameter):
    """A year, a month or an ISO week."""

    schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}|-W\d{2})?$"}

    def parse(self, text: str) -> Period:
        try:
            if re.fullmatch(r"\d{4}-W\d{2}", text, re.ASCII):
                first = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
                rest = min(timedelta(days=6), date.max - first)  # in the last week of 9999
                return Period(first, first + rest, "week")
            if re.fullmatch(r"\d{4}(-\d{2})?", text, re.ASCII):
                return Period(*parse_day_range(text), "year" if len(text) == 4 else "month")
        except (DateError, ValueError, OverflowError) as fault:
            raise ValueError(f"This period does not exist: {fault}") from fault
        raise ValueError("Use a year, a month or a week, such as 2014, 2014-06 or 2014-W24.")


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
        "Incidents whose first day lies in this year (2014), month (2014-06) or week (2014-W24), "
        "and is known at least as precisely. Statistics count incidents in the same way.",
        method="filter_start",
    )

    def filter_start(self, entries: QuerySet, name: str, period: Period) -> QuerySet:
        """Return the incidents that are known to start in the period."""
        return entries.filter(
            order_date__gte=period.first,
            order_date__lte=period.last,
            date_precision__in=PRECISIONS[period.unit],
        )
