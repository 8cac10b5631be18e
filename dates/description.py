"""What was understood of a date text, said in plain English beside the form that it came from."""

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
    None: "every day (of a sum or a series: on unstated days)",
}


def describe_date(text: str, *, single: bool | None = True) -> str:
    """Say what `parse` understood; `single` as in `occurrence`, or None where that is not known.

    An empty text is undated.

    Raises DateError for what `parse` refuses.
    """
    if not text.strip():
        return "undated"
    edtf = parse(text)
    dates = [each for each in edtf.dates if each]
    match edtf.form:
        case DateForm.DATE:
            return _some_day(dates[0])
        case DateForm.ONE_OF:
            names = [_name(each) for each in dates]
            return f"one of {', '.join(names[:-1])} or {names[-1]}"
        case DateForm.ONE_WITHIN:
            return f"some day {_from_to(*dates)}"
    return _lasting(edtf, _DAYS[single])


def _some_day(only: EdtfDate) -> str:
    if only.approximate:
        words = f"about {_name(only)}, give or take {_MARGINS[only.unit]}"
    else:
        words = _name(only) if only.unit is DateUnit.DAY else f"some day in {_name(only)}"
    return f"perhaps {words}" if only.doubted else words


def _lasting(edtf: Edtf, days: str) -> str:
    match edtf.dates:
        case (EdtfDate() as start, EdtfDate() as end):
            return f"{days} {_from_to(start, end)}"
        case (EdtfDate() as start, _):
            return f"from {_end(start)} on"
        case (_, EdtfDate() as end):
            return f"until {_end(end)}"
    raise AssertionError(f"{edtf} has no date, which parse refuses.")


def _from_to(start: EdtfDate, end: EdtfDate) -> str:
    first, last = start.first, end.first
    if start.unit is end.unit is DateUnit.DAY and not start.qualifier and first.year == last.year:
        short = str(first.day) if first.month == last.month else _day(first, year=False)
        return f"from {short} to {_end(end)}"
    return f"from {_end(start)} to {_end(end)}"


def _end(end: EdtfDate) -> str:
    words = _name(end)
    if end.approximate:
        words = f"about {words} (give or take {_MARGINS[end.unit]})"
    return f"perhaps {words}" if end.doubted else words


def _name(named: EdtfDate) -> str:
    first, last = named.first, named.last
    match named.unit:
        case DateUnit.DAY:
            return _day(first)
        case DateUnit.MONTH:
            return f"{month_name[first.month]} {first.year}"
        case DateUnit.SEASON:
            next_year = "next " if first.month == 12 else ""
            months = f"{month_name[first.month]} to {next_year}{month_name[last.month]}"
            return f"{_SEASONS[first.month]} ({months}) {first.year}"
    return f"{first.year}" if first.year == last.year else f"the years {first.year} to {last.year}"


def _day(day: date, *, year: bool = True) -> str:
    words = f"{day.day} {month_name[day.month]}"
    return f"{words} {day.year}" if year else words
