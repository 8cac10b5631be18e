"""Descriptions of date texts in plain words, which forms and pages show beside the text.

They are in English, unless a caller passes a function that translates: this package does not depend
on Django. Every sentence is a whole text with names to fill in, so that languages may order them.
"""

from calendar import month_name
from collections.abc import Callable
from datetime import date

from dates.edtf import DateForm, DateUnit, Edtf, EdtfDate, parse


def describe_date(
    text: str, *, single: bool | None = True, translate: Callable[[str], str] = str
) -> str:
    """Describe a date text as `parse` reads it; an empty text is undated.

    `single` is as in `derive_occurrence`, or None if it is not known.

    Raises DateError for a text that `parse` refuses.
    """
    if not text.strip():
        return translate("undated")
    return _Description(translate).describe(parse(text), single)


class _Description:
    """Describes dates in one language."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self.translate = translate

    def describe(self, edtf: Edtf, single: bool | None) -> str:
        dates = [each for each in edtf.dates if each]
        match edtf.form:
            case DateForm.DATE:
                return self.describe_day_in(dates[0])
            case DateForm.ONE_OF:
                names = [self.name_date(each) for each in dates]
                comma = self.translate(", ")
                text = self.translate("one of {dates} or {last}")
                return text.format(dates=comma.join(names[:-1]), last=names[-1])
            case DateForm.ONE_WITHIN:
                text = self.translate("some day {range}")
                return text.format(range=self.describe_range(*dates))
        return self.describe_interval(edtf, single)

    def describe_day_in(self, day: EdtfDate) -> str:
        name = self.name_date(day)
        if day.approximate:
            text = self.translate("about {date}, give or take {margin}")
            words = text.format(date=name, margin=self.name_margin(day.unit))
        elif day.unit is DateUnit.DAY:
            words = name
        else:
            words = self.translate("some day in {date}").format(date=name)
        return self.translate("perhaps {date}").format(date=words) if day.doubted else words

    def describe_interval(self, edtf: Edtf, single: bool | None) -> str:
        match edtf.dates:
            case (EdtfDate() as start, EdtfDate() as end):
                if single:
                    text = self.translate("every day {range}")
                elif single is None:
                    text = self.translate(
                        "every day (for a sum or a series: on unstated days) {range}"
                    )
                else:
                    text = self.translate("on unstated days {range}")
                return text.format(range=self.describe_range(start, end))
            case (EdtfDate() as start, _):
                return self.translate("from {date} on").format(date=self.describe_end(start))
            case (_, EdtfDate() as end):
                return self.translate("until {date}").format(date=self.describe_end(end))
        raise AssertionError(f"parse refuses {edtf}: it has no date.")

    def describe_range(self, start: EdtfDate, end: EdtfDate) -> str:
        first, last = start.first, end.first
        is_short = start.unit is end.unit is DateUnit.DAY and not start.qualifier
        if is_short and first.year == last.year:
            same_month = first.month == last.month
            begins = str(first.day) if same_month else self.name_day(first, year=False)
        else:
            begins = self.describe_end(start)
        text = self.translate("from {start} to {end}")
        return text.format(start=begins, end=self.describe_end(end))

    def describe_end(self, end: EdtfDate) -> str:
        words = self.name_date(end)
        if end.approximate:
            text = self.translate("about {date} (give or take {margin})")
            words = text.format(date=words, margin=self.name_margin(end.unit))
        return self.translate("perhaps {date}").format(date=words) if end.doubted else words

    def name_margin(self, unit: DateUnit) -> str:
        match unit:
            case DateUnit.DAY:
                return self.translate("3 days")
            case DateUnit.YEAR:
                return self.translate("a year")
        return self.translate("a month")

    def name_date(self, named: EdtfDate) -> str:
        first, last = named.first, named.last
        match named.unit:
            case DateUnit.DAY:
                return self.name_day(first)
            case DateUnit.MONTH:
                return f"{self.name_month(first)} {first.year}"
            case DateUnit.SEASON:
                return self.name_season(first, last)
        if first.year == last.year:
            return f"{first.year}"
        text = self.translate("the years {first} to {last}")
        return text.format(first=first.year, last=last.year)

    def name_season(self, first: date, last: date) -> str:
        match first.month:
            case 3:
                text = self.translate("spring ({first} to {last}) {year}")
            case 6:
                text = self.translate("summer ({first} to {last}) {year}")
            case 9:
                text = self.translate("autumn ({first} to {last}) {year}")
            case _:
                text = self.translate("winter ({first} to next {last}) {year}")
        months = {"first": self.name_month(first), "last": self.name_month(last)}
        return text.format(**months, year=first.year)

    def name_month(self, day: date) -> str:
        return self.translate(month_name[day.month])

    def name_day(self, day: date, *, year: bool = True) -> str:
        words = f"{day.day} {self.name_month(day)}"
        return f"{words} {day.year}" if year else words
