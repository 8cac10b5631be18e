"""The days that follow from date texts.

An *occurrence* (an incident, a statement, an estimate) has a first and a last possible day. A
*validity* (an affiliation, a name, the existence of an actor) has certain days, on which it was
valid, and possible days, on which it may have been valid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dates.edtf import DateError, DateForm, DateUnit, Edtf, EdtfDate, parse


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `lower` to `upper`, both included; None is unbounded. A span is never empty.

    An upper bound of 9999-12-31 becomes None: PostgreSQL would store it as a range that ends
    before 10000-01-01, a day that Python cannot read back.

    Raises DateError if `lower` is later than `upper`.
    """

    lower: date | None = None
    upper: date | None = None

    def __post_init__(self) -> None:
        if self.lower and self.upper and self.lower > self.upper:
            raise DateError(
                f"{self.lower} to {self.upper} ends before it begins: "
                f"write {self.upper} to {self.lower}."
            )
        if self.upper == date.max:
            object.__setattr__(self, "upper", None)

    def __iter__(self) -> Iterator[date | None]:
        """Yield the two bounds, to allow `lower, upper = span`."""
        yield self.lower
        yield self.upper


class OccurrencePrecision(StrEnum):
    """How precisely an occurrence is dated, by the number of days that it may lie on.

    The steps are those of UCDP's `date_prec`.
    """

    DAY = "day"  # one day, or an interval of a single event with both ends known to the day
    DAYS = "days"  # two to six days
    WEEK = "week"  # seven days
    MONTH = "month"  # 8 to 32 days
    SEASON = "season"  # an EDTF season
    YEAR = "year"  # 33 to 367 days
    LONGER = "longer"  # more, or an open end
    UNKNOWN = "unknown"  # undated


# The largest difference in days between end and start that still has each precision.
_MAX_DIFFERENCES = (
    (0, OccurrencePrecision.DAY),
    (5, OccurrencePrecision.DAYS),
    (6, OccurrencePrecision.WEEK),
    (31, OccurrencePrecision.MONTH),
    (366, OccurrencePrecision.YEAR),
)


@dataclass(frozen=True, slots=True)
class OccurrenceBounds:
    """The first and last possible day of an occurrence; both are None if it is undated.

    Only the last is None if the end is open and it is not known how far: then it is possible on
    every day from its start, and certain on none.
    """

    start: date | None
    end: date | None
    precision: OccurrencePrecision


UNDATED = OccurrenceBounds(None, None, OccurrencePrecision.UNKNOWN)


def derive_occurrence(text: str, *, single: bool, as_of: date | None) -> OccurrenceBounds:
    """Return the bounds and the precision of an occurrence; an empty text is undated.

    `single` is true for one event, which lasted on every day of an interval. It is false for an
    aggregate or a series, which happened on unstated days of it. `as_of` is the last day for which
    an open end (`2019/..`) is known: that day becomes its end. Without it there is no end.

    Raises DateError for a text that `parse` refuses, for an open start, and for an open end if
    `as_of` is earlier than the start.
    """
    if not text.strip():
        return UNDATED
    edtf = parse(text)
    start, end = edtf.earliest, edtf.latest
    if start is None:
        year = f"{end.year if end else 2014:04}"
        raise DateError(
            f"{edtf} has no start: write {str(edtf).removeprefix('../')} for some day in it, or "
            f"add a start, as in {year}/{year}."
        )
    if end is None and as_of is not None:
        if as_of < start:
            raise DateError(f"{edtf} begins after {as_of}, the day as of which this is known.")
        end = as_of
    if end is None:
        precision = OccurrencePrecision.LONGER
    elif single and edtf.form is DateForm.INTERVAL:
        # Every day of it is known as precisely as the coarser of its ends. `as_of` is one day.
        ends = (_derive_date_precision(each) for each in edtf.dates if each)
        precision = max(ends, key=_FINEST_FIRST.index)
    else:
        (first, *others) = edtf.dates
        precision = (
            _derive_date_precision(first)
            if first and not others
            else _derive_days_precision(start, end)
        )
    return OccurrenceBounds(start, end, precision)


_FINEST_FIRST = list(OccurrencePrecision)


def _derive_date_precision(day: EdtfDate) -> OccurrencePrecision:
    """Return the precision of one date."""
    if day.unit is DateUnit.SEASON:
        return OccurrencePrecision.SEASON
    return _derive_days_precision(day.earliest, day.latest)


def _derive_days_precision(start: date, end: date) -> OccurrencePrecision:
    """Return the precision of some day between two days."""
    days = (end - start).days
    return next(
        (precision for maximum, precision in _MAX_DIFFERENCES if days <= maximum),
        OccurrencePrecision.LONGER,
    )


START_KINDS = ("actual", "first_cited", "unknown")
END_KINDS = ("actual", "last_cited", "ongoing", "unknown")


@dataclass(frozen=True, slots=True)
class ValidityRanges:
    """The days on which something was certainly and possibly valid.

    `certain` is None if there is no such day. `possible` includes `certain`.
    """

    certain: Span | None
    possible: Span


def derive_validity(
    start: str, end: str, start_kind: str, end_kind: str, last_verified: date | None
) -> ValidityRanges:
    """Return the days on which something was certainly and possibly valid.

    `start` and `end` are EDTF dates or sets; the kinds are those of Security Force Monitor's
    research handbook.

    *Certain* runs from the latest possible start to the earliest possible end. Without a dated end
    (ongoing, unknown) it runs to `last_verified`, the last day on which it was known to be valid.
    No day is certain if there is no dated start, if there is neither a dated end nor a
    verification, or if either date has ? or %.

    *Possible* runs from the earliest possible start to the latest possible end. It is unbounded
    before a start of the kind first_cited or unknown, and after an end of the kind last_cited,
    ongoing or unknown.

    A date of the kind unknown may be the actual date or a citation. It was valid on that day in
    both cases, so such a date bounds the certain days and not the possible ones.

    Raises DateError for a text that `parse` refuses, for an interval, and if the dates contradict
    each other.
    """
    started = _parse_end("start", start, start_kind, START_KINDS, undated=("unknown",))
    ended = _parse_end("end", end, end_kind, END_KINDS, undated=("ongoing", "unknown"))
    if started and ended and _earliest(started) > _latest(ended):
        raise DateError(f"The start {started} is later than the end {ended}: exchange them.")
    if started and last_verified and _earliest(started) > last_verified:
        raise DateError(
            f"The last verification, {last_verified}, is before the start {started}: "
            f"correct one of them."
        )
    if ended and last_verified and end_kind == "actual" and _latest(ended) < last_verified:
        raise DateError(
            f"The last verification, {last_verified}, is after the end {ended}: "
            f"correct one of them."
        )
    possible = Span(
        _earliest(started) if started and start_kind == "actual" else None,
        _latest(ended) if ended and end_kind == "actual" else None,
    )
    return ValidityRanges(_derive_certain(started, ended, last_verified), possible)


def _derive_certain(started: Edtf | None, ended: Edtf | None, verified: date | None) -> Span | None:
    if started is None or started.doubted or (ended is not None and ended.doubted):
        return None
    lower, upper = _latest(started), _earliest(ended) if ended else verified
    return Span(lower, upper) if upper is not None and lower <= upper else None


def _parse_end(
    which: str, text: str, kind: str, kinds: tuple[str, ...], undated: tuple[str, ...]
) -> Edtf | None:
    """Return the start or the end of a validity, or None if it is undated.

    `kinds` are the accepted kinds, `undated` those that allow an empty text. Raises DateError if
    the text and its kind contradict each other.
    """
    if kind not in kinds:
        raise DateError(f"{kind!r} is not a kind of {which}: use one of {', '.join(kinds)}.")
    text = text.strip()
    if not text:
        if kind in undated:
            return None
        raise DateError(
            f"The {which} is {kind} but has no date: enter one, such as 2014-06, "
            f"or change its kind to unknown."
        )
    if kind == "ongoing":
        raise DateError(
            f"If the {which} is ongoing it has no date: remove {text[:40]}, "
            f"or change its kind to actual or last_cited."
        )
    edtf = parse(text)
    if edtf.form is DateForm.INTERVAL:
        raise DateError(
            f"The {which} is one date, not the interval {edtf}: write 2014-06, or "
            f"[2014-06..2014-08] if it lies between two dates. Start and end are separate fields."
        )
    return edtf


def _earliest(edtf: Edtf) -> date:
    return edtf.earliest or date.min


def _latest(edtf: Edtf) -> date:
    return edtf.latest or date.max
