"""The first and last days that follow from date texts: of an occurrence, and of a period of validity."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dates.edtf import DateError, DateForm, DateUnit, Edtf, EdtfDate, parse


@dataclass(frozen=True, slots=True)
class Span:
    """Every day from `lower` to `upper`, both included; None is unbounded. Never empty.

    An upper bound of 9999-12-31 becomes None: PostgreSQL would store it as a range that ends
    before 10000-01-01, a day that Python cannot read back. Raises DateError when reversed.
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
        """Yield the two bounds, so that `lower, upper = span` reads."""
        yield self.lower
        yield self.upper

    def overlaps(self, other: "Span") -> bool:
        """Whether at least one day lies in both."""
        return self._lower <= other._upper and other._lower <= self._upper

    def covers(self, other: "Span") -> bool:
        """Whether every day of the other lies in this one."""
        return self._lower <= other._lower and other._upper <= self._upper

    @property
    def _lower(self) -> date:
        return self.lower or date.min

    @property
    def _upper(self) -> date:
        return self.upper or date.max


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


START_KINDS = ("actual", "first_cited", "unknown")
END_KINDS = ("actual", "last_cited", "ongoing", "unknown")


@dataclass(frozen=True, slots=True)
class ValidityRanges:
    """The days on which something certainly held (None: no day) and those on which it may have.

    `possible` covers `certain`.
    """

    certain: Span | None
    possible: Span


def derive_validity(
    start: str, end: str, start_kind: str, end_kind: str, last_verified: date | None
) -> ValidityRanges:
    """The two ranges of a row that held for a time; `start` and `end` are EDTF dates or sets.

    *Certain* runs from the latest start to the earliest end; without a dated end (ongoing,
    unknown) to `last_verified`, the day on which it was seen to hold. What has no dated start, or
    no dated or verified end, is certain on no day; nor is what carries ? or % on either end.
    *Possible* runs from the earliest start to the latest end, open before a start that is
    first_cited or unknown and after an end that is last_cited, ongoing or unknown.
    A date of kind unknown may be the actual one or a citation: it held then, in either case.
    The kinds and their meaning are those of Security Force Monitor's research handbook.

    Raises DateError for what `parse` refuses, for intervals, and for what contradicts itself.
    """
    begun = _dated("start", start, start_kind, START_KINDS, undated=("unknown",))
    ended = _dated("end", end, end_kind, END_KINDS, undated=("ongoing", "unknown"))
    if begun and ended and _earliest(begun) > _latest(ended):
        raise DateError(f"The start {begun} lies after the end {ended}: exchange them.")
    if begun and last_verified and _earliest(begun) > last_verified:
        raise DateError(
            f"It was last verified on {last_verified}, before its start {begun}: "
            f"correct one of them."
        )
    if ended and last_verified and end_kind == "actual" and _latest(ended) < last_verified:
        raise DateError(
            f"It was last verified on {last_verified}, after its end {ended}: correct one of them."
        )
    possible = Span(
        _earliest(begun) if begun and start_kind == "actual" else None,
        _latest(ended) if ended and end_kind == "actual" else None,
    )
    return ValidityRanges(_certain(begun, ended, last_verified), possible)


def _certain(begun: Edtf | None, ended: Edtf | None, verified: date | None) -> Span | None:
    if begun is None or begun.doubted or (ended is not None and ended.doubted):
        return None
    lower, upper = _latest(begun), _earliest(ended) if ended else verified
    return Span(lower, upper) if upper is not None and lower <= upper else None


def _dated(
    which: str, text: str, kind: str, kinds: tuple[str, ...], undated: tuple[str, ...]
) -> Edtf | None:
    """The date of an end, None where there is none; refuses what its kind rules out."""
    if kind not in kinds:
        raise DateError(f"{kind!r} is no kind of {which}: write {', '.join(kinds)}.")
    text = text.strip()
    if not text:
        if kind in undated:
            return None
        raise DateError(
            f"The {which} is {kind} but has no date: write one, as 2014-06, "
            f"or make its kind unknown."
        )
    if kind == "ongoing":
        raise DateError(
            f"What is ongoing has no {which} date: leave {text[:40]} out, "
            f"or make its kind actual or last_cited."
        )
    edtf = parse(text)
    if edtf.form is DateForm.INTERVAL:
        raise DateError(
            f"The {which} is one date, not the interval {edtf}: write it as 2014-06, or as "
            f"[2014-06..2014-08] when it lies between two; start and end are fields of their own."
        )
    return edtf


def _earliest(edtf: Edtf) -> date:
    return edtf.earliest or date.min


def _latest(edtf: Edtf) -> date:
    return edtf.latest or date.max
