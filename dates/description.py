"""Descriptions of date texts in plain English, which forms show beside what is typed."""

from calendar import month_name
from datetime import date

from dates.edtf import DateForm, DateUnit, Edtf, EdtfDate, parse

_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_MARGINS = {
    DateUnit.DAY: "3 days",
    DateUnit.MONTH: "a month",
    DateUnit.SEASON: "a month",
    DateUnit.YEAR: "a year",
}


_DAYS = {
    True: "every day",
    False: "on unstated days",
    None: "every day (for a sum or a series: on unstated days)",
}


def describe_date(text: str, *, single: bool | None = True) -> str:
    """Describe a date text as `parse` reads it; an empty text is undated.

    `single` is as in `derive_occurrence`, or None if it is not known.

    Raises DateError for a text that `parse` refuses.
    """
    if not text.strip():
        return "undated"
    edtf = parse(text)
    dates = [each for each in edtf.dates if each]
    match edtf.form:
        case DateForm.DATE:
            return _describe_day_in(dates[0])
        case DateForm.ONE_OF:
            names = [_name_date(each) for each in dates]
            return f"one of {', '.join(names[:-1])} or {names[-1]}"
        case DateForm.ONE_WITHIN:
            return f"some day {_describe_range(*dates)}"
    return _describe_interval(edtf, _DAYS[single])


def _describe_day_in(day: EdtfDate) -> str:
    if day.approximate:
        words = f"about {_name_date(day)}, give or take {_MARGINS[day.unit]}"
    else:
        words = _name_date(day) if day.unit is DateUnit.DAY else f"some day in {_name_date(day)}"
    return f"perhaps {words}" if day.doubted else words


def _describe_interval(edtf: Edtf, days: str) -> str:
    match edtf.dates:
        case (EdtfDate() as start, EdtfDate() as end):
            return f"{days} {_describe_range(start, end)}"
        case (EdtfDate() as start, _):
            return f"from {_describe_end(start)} on"
        case (_, EdtfDate() as end):
            return f"until {_describe_end(end)}"
    raise AssertionError(f"parse refuses {edtf}: it has no date.")


def _describe_range(start: EdtfDate, end: EdtfDate) -> str:
    first, last = start.first, end.first
    if start.unit is end.unit is DateUnit.DAY and not start.qualifier and first.year == last.year:
        short = str(first.day) if first.month == last.month else _name_day(first, year=False)
        return f"from {short} to {_describe_end(end)}"
    return f"from {_describe_end(start)} to {_describe_end(end)}"


def _describe_end(end: EdtfDate) -> str:
    words = _name_date(end)
    if end.approximate:
        words = f"about {words} (give or take {_MARGINS[end.unit]})"
    return f"perhaps {words}" if end.doubted else words


def _name_date(named: EdtfDate) -> str:
    first, last = named.first, named.last
    match named.unit:
        case DateUnit.DAY:
            return _name_day(first)
        case DateUnit.MONTH:
            return f"{month_name[first.month]} {first.year}"
        case DateUnit.SEASON:
            next_year = "next " if first.month == 12 else ""
            months = f"{month_name[first.month]} to {next_year}{month_name[last.month]}"
            return f"{_SEASONS[first.month]} ({months}) {first.year}"
    return f"{first.year}" if first.year == last.year else f"the years {first.year} to {last.year}"


def _name_day(day: date, *, year: bool = True) -> str:
    words = f"{day.day} {month_name[day.month]}"
    return f"{words} {day.year}" if year else words
