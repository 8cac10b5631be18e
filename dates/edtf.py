"""The parser of date texts: the part of EDTF that editors may write.

EDTF is ISO 8601-2:2019; see the specification of the Library of Congress
(https://www.loc.gov/standards/datetime/). These forms are accepted:

    level 0  2014  2014-06  2014-06-12  2014-06-12/2014-06-14
    level 1  2014-21 (season)  201X  20XX  2014-XX  2014-06-XX  2014-XX-XX (unspecified digits)
             2014~ (about)  2014? (uncertain)  2014% (both)  2014/..  ../2014 (open)
    level 2  [2014-06-12..2014-06-14]  [2014,2016] (one of them)

Years are 0001 to 9999. A qualifier follows a whole date or one end of an interval; a set has none.
Everything else, `2014/` (end unknown) included, is refused with a correct example.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dates.suggestions import find_readings

_DATE = re.compile(r"(\d{4}|\d{3}X|\d\dXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([~?%]?)", flags=re.ASCII)
_OUT_OF_RANGE = re.compile(r"[-−]\d{4,}|[yY][-−]?\d.*", flags=re.ASCII)
"""Years before the year 1, and those that EDTF writes with a Y."""
_YEARS = "write a year from 0001 to 9999, such as 2014."
_EXAMPLES = (
    "2014, 2014-06, 2014-06-12, 2014-21 (spring) to 2014-24 (winter), 201X, 2014~ (about), "
    "2014? (uncertain), 2014-06-12/2014-06-14 (from, to), 2014/.. (from then on) or "
    "[2014,2016] (one of)"
)


class DateError(ValueError):
    """A refused date. The message is for the person who typed it and shows a correct example."""


class _UnreadableError(DateError):
    """A text that has the shape of no form of date."""


class DateForm(StrEnum):
    """How a text combines its dates."""

    DATE = "date"  # 2014-06: some day in it
    INTERVAL = "interval"  # a/b: from a to b
    ONE_OF = "one_of"  # [a,b]: some day in one of them
    ONE_WITHIN = "one_within"  # [a..b]: some day from a to b


class DateUnit(StrEnum):
    """The finest unit that a date states. Unspecified digits (X) state nothing."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"


# EDTF does not say how far "about" (~ and %) reaches. Muster widens a date by this much on either
# side: days for a day, months for everything coarser.
_ABOUT_DAYS = 3
_ABOUT_MONTHS = {DateUnit.MONTH: 1, DateUnit.SEASON: 1, DateUnit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """One date of a text, with its qualifier.

    `first` and `last` are its first and last day as written, `earliest` and `latest` those that
    are possible if it is approximate.
    """

    digits: str
    qualifier: str
    unit: DateUnit
    first: date
    last: date

    def __str__(self) -> str:
        return self.digits + self.qualifier

    @property
    def approximate(self) -> bool:
        """Whether it carries ~ or %: its bounds are then wider than its days as written."""
        return self.qualifier in ("~", "%")

    @property
    def doubted(self) -> bool:
        """Whether it carries ? or %: nothing is then certain because of it."""
        return self.qualifier in ("?", "%")

    @property
    def earliest(self) -> date:
        """The first possible day, at the earliest date.min."""
        return self._widen(self.first, -1) if self.approximate else self.first

    @property
    def latest(self) -> date:
        """The last possible day, at the latest date.max."""
        return self._widen(self.last, +1) if self.approximate else self.last

    def _widen(self, day: date, sign: int) -> date:
        if self.unit is DateUnit.DAY:
            # date.min has the ordinal 1.
            ordinal = day.toordinal() + sign * _ABOUT_DAYS
            return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
        # Months are counted from year 0, so that adding some crosses years without a carry.
        month = day.year * 12 + day.month - 1 + sign * _ABOUT_MONTHS[self.unit]
        return _first_day(month) if sign < 0 else _last_day(month)


@dataclass(frozen=True, slots=True)
class Edtf:
    """A parsed date text. `str()` returns the text; an open end of an interval is None."""

    form: DateForm
    dates: tuple[EdtfDate | None, ...]

    def __str__(self) -> str:
        texts = [".." if each is None else str(each) for each in self.dates]
        if self.form is DateForm.ONE_OF:
            return f"[{','.join(texts)}]"
        if self.form is DateForm.ONE_WITHIN:
            return f"[{'..'.join(texts)}]"
        return "/".join(texts)

    @property
    def earliest(self) -> date | None:
        """The first possible day; None if the start is open."""
        if self.form is DateForm.ONE_OF:
            return min(each.earliest for each in self.dates if each)
        return self.dates[0].earliest if self.dates[0] else None

    @property
    def latest(self) -> date | None:
        """The last possible day; None if the end is open."""
        if self.form is DateForm.ONE_OF:
            return max(each.latest for each in self.dates if each)
        return self.dates[-1].latest if self.dates[-1] else None

    @property
    def gaps(self) -> list[tuple[date, date]]:
        """The days between the dates of a set, on none of which it can be: first and last days."""
        if self.form is not DateForm.ONE_OF:
            return []
        gaps = []
        ordered = sorted((each.earliest, each.latest) for each in self.dates if each)
        _, reached = ordered[0]
        for earliest, latest in ordered[1:]:
            if (earliest - reached).days > 1:
                gaps.append((reached + timedelta(days=1), earliest - timedelta(days=1)))
            reached = max(reached, latest)
        return gaps

    @property
    def doubted(self) -> bool:
        """Whether any of its dates carries ? or %: nothing is then certain."""
        return any(each.doubted for each in self.dates if each)


def parse(text: str) -> Edtf:
    """Parse a date text, ignoring blanks at its ends.

    Raises DateError with a correct example. If the text looks like a date in another notation, the
    example is that date.
    """
    text = text.strip()
    try:
        return _parse_form(text)
    except _UnreadableError:
        if _OUT_OF_RANGE.fullmatch(text):
            raise DateError(
                f"{_quoted(text)} is outside the years that are supported: {_YEARS}"
            ) from None
        if readings := find_readings(text, _is_date):
            raise DateError(_describe_readings(text, readings)) from None
        message = f"{_quoted(text)} is not a date. Write for example {_EXAMPLES}."
        raise DateError(message) from None


def parse_day_range(text: str) -> tuple[date, date]:
    """Return the first and the last day of a date parameter: YYYY-MM-DD, YYYY-MM or YYYY.

    Raises DateError for everything else, blanks and impossible days included. If the text looks
    like a date or a period, the message has its ISO form.
    """
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", text, flags=re.ASCII):
        parsed = _parse_date(text)
        return parsed.first, parsed.last
    readings = [text] if _is_date(text) else find_readings(text, _is_date)
    if len(readings) > 1:
        plain = [re.sub("[~?%]", "", reading) for reading in readings]
        raise DateError(_describe_readings(text, plain))
    if readings:
        raise DateError(_describe_iso(text, _parse_form(readings[0])))
    raise DateError(
        f"{_quoted(text)} is not a day, a month or a year: write 2014-06-12, 2014-06 or 2014."
    )


def explain_day(text: str) -> str:
    """Return how to write a day that was written otherwise than as YYYY-MM-DD."""
    readings = find_readings(text.strip(), _is_day)
    return _describe_readings(text, readings) if readings else "Write the day as 2014-06-10."


def _is_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None and _is_date(text)


def _is_date(text: str) -> bool:
    try:
        _parse_form(text)
    except DateError:
        return False
    return True


def _describe_readings(text: str, readings: list[str]) -> str:
    if len(readings) == 1:
        return f"{_quoted(text)} cannot be read: write {readings[0]} instead."
    named = [f"{reading}{_in_words(_parse_form(reading))}" for reading in readings]
    number = {2: "two", 3: "three"}.get(len(named), "several")
    listed = f"{', '.join(named[:-1])} or {named[-1]}"
    return f"{_quoted(text)} has {number} readings: write {listed}."


def _in_words(edtf: Edtf) -> str:
    """Return a single day or month in words, in parentheses."""
    each = edtf.dates[0]
    if edtf.form is not DateForm.DATE or each is None:
        return ""
    month = f"{calendar.month_name[each.first.month]} {each.first.year:04}"
    words = {DateUnit.DAY: f" ({each.first.day} {month})", DateUnit.MONTH: f" ({month})"}
    return words.get(each.unit, "")


def _describe_iso(text: str, edtf: Edtf) -> str:
    """Return how a parameter, which takes no EDTF, is given what an EDTF text says."""
    first, last = edtf.dates[0], edtf.dates[-1]
    if edtf.form is DateForm.ONE_OF:
        first = min(filter(None, edtf.dates), key=lambda each: each.first)
        last = max(filter(None, edtf.dates), key=lambda each: each.last)
    plain = {DateUnit.DAY: 10, DateUnit.MONTH: 7, DateUnit.YEAR: 4}
    if edtf.form is DateForm.DATE and first and first.unit in plain:
        iso = first.digits[: plain[first.unit]]
        if "X" not in iso:
            about = " A parameter cannot be approximate or uncertain." * bool(first.qualifier)
            return f"{_quoted(text)} cannot be read: write {iso} instead.{about}"
    start = first.first if first else None
    after = last.last + timedelta(days=1) if last and last.last < date.max else None
    length = 4 if _opens(start, "-01-01") and _opens(after, "-01-01") else 7
    length = length if _opens(start, "-01") and _opens(after, "-01") else 10
    ends = [f"{start.isoformat()[:length]} for its start"] if start else []
    ends += [f"{last.last.isoformat()[:length]} for its end"] if last else []
    return f"{_quoted(text)} is a period: write {' and '.join(ends)}."


def _opens(day: date | None, end: str) -> bool:
    """Return whether a day opens a month or a year; an open end always does."""
    return not day or day.isoformat().endswith(end)


def _parse_form(text: str) -> Edtf:
    if text.startswith("[") and text.endswith("]"):
        return _parse_set(text)
    if "/" in text:
        return _parse_interval(text)
    return Edtf(DateForm.DATE, (_parse_date(text),))


def _parse_interval(text: str) -> Edtf:
    ends = text.split("/")
    if len(ends) != 2:
        raise _UnreadableError
    if ends == ["..", ".."]:
        raise DateError("../.. has no date: leave the field empty, or write 2014/.. or ../2014.")
    start, end = (None if each == ".." else _parse_date(each) for each in ends)
    if start and end and start.first > end.last:
        raise DateError(f"{text} ends before it begins: write {end}/{start}.")
    return Edtf(DateForm.INTERVAL, (start, end))


def _parse_set(text: str) -> Edtf:
    inner = text[1:-1]
    form, separator = (DateForm.ONE_WITHIN, "..") if ".." in inner else (DateForm.ONE_OF, ",")
    texts = inner.split(separator)
    if "" in texts:
        raise DateError(f"{_quoted(text)} has an open end: write [2014..2016] or [2014,2016].")
    if len(texts) < 2 or (form is DateForm.ONE_WITHIN and len(texts) > 2):
        raise _UnreadableError
    dates = tuple(_parse_date(each) for each in texts)
    if any(each.qualifier for each in dates):
        plain = separator.join(each.digits for each in dates)
        raise DateError(f"The dates of a set cannot have ~, ? or %: write [{plain}].")
    if form is DateForm.ONE_WITHIN and dates[0].first > dates[1].last:
        raise DateError(f"{text} ends before it begins: write [{dates[1]}..{dates[0]}].")
    return Edtf(form, dates)


def _parse_date(text: str) -> EdtfDate:
    match = _DATE.fullmatch(text)
    if not match:
        raise _UnreadableError
    year, month, day, qualifier = match.groups()
    unit, first, last = _derive_days(year, month, day)
    return EdtfDate(text.removesuffix(qualifier), qualifier, unit, first, last)


def _derive_days(year: str, month: str | None, day: str | None) -> tuple[DateUnit, date, date]:
    """Return the unit of a date, and its first and last day as written.

    EDTF's seasons (21 to 24) have no months. Muster uses the same months everywhere: 21 spring is
    March to May, 22 summer June to August, 23 autumn September to November, and 24 winter December
    to February of the next year.
    """
    if year == "0000":
        raise DateError(f"There is no year 0000: {_YEARS}")
    if "X" in year:
        if month:
            raise DateError(f"{year} cannot have a month: write {year}.")
        first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
        return DateUnit.YEAR, _first_day(first * 12), _last_day(last * 12 + 11)
    january = int(year) * 12
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise DateError(f"A day needs its month: write {year}-XX-XX or {year}.")
        return DateUnit.YEAR, _first_day(january), _last_day(january + 11)
    number = int(month or 0)
    if 21 <= number <= 24:
        if day:
            raise DateError(f"A season cannot have a day: write {year}-{month}.")
        start = january + 2 + 3 * (number - 21)
        return DateUnit.SEASON, _first_day(start), _last_day(start + 2)
    if not 1 <= number <= 12:
        raise DateError(
            f"{month} is not a month: write {year}-01 to {year}-12, "
            f"or a season {year}-21 (spring) to {year}-24 (winter)."
        )
    first_day, last_day = _first_day(january + number - 1), _last_day(january + number - 1)
    if day in (None, "XX"):
        return DateUnit.MONTH, first_day, last_day
    if not 1 <= int(day or 0) <= last_day.day:
        raise DateError(
            f"{calendar.month_name[number]} {year} has {last_day.day} days: "
            f"write {year}-{month}-{last_day.day if day != '00' else '01'}."
        )
    exact = first_day.replace(day=int(day or 0))
    return DateUnit.DAY, exact, exact


def _first_day(month: int) -> date:
    """Return the first day of a month, counted from January of year 0; at least date.min."""
    return date(month // 12, month % 12 + 1, 1) if month >= 12 else date.min


def _last_day(month: int) -> date:
    """Return the last day of a month, counted from January of year 0; at most date.max."""
    if month >= 9999 * 12 + 11:
        return date.max
    return date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
