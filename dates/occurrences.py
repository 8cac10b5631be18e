"""When something happened: the days that an incident, a statement or an estimate may lie on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dates.edtf import DateError, DateForm, DateUnit, Edtf, EdtfDate, parse
from dates.spans import Span


class OccurrencePrecision(StrEnum):
    """How closely an occurrence is dated: by the days between its bounds, as UCDP's date_prec."""

    DAY = "day"  # one day; or every day of an interval, of a single event
    DAYS = "days"  # two to six days
    WEEK = "week"  # seven days
    MONTH = "month"  # 8 to 32 days
    SEASON = "season"  # an EDTF season
    YEAR = "year"  # 33 to 367 days
    LONGER = "longer"
    UNKNOWN = "unknown"  # undated


# The most days from start to end (their difference) that still have the precision.
_REACH = (
    (0, OccurrencePrecision.DAY),
    (5, OccurrencePrecision.DAYS),
    (6, OccurrencePrecision.WEEK),
    (31, OccurrencePrecision.MONTH),
    (366, OccurrencePrecision.YEAR),
)


@dataclass(frozen=True, slots=True)
class OccurrenceBounds:
    """The bounds of something that happened; both None when it is undated.

    `every_day`: it lasted, on every day from start to end (the interval of a single event). An
    interval of an aggregate or a series is not: it happened repeatedly, on unstated days.
    `doubted`: the text carries ? or %, so no range certainly holds it.
    """

    start: date | None
    end: date | None
    precision: OccurrencePrecision
    every_day: bool
    doubted: bool

    def possible_in(self, asked: Span) -> bool:
        """Whether it may have happened in the asked days: undated always, else on overlap."""
        return self.start is None or asked.overlaps(Span(self.start, self.end))

    def certain_in(self, asked: Span) -> bool:
        """Whether it surely happened in the asked days: they cover its bounds, undoubted."""
        dated = self.start is not None and not self.doubted
        return dated and asked.covers(Span(self.start, self.end))


UNDATED = OccurrenceBounds(None, None, OccurrencePrecision.UNKNOWN, every_day=False, doubted=False)


def derive_occurrence(text: str, *, single: bool, as_of: date | None) -> OccurrenceBounds:
    """The bounds and precision of an occurrence's EDTF text; an empty text is undated.

    `single` says that it is one event (not an aggregate or a series), `as_of` until when an open
    end (`2019/..`) is known to hold: that day becomes its end.
    Raises DateError for what `parse` refuses, an open start, and an open end whose `as_of` is
    missing or earlier than its start.
    """
    if not text.strip():
        return UNDATED
    edtf = parse(text)
    start, end = edtf.earliest, edtf.latest
    if start is None:
        year = f"{end.year if end else 2014:04}"
        raise DateError(
            f"What happened began some day, but {edtf} has no start: "
            f"write {str(edtf).removeprefix('../')} for some day in it, or a start as in "
            f"{year}/{year}."
        )
    if end is None:
        end = _known_until(edtf, start, as_of)
    every_day = single and edtf.form is DateForm.INTERVAL
    precision = OccurrencePrecision.DAY if every_day else _precision(edtf, start, end)
    return OccurrenceBounds(start, end, precision, every_day, edtf.doubted)


def _known_until(edtf: Edtf, start: date, as_of: date | None) -> date:
    if as_of is None:
        raise DateError(
            f"{edtf} has no end: say as of which day that is known, or write the end, "
            f"as in {start}/{start}."
        )
    if as_of < start:
        raise DateError(f"{edtf} begins after {as_of}, the day as of which it is known.")
    return as_of


def _precision(edtf: Edtf, start: date, end: date) -> OccurrencePrecision:
    match edtf.dates:
        case (EdtfDate(unit=DateUnit.SEASON),):
            return OccurrencePrecision.SEASON
    days = (end - start).days
    return next(
        (precision for reach, precision in _REACH if days <= reach), OccurrencePrecision.LONGER
    )
