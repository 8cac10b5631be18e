"""By when incidents can be asked for."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from api.dated import Dated
from api.parameters import FirstDay, LastDay, Parameter
from dates import DateError, parse_day_range
from incidents.entries import IncidentEntry
from publishing.codes import DatePrecision
from publishing.models import Edition

UP_TO: dict[str, list[DatePrecision]] = {
    "week": [DatePrecision.DAY, DatePrecision.DAYS, DatePrecision.WEEK],
    "month": [DatePrecision.DAY, DatePrecision.DAYS, DatePrecision.WEEK, DatePrecision.MONTH],
    "year": [p for p in DatePrecision if p not in (DatePrecision.LONGER, DatePrecision.UNKNOWN)],
}
"""By period, the precisions of what can be counted by it."""

_LATEST = (
    f"greatest((SELECT (published_at AT TIME ZONE 'UTC')::date FROM {Edition._meta.db_table} "  # noqa: S608
    f"WHERE seq = %s), (SELECT max(order_date) FROM {IncidentEntry._meta.db_table} "
    "WHERE order_date > (edited_at AT TIME ZONE 'UTC')::date AND seq <= %s))"
)
"""The second half is read off an index that holds next to nothing."""


class Period(NamedTuple):
    """The days of a year, a month or a week, and which of the three it is."""

    first: date
    last: date
    unit: str


class PeriodParameter(Parameter):
    """A year, a month or an ISO week."""

    schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}|-W\d{2})?$"}

    def read(self, text: str) -> Period:
        try:
            if re.fullmatch(r"\d{4}-W\d{2}", text, re.ASCII):
                first = date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
                rest = min(timedelta(days=6), date.max - first)  # of the last week of 9999
                return Period(first, first + rest, "week")
            if re.fullmatch(r"\d{4}(-\d{2})?", text, re.ASCII):
                return Period(*parse_day_range(text), "year" if len(text) == 4 else "month")
        except (DateError, ValueError, OverflowError) as fault:
            raise ValueError(f"There is no such period: {fault}") from fault
        raise ValueError("It is a year, a month or a week: 2014, 2014-06, 2014-W24.")


class Occurred(Dated):
    """The parameters for when it happened."""

    occurred_from = FirstDay("On this day (or month, or year) or later.", method="keep_from")
    occurred_to = LastDay("On this day (or month, or year) or earlier.", method="keep_to")
    starts_in = PeriodParameter(
        "Its first day lies in this year (2014), month (2014-06) or week (2014-W24), and is known "
        "at least so precisely; as statistics count.",
        method="keep_starting",
    )

    pairs = (*Dated.pairs, ("occurred_from", "occurred_to"))

    def latest(self, column: str) -> RawSQL | None:
        """Of incidents: the day of the state, or that of one that was published beforehand."""
        if column != "order_date":
            return super().latest(column)
        return RawSQL(_LATEST, (self.snapshot.seq, self.snapshot.seq))  # noqa: S611

    def keep_starting(self, entries: QuerySet, name: str, asked: Period) -> QuerySet:
        """Keep what began in the period, as far as that is known."""
        return entries.filter(
            order_date__gte=asked.first,
            order_date__lte=asked.last,
            date_precision__in=UP_TO[asked.unit],
        )
