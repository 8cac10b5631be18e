"""What a date text says: the part of EDTF that editors may write, and its bounds.

EDTF is ISO 8601-2:2019, in the words of the Library of Congress specification
(https://www.loc.gov/standards/datetime/). Read here are:

    level 0  2014  2014-06  2014-06-12  2014-06-12/2014-06-14
    level 1  2014-21 (season)  201X  20XX  2014-XX  2014-06-XX  2014-XX-XX (unspecified digits)
             2014~ (about)  2014? (doubted)  2014% (both)  2014/..  ../2014 (open)
    level 2  [2014-06-12..2014-06-14]  [2014,2016] (one of them)

Years are 0001 to 9999. Qualifiers stand after a whole date or an end of an interval, never in a
set. Everything else, `2014/` (end unknown) too, is refused with a right example.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dates.suggestions import suggest_dates

_DATE = re.compile(r"(\d{4}|\d{3}X|\d\dXX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([~?%]?)", flags=re.ASCII)
_FAR = re.compile(r"[-−]\d{4,}|[yY][-−]?\d.*", flags=re.ASCII)
"""Years before the first, and those that EDTF writes with a Y."""
_YEARS = "write a year from 0001 to 9999, such as 2014."
_EXAMPLES = (
    "2014, 2014-06, 2014-06-12, 2014-21 (spring) to 2014-24 (winter), 201X, 2014~ (about), "
    "2014? (doubted), 2014-06-12/2014-06-14 (from, to), 2014/.. (from, on) or [2014,2016] (one of)"
)


class DateError(ValueError):
    """A date was refused; the message is meant for whoever typed it and shows a right example."""


class _UnreadableError(DateError):
    """No form of date has this shape."""


class DateForm(StrEnum):
    """How a text puts its dates together."""

    DATE = "date"  # 2014-06: some day in it
    INTERVAL = "interval"  # a/b: from a to b
    ONE_OF = "one_of"  # [a,b]: some day in one of them
    ONE_WITHIN = "one_within"  # [a..b]: some day from a to b


class DateUnit(StrEnum):
    """The finest unit that a date states; unspecified digits (X) state nothing."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"


# Our policy for ~ and %, which EDTF leaves open: how far "about" reaches on either side.
_ABOUT_DAYS = 3
_ABOUT_MONTHS = {DateUnit.MONTH: 1, DateUnit.SEASON: 1, DateUnit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """One date of a text, with its qualifier.

    `first` and `last` are its days as written, `earliest` and `latest` those that "about" allows.
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
        """Whether it carries ~ or %, so that its bounds are wider than its days."""
        return self.qualifier in ("~", "%")

    @property
    def doubted(self) -> bool:
        """Whether it carries ? or %, so that nothing is certain on its account."""
        return self.qualifier in ("?", "%")

    @property
    def earliest(self) -> date:
        """The first day that is possible; never before date.min."""
        return self._widened(self.first, -1) if self.approximate else self.first

    @property
    def latest(self) -> date:
        """The last day that is possible; never after date.max."""
        return self._widened(self.last, +1) if self.approximate else self.last

    def _widened(self, day: date, sign: int) -> date:
        if self.unit is DateUnit.DAY:
            ordinal = day.toordinal() + sign * _ABOUT_DAYS
            return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
        month = day.year * 12 + day.month - 1 + sign * _ABOUT_MONTHS[self.unit]
        return _first_day(month) if sign < 0 else _last_day(month)


@dataclass(frozen=True, slots=True)
class Edtf:
    """What one text says. `str()` gives the text back; an open end of an interval is None."""

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
        """The first day that is possible, None when the start is open."""
        if self.form is DateForm.ONE_OF:
            return min(each.earliest for each in self.dates if each)
        return self.dates[0].earliest if self.dates[0] else None

    @property
    def latest(self) -> date | None:
        """The last day that is possible, None when the end is open."""
        if self.form is DateForm.ONE_OF:
            return max(each.latest for each in self.dates if each)
        return self.dates[-1].latest if self.dates[-1] else None

    @property
    def doubted(self) -> bool:
        """Whether any of its dates carries ? or %: then nothing is certain."""
        return any(each.doubted for each in self.dates if each)


def parse(text: str) -> Edtf:
    """Read a date text; blanks at its ends do not count.

    Raises DateError with a right example, close to what was typed where that can be told.
    """
    text = text.strip()
    try:
        return _read(text)
    except _UnreadableError:
        if _FAR.fullmatch(text):
            raise DateError(f"{_quoted(text)} is no year that can be told: {_YEARS}") from None
        for suggestion in suggest_dates(text):
            try:
                _read(suggestion)
            except DateError:
                continue
            raise DateError(
                f"{_quoted(text)} cannot be read: write {suggestion} instead."
            ) from None
        message = f"{_quoted(text)} is not a date. Write for example {_EXAMPLES}."
        raise DateError(message) from None


def parse_day_range(text: str) -> tuple[date, date]:
    """The first and last day of the API's date words: YYYY-MM-DD, YYYY-MM, YYYY.

    Raises DateError for anything else, blanks and impossible days included.
    """
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", text, flags=re.ASCII):
        only = _date(text)
        return only.first, only.last
    raise DateError(
        f"{_quoted(text)} is not a day, month or year: write 2014-06-12, 2014-06 or 2014."
    )


def _read(text: str) -> Edtf:
    if text.startswith("[") and text.endswith("]"):
        return _set(text)
    if "/" in text:
        return _interval(text)
    return Edtf(DateForm.DATE, (_date(text),))


def _interval(text: str) -> Edtf:
    ends = text.split("/")
    if len(ends) != 2:
        raise _UnreadableError
    if ends == ["..", ".."]:
        raise DateError("../.. says nothing: leave the date empty, or write 2014/.. or ../2014.")
    start, end = (None if each == ".." else _date(each) for each in ends)
    if start and end and start.first > end.last:
        raise DateError(f"{text} ends before it begins: write {end}/{start}.")
    return Edtf(DateForm.INTERVAL, (start, end))


def _set(text: str) -> Edtf:
    inner = text[1:-1]
    form, separator = (DateForm.ONE_WITHIN, "..") if ".." in inner else (DateForm.ONE_OF, ",")
    texts = inner.split(separator)
    if "" in texts:
        raise DateError(f"{_quoted(text)} leaves an end open: write [2014..2016] or [2014,2016].")
    if len(texts) < 2 or (form is DateForm.ONE_WITHIN and len(texts) > 2):
        raise _UnreadableError
    dates = tuple(_date(each) for each in texts)
    if any(each.qualifier for each in dates):
        plain = separator.join(each.digits for each in dates)
        raise DateError(f"The dates of a set carry no ~ ? or %: write [{plain}].")
    if form is DateForm.ONE_WITHIN and dates[0].first > dates[1].last:
        raise DateError(f"{text} ends before it begins: write [{dates[1]}..{dates[0]}].")
    return Edtf(form, dates)


def _date(text: str) -> EdtfDate:
    match = _DATE.fullmatch(text)
    if not match:
        raise _UnreadableError
    year, month, day, qualifier = match.groups()
    unit, first, last = _days(year, month, day)
    return EdtfDate(text.removesuffix(qualifier), qualifier, unit, first, last)


def _days(year: str, month: str | None, day: str | None) -> tuple[DateUnit, date, date]:
    """The unit and the days of a date as written.

    Seasons lie in these months wherever they are, by our policy (EDTF's 21 to 24 name no months):
    21 spring March to May, 22 summer June to August, 23 autumn September to November, 24 winter
    December to February of the next year.
    """
    if year == "0000":
        raise DateError(f"There is no year 0000: {_YEARS}")
    if "X" in year:
        if month:
            raise DateError(f"After {year} no month can be known: write {year}.")
        first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
        return DateUnit.YEAR, _first_day(first * 12), _last_day(last * 12 + 11)
    january = int(year) * 12
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise DateError(f"A day without its month says nothing: write {year}-XX-XX or {year}.")
        return DateUnit.YEAR, _first_day(january), _last_day(january + 11)
    number = int(month or 0)
    if 21 <= number <= 24:
        if day:
            raise DateError(f"A season has no day: write {year}-{month}.")
        start = january + 2 + 3 * (number - 21)
        return DateUnit.SEASON, _first_day(start), _last_day(start + 2)
    if not 1 <= number <= 12:
        raise DateError(
            f"{month} is no month: write {year}-01 to {year}-12, "
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
    only = first_day.replace(day=int(day or 0))
    return DateUnit.DAY, only, only


def _first_day(month: int) -> date:
    """The first day of a month counted from year 0, clamped to date.min."""
    return date(month // 12, month % 12 + 1, 1) if month >= 12 else date.min


def _last_day(month: int) -> date:
    """The last day of a month counted from year 0, clamped to date.max."""
    if month >= 9999 * 12 + 11:
        return date.max
    return date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
