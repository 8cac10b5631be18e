"""The specification of dates, in sentences."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dates import (
    END_KINDS,
    START_KINDS,
    DateError,
    OccurrenceBounds,
    OccurrencePrecision,
    Span,
    ValidityRanges,
    derive_occurrence,
    derive_validity,
    describe_date,
    explain_day,
    parse,
    parse_day_range,
)


def bounds(text: str) -> tuple[str | None, str | None]:
    edtf = parse(text)
    return (
        edtf.earliest.isoformat() if edtf.earliest else None,
        edtf.latest.isoformat() if edtf.latest else None,
    )


def days(text: str) -> Span:
    """Return the span of a/b, a/.., ../b or ../.., both bounds included."""
    return Span(*(None if each == ".." else date.fromisoformat(each) for each in text.split("/")))


# Texts that are canonical: what hypothesis builds and what an editor should write.

YEARS = st.integers(1, 9999).map("{:04}".format)
MONTHS = st.builds("{}-{:02}".format, YEARS, st.integers(1, 12))
DAYS = st.dates().map(date.isoformat)
SEASONS = st.builds("{}-{}".format, YEARS, st.integers(21, 24))
UNSPECIFIED = st.one_of(
    st.integers(0, 999).map("{:03}X".format),
    st.integers(0, 99).map("{:02}XX".format),
    YEARS.map("{}-XX".format),
    YEARS.map("{}-XX-XX".format),
    MONTHS.map("{}-XX".format),
)
PLAIN = st.one_of(YEARS, MONTHS, DAYS, SEASONS, UNSPECIFIED)
DATES = st.builds("{}{}".format, PLAIN, st.sampled_from(["", "~", "?", "%"]))
SETS = st.lists(PLAIN, min_size=2, max_size=4).map(lambda texts: f"[{','.join(texts)}]")


def sort_by_start(texts: tuple[str, str]) -> tuple[str, str]:
    """Return two dates, the one that starts earlier first."""
    first, second = sorted(texts, key=lambda text: parse(text.rstrip("~?%")).earliest)
    return first, second


INTERVALS = st.one_of(
    st.tuples(DATES, DATES).map(sort_by_start).map("/".join),
    DATES.map("{}/..".format),
    DATES.map("../{}".format),
)
WITHIN = st.tuples(PLAIN, PLAIN).map(sort_by_start).map(lambda texts: f"[{texts[0]}..{texts[1]}]")
TEXTS = st.one_of(DATES, SETS, WITHIN, INTERVALS)
POINTS = st.one_of(DATES, SETS, WITHIN)
JUNE = st.dates(date(2014, 5, 1), date(2014, 7, 31))


class TestAcceptedTexts:
    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("2014", "2014-01-01", "2014-12-31"),
            ("2014-06", "2014-06-01", "2014-06-30"),
            ("2012-02", "2012-02-01", "2012-02-29"),
            ("2014-06-12", "2014-06-12", "2014-06-12"),
            ("0001", "0001-01-01", "0001-12-31"),
            ("9999", "9999-01-01", "9999-12-31"),
        ],
    )
    def test_a_year_a_month_or_a_day(self, text: str, earliest: str, latest: str) -> None:
        assert bounds(text) == (earliest, latest)

    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("2014-21", "2014-03-01", "2014-05-31"),
            ("2014-22", "2014-06-01", "2014-08-31"),
            ("2014-23", "2014-09-01", "2014-11-30"),
            ("2014-24", "2014-12-01", "2015-02-28"),
            ("2015-24", "2015-12-01", "2016-02-29"),
            ("9999-24", "9999-12-01", "9999-12-31"),
        ],
    )
    def test_a_season_and_winter_reaches_into_the_next_year(
        self, text: str, earliest: str, latest: str
    ) -> None:
        assert bounds(text) == (earliest, latest)

    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("201X", "2010-01-01", "2019-12-31"),
            ("20XX", "2000-01-01", "2099-12-31"),
            ("2014-XX", "2014-01-01", "2014-12-31"),
            ("2014-XX-XX", "2014-01-01", "2014-12-31"),
            ("2014-06-XX", "2014-06-01", "2014-06-30"),
            ("000X", "0001-01-01", "0009-12-31"),
        ],
    )
    def test_unspecified_digits(self, text: str, earliest: str, latest: str) -> None:
        assert bounds(text) == (earliest, latest)

    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("2014-06-12~", "2014-06-09", "2014-06-15"),
            ("2014-06~", "2014-05-01", "2014-07-31"),
            ("2014-06-XX~", "2014-05-01", "2014-07-31"),
            ("2014-21~", "2014-02-01", "2014-06-30"),
            ("2014~", "2013-01-01", "2015-12-31"),
            ("2014-XX~", "2013-01-01", "2015-12-31"),
            ("201X~", "2009-01-01", "2020-12-31"),
            ("20XX%", "1999-01-01", "2100-12-31"),
            ("2014-01%", "2013-12-01", "2014-02-28"),
            ("2014?", "2014-01-01", "2014-12-31"),
            ("0001~", "0001-01-01", "0002-12-31"),
            ("0001-01-02~", "0001-01-01", "0001-01-05"),
            ("9999-12-30~", "9999-12-27", "9999-12-31"),
        ],
    )
    def test_about_widens_by_three_days_a_month_or_a_year_and_doubt_does_not(
        self, text: str, earliest: str, latest: str
    ) -> None:
        assert bounds(text) == (earliest, latest)

    @pytest.mark.parametrize(
        ("text", "doubted"), [("2014", False), ("2014~", False), ("2014?", True), ("2014%", True)]
    )
    def test_doubt_is_a_question_mark_or_a_percent_sign(self, text: str, doubted: bool) -> None:
        assert parse(text).doubted is doubted
        assert parse(f"{text}/..").doubted is doubted
        assert parse(f"../{text}").doubted is doubted

    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("2014-06-12/2014-06-14", "2014-06-12", "2014-06-14"),
            ("2014/2014", "2014-01-01", "2014-12-31"),
            ("2014~/2016-06~", "2013-01-01", "2016-07-31"),
            ("2014-06/2014", "2014-06-01", "2014-12-31"),
            ("2019/..", "2019-01-01", None),
            ("../2019%", None, "2020-12-31"),
        ],
    )
    def test_an_interval_from_its_earliest_start_to_its_latest_end(
        self, text: str, earliest: str | None, latest: str | None
    ) -> None:
        assert bounds(text) == (earliest, latest)

    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("[2014-06-12..2014-06-14]", "2014-06-12", "2014-06-14"),
            ("[2014,2016]", "2014-01-01", "2016-12-31"),
            ("[2016,2014-06,2015]", "2014-06-01", "2016-12-31"),
        ],
    )
    def test_one_of_a_set(self, text: str, earliest: str, latest: str) -> None:
        assert bounds(text) == (earliest, latest)

    def test_blanks_at_the_ends_are_ignored(self) -> None:
        assert parse(" 2014-06\n") == parse("2014-06")


class TestRefusedTexts:
    @pytest.mark.parametrize(
        ("text", "example"),
        [
            ("2014/6", "write 2014-06 instead"),
            ("2014/06/12", "write 2014-06-12 instead"),
            ("2014-6-2", "write 2014-06-02 instead"),
            ("12.06.2014", "write 2014-06-12 instead"),
            ("06/13/2014", "write 2014-06-13 instead"),
            ("20140612", "write 2014-06-12 instead"),
            ("2014-06-12T10:00", "write 2014-06-12 instead"),
            ("2014–06", "write 2014-06 instead"),
            ("٢٠١٤-٠٦", "write 2014-06 instead"),
            ("June 2014", "write 2014-06 instead"),
            ("3 June 2014", "write 2014-06-03 instead"),
            ("June 3, 2014", "write 2014-06-03 instead"),
            ("Spring 2014", "write 2014-21 instead"),
            ("c. 2014", "write 2014~ instead"),
            ("~2014", "write 2014~ instead"),
            ("2014~?", "write 2014% instead"),
            ("2014~-06", "write 2014-06~ instead"),
            ("1990s", "write 199X instead"),
            ("-0044", "from 0001 to 9999"),
            ("Y17E7", "from 0001 to 9999"),
            ("\u200f2014-06\u200e", "write 2014-06 instead"),
            ("2014-06-12T10:00Z", "write 2014-06-12 instead"),
            ("2014-06-12 to 2014-06-15", "write 2014-06-12/2014-06-15 instead"),
            ("2014-06-12 – 2014-06-15", "write 2014-06-12/2014-06-15 instead"),
            ("2014-06-12..2014-06-15", "write 2014-06-12/2014-06-15 instead"),
            ("before 2014-06", "write ../2014-06 instead"),
            ("after 2014-06", "write 2014-06/.. instead"),
            ("201u", "write 201X instead"),
            ("201x", "write 201X instead"),
            ("2003/", "write 2003/.. instead"),
            ("2003-", "write 2003/.. instead"),
            ("2003/present", "write 2003/.. instead"),
            ("/2003", "write ../2003 instead"),
            ("2003-2005", "write 2003/2005 instead"),
            ("2003..2005", "write 2003/2005 instead"),
            ("2020-01-03/05", "write 2020-01-03/2020-01-05 instead"),
            ("2014 or 2016", "write [2014,2016] instead"),
            ("[2014, 2016]", "write [2014,2016] instead"),
            ("{2014,2016}", "write [2014,2016] instead"),
            ("circa 2014", "write 2014~ instead"),
            ("ca. June 2014", "write 2014-06~ instead"),
            ("14.6.14", "write 2014-06-14 instead"),
            ("14.6.99", "write 1999-06-14 instead"),
            ("2013/14", "write 2013/2014 instead"),
            ("12-14 June 2014", "write 2014-06-12/2014-06-14 instead"),
            ("June 12th to 14th, 2014", "write 2014-06-12/2014-06-14 instead"),
            ("12 June - 3 July 2014", "write 2014-06-12/2014-07-03 instead"),
            ("mid-2014", "write [2014-05..2014-08] instead"),
            ("early 2014", "write [2014-01..2014-04] instead"),
            ("late February 2016", "write [2016-02-21..2016-02-29] instead"),
            ("mid 1990s", "write [1994..1996] instead"),
            ("since March 2014", "write 2014-03/.. instead"),
            ("[2014]", "write 2014 instead"),
        ],
    )
    def test_another_notation_is_answered_with_edtf(self, text: str, example: str) -> None:
        with pytest.raises(DateError) as error:
            parse(text)
        assert example in str(error.value)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("2014-02-30", "February 2014 has 28 days: write 2014-02-28."),
            ("2014-06-00", "June 2014 has 30 days: write 2014-06-01."),
            ("2014-13", "13 is not a month: write 2014-01 to 2014-12, or a season 2014-21"),
            ("2014-25", "25 is not a month"),
            ("2014-21-03", "A season cannot have a day: write 2014-21."),
            ("2014-XX-12", "A day needs its month: write 2014-XX-XX or 2014."),
            ("201X-06", "201X cannot have a month: write 201X."),
            ("0000", "There is no year 0000"),
            ("2016/2014", "2016/2014 ends before it begins: write 2014/2016."),
            ("2014-07~/2014-06", "ends before it begins: write 2014-06/2014-07~."),
            ("[2016..2014]", "ends before it begins: write [2014..2016]."),
            ("../..", "../.. has no date"),
            ("[2014..]", "has an open end: write [2014..2016]"),
            ("[..2014]", "has an open end"),
            ("[2014~,2016]", "The dates of a set cannot have ~, ? or %: write [2014,2016]."),
        ],
    )
    def test_an_impossible_date_is_explained(self, text: str, message: str) -> None:
        with pytest.raises(DateError) as error:
            parse(text)
        assert message in str(error.value)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "14",
            "XXXX",
            "2XXX",
            "10000",
            "Y20000",
            "someday",
            "2014/2015/2016",
            "[a,b..c]",
            "[]",
            "[",
            "/",
            "..",
            "2014/..~",
            "[2014,2015..2016]",
            "[2014,2016]?",
            "2014-1X",
        ],
    )
    def test_a_text_without_suggestion_is_answered_with_examples(self, text: str) -> None:
        with pytest.raises(DateError, match=r"write|Write for example 2014, 2014-06"):
            parse(text)

    @pytest.mark.parametrize(
        ("text", "readings"),
        [
            ("03/04/2014", "two readings: write 2014-04-03 (3 April 2014) or 2014-03-04 (4 March"),
            (
                "3-4-14",
                "three readings: write 2014-04-03 (3 April 2014), 2014-03-04 (4",
            ),
            ("2011/12", "two readings: write 2011-12 (December 2011) or 2011/2012."),
            ("circa 03/04/2014", "write 2014-04-03~ (3 April 2014) or 2014-03-04~ (4 March 2014)."),
        ],
    )
    def test_a_text_with_several_readings_is_answered_with_all(
        self, text: str, readings: str
    ) -> None:
        with pytest.raises(DateError) as error:
            parse(text)
        assert readings in str(error.value)

    def test_a_long_text_is_quoted_in_part(self) -> None:
        with pytest.raises(DateError) as error:
            parse("x" * 10_000)
        assert len(str(error.value)) < 400

    @given(st.one_of(st.text(), st.text("0123456789X-/.~?%[], usc", max_size=25)))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        for read in (parse, parse_day_range, describe_date):
            with suppress(DateError):
                read(text)


class TestBounds:
    @given(TEXTS)
    def test_a_text_is_returned_as_it_was_written(self, text: str) -> None:
        assert str(parse(text)) == text

    @given(TEXTS)
    def test_the_earliest_day_is_not_after_the_latest(self, text: str) -> None:
        edtf = parse(text)
        assert (edtf.earliest or date.min) <= (edtf.latest or date.max)

    @given(PLAIN, st.sampled_from("~%"))
    def test_about_contains_the_plain_date_and_more(self, text: str, about: str) -> None:
        plain, wide = parse(text), parse(text + about)
        assert wide.earliest <= plain.earliest <= plain.latest <= wide.latest
        assert (wide.earliest, wide.latest) != (plain.earliest, plain.latest)

    @given(PLAIN)
    def test_doubt_moves_no_bound(self, text: str) -> None:
        assert bounds(text) == bounds(f"{text}?")

    @given(DAYS)
    def test_a_day_lies_in_its_month_year_decade_and_century(self, text: str) -> None:
        day = date.fromisoformat(text)
        coarser = [text[:7], f"{text[:7]}-XX", text[:4], f"{text[:4]}-XX", f"{text[:4]}-XX-XX"]
        for each in [*coarser, f"{text[:3]}X", f"{text[:2]}XX"]:
            edtf = parse(each)
            assert edtf.earliest <= day <= edtf.latest

    @given(st.dates(min_value=date(2, 1, 1)))
    def test_a_day_lies_in_exactly_one_season(self, day: date) -> None:
        seasons = [parse(f"{day.year - past:04}-2{s}") for past in (0, 1) for s in (1, 2, 3, 4)]
        assert sum(each.earliest <= day <= each.latest for each in seasons) == 1

    @given(st.lists(PLAIN, min_size=2, max_size=4), PLAIN)
    def test_one_date_more_never_narrows_a_set(self, texts: list[str], more: str) -> None:
        fewer, all_of = parse(f"[{','.join(texts)}]"), parse(f"[{','.join([*texts, more])}]")
        assert all_of.earliest <= fewer.earliest <= fewer.latest <= all_of.latest


def happened(text: str, *, single: bool = True, as_of: date | None = None) -> OccurrenceBounds:
    return derive_occurrence(text, single=single, as_of=as_of)


class TestOccurrence:
    @pytest.mark.parametrize(
        ("text", "precision"),
        [
            ("2014-06-12", "day"),
            ("[2014-06-12..2014-06-13]", "days"),
            ("[2014-06-12,2014-06-17]", "days"),
            ("[2014-06-12..2014-06-18]", "week"),
            ("2014-06-12~", "week"),
            ("[2014-06-12..2014-06-19]", "month"),
            ("2014-06", "month"),
            ("2014-06-XX", "month"),
            ("[2014-06-01..2014-07-02]", "month"),
            ("[2014-06-01..2014-07-03]", "year"),
            ("2014-24", "season"),
            ("2014-21~", "season"),
            ("2012", "year"),
            ("2014-XX", "year"),
            ("2014~", "longer"),
            ("201X", "longer"),
            ("2019/..", "longer"),
            ("[2014,2016]", "longer"),
            ("", "unknown"),
        ],
    )
    def test_precision_follows_from_the_days_between_the_bounds(
        self, text: str, precision: str
    ) -> None:
        assert happened(text).precision == precision

    def test_an_interval_of_a_single_event_is_precise_to_the_day(self) -> None:
        siege = happened("2014-06-12/2014-09-01")
        assert (siege.start, siege.end) == (date(2014, 6, 12), date(2014, 9, 1))
        assert siege.precision is OccurrencePrecision.DAY

    def test_an_interval_of_a_series_is_as_precise_as_its_length(self) -> None:
        raids = happened("2014-06-12/2014-06-14", single=False)
        assert raids.precision is OccurrencePrecision.DAYS

    def test_an_open_end_ends_on_the_day_as_of_which_it_is_known(self) -> None:
        assert happened("2019/..", as_of=date(2026, 3, 1)).end == date(2026, 3, 1)

    def test_an_open_end_may_be_known_only_as_of_the_first_day(self) -> None:
        bounds = happened("2019-05-01/..", as_of=date(2019, 5, 1))
        assert bounds.start == bounds.end == date(2019, 5, 1)

    @pytest.mark.parametrize(
        ("days", "precision"),
        [
            *[(1, "day"), (2, "days"), (6, "days"), (7, "week"), (8, "month"), (32, "month")],
            *[(33, "year"), (367, "year"), (368, "longer")],
        ],
    )
    def test_the_number_of_days_determines_the_precision(self, days: int, precision: str) -> None:
        last = date(2014, 6, 1) + timedelta(days=days - 1)
        assert happened(f"2014-06-01/{last}", single=False).precision.value == precision

    @pytest.mark.parametrize(
        ("text", "as_of", "message"),
        [
            ("2019/..", date(2018, 12, 31), "2019/.. begins after 2018-12-31"),
            ("../2019", date(2026, 1, 1), "../2019 has no start: write 2019 for some day in it"),
        ],
    )
    def test_an_interval_without_a_possible_day_is_refused(
        self, text: str, as_of: date | None, message: str
    ) -> None:
        with pytest.raises(DateError) as error:
            happened(text, as_of=as_of)
        assert message in str(error.value)

    def test_an_empty_text_has_no_bounds(self) -> None:
        undated = happened(" ")
        assert (undated.start, undated.end) == (None, None)

    @given(TEXTS, st.booleans(), st.dates())
    def test_the_first_day_is_not_after_the_last(
        self, text: str, single: bool, as_of: date
    ) -> None:
        try:
            bounds = happened(text, single=single, as_of=as_of)
        except DateError:
            assume(False)
        assert bounds.start <= bounds.end


class TestValidity:
    @pytest.mark.parametrize(
        ("start", "end", "start_kind", "end_kind", "certain", "possible"),
        [
            # from the latest start to the earliest end; from the earliest to the latest
            ("2009", "2011", "actual", "actual", "2009-12-31/2011-01-01", "2009-01-01/2011-12-31"),
            (
                "2009-06~",
                "2011-03-04",
                "actual",
                "actual",
                "2009-07-31/2011-03-04",
                "2009-05-01/2011-03-04",
            ),
            (
                "[2008,2009]",
                "2011",
                "actual",
                "actual",
                "2009-12-31/2011-01-01",
                "2008-01-01/2011-12-31",
            ),
            # seen then: it was valid, and may have been before and after
            ("2009", "2011", "first_cited", "last_cited", "2009-12-31/2011-01-01", "../.."),
            # a date of unknown kind is at least a citation
            ("2009", "2011", "unknown", "unknown", "2009-12-31/2011-01-01", "../.."),
            # no day is certainly between the start and the end
            ("2011", "2011", "actual", "actual", None, "2011-01-01/2011-12-31"),
            # doubt on either end leaves nothing certain
            ("2009?", "2011", "actual", "actual", None, "2009-01-01/2011-12-31"),
            ("2009", "2011%", "actual", "actual", None, "2009-01-01/2012-12-31"),
            # a start or an end that is not dated
            ("", "2011", "unknown", "actual", None, "../2011-12-31"),
            ("2009", "", "actual", "unknown", None, "2009-01-01/.."),
            ("2009", "", "actual", "ongoing", None, "2009-01-01/.."),
            ("", "", "unknown", "unknown", None, "../.."),
            # the last day of Python's calendar is no bound: PostgreSQL's range would pass it
            ("2009", "9999", "actual", "actual", "2009-12-31/9999-01-01", "2009-01-01/.."),
        ],
    )
    def test_its_two_ranges(
        self,
        start: str,
        end: str,
        start_kind: str,
        end_kind: str,
        certain: str | None,
        possible: str,
    ) -> None:
        bounds = derive_validity(start, end, start_kind, end_kind, None)
        assert bounds == ValidityRanges(certain and days(certain), days(possible))

    @pytest.mark.parametrize(
        ("start", "start_kind", "end_kind", "certain"),
        [
            ("2009", "actual", "ongoing", days("2009-12-31/2020-05-01")),
            ("2009", "first_cited", "unknown", days("2009-12-31/2020-05-01")),
            ("2020", "actual", "ongoing", None),
            ("2009?", "actual", "ongoing", None),
            ("", "unknown", "ongoing", None),
        ],
    )
    def test_without_a_dated_end_it_is_certain_to_the_day_it_was_last_verified(
        self, start: str, start_kind: str, end_kind: str, certain: Span | None
    ) -> None:
        bounds = derive_validity(start, "", start_kind, end_kind, date(2020, 5, 1))
        assert bounds.certain == certain
        assert bounds.possible.upper is None

    @pytest.mark.parametrize("end", ["2011", "2011-12", "2011-12-31", "[2011-06-01..2011-12-31]"])
    def test_it_may_be_verified_on_the_last_day_of_an_actual_end(self, end: str) -> None:
        found = derive_validity("2009", end, "actual", "actual", date(2011, 12, 31))
        assert found.possible.upper == date(2011, 12, 31)
        with pytest.raises(DateError, match="2012-01-01, is after the end"):
            derive_validity("2009", end, "actual", "actual", date(2012, 1, 1))

    def test_it_may_be_verified_on_the_first_day_of_its_start(self) -> None:
        found = derive_validity("2009", "", "actual", "ongoing", date(2009, 1, 1))
        assert found.possible.lower == date(2009, 1, 1)
        with pytest.raises(DateError, match="2008-12-31, is before the start"):
            derive_validity("2009", "", "actual", "ongoing", date(2008, 12, 31))

    def test_with_a_dated_end_verification_adds_nothing(self) -> None:
        bounds = derive_validity("2009", "2011", "actual", "last_cited", date(2020, 5, 1))
        assert bounds.certain == days("2009-12-31/2011-01-01")

    @pytest.mark.parametrize(
        ("start", "end", "start_kind", "end_kind", "verified", "message"),
        [
            ("2012", "2011", "actual", "actual", None, "start 2012 is later than the end 2011"),
            ("", "2011", "actual", "actual", None, "The start is actual but has no date"),
            ("", "2011", "first_cited", "actual", None, "The start is first_cited but has no"),
            ("2009", "", "actual", "actual", None, "The end is actual but has no date"),
            ("2009", " ", "actual", "last_cited", None, "The end is last_cited but has no date"),
            ("2009", "2011", "actual", "ongoing", None, "If the end is ongoing it has no date"),
            ("2009/2011", "", "actual", "unknown", None, "The start is one date, not the interval"),
            ("2009", "2011/..", "actual", "actual", None, "The end is one date, not the interval"),
            ("2009", "", "actual", "ongoing", date(2008, 1, 1), "2008-01-01, is before the start"),
            ("2009", "2011", "actual", "actual", date(2012, 1, 1), "2012-01-01, is after the end"),
            (
                "2009",
                "",
                "since",
                "unknown",
                None,
                "'since' is not a kind of start: use one of actual",
            ),
            ("2009/6", "", "actual", "unknown", None, "write 2009-06 instead"),
        ],
    )
    def test_contradicting_dates_are_refused(
        self,
        start: str,
        end: str,
        start_kind: str,
        end_kind: str,
        verified: date | None,
        message: str,
    ) -> None:
        with pytest.raises(DateError) as error:
            derive_validity(start, end, start_kind, end_kind, verified)
        assert message in str(error.value)

    @given(
        st.one_of(st.just(""), POINTS),
        st.one_of(st.just(""), POINTS),
        st.sampled_from(START_KINDS),
        st.sampled_from(END_KINDS),
        st.one_of(st.none(), st.dates()),
    )
    def test_the_certain_days_are_possible(
        self, start: str, end: str, start_kind: str, end_kind: str, verified: date | None
    ) -> None:
        try:
            bounds = derive_validity(start, end, start_kind, end_kind, verified)
        except DateError:
            return
        if bounds.certain is not None:
            certain, possible = bounds.certain, bounds.possible
            assert (possible.lower or date.min) <= certain.lower
            assert (certain.upper or date.max) <= (possible.upper or date.max)

    @given(JUNE, JUNE, st.sampled_from(START_KINDS), st.sampled_from(END_KINDS[:2]))
    def test_exact_days_are_certain_from_start_to_end(
        self, start: date, end: date, start_kind: str, end_kind: str
    ) -> None:
        assume(start <= end)
        bounds = derive_validity(start.isoformat(), end.isoformat(), start_kind, end_kind, None)
        assert bounds.certain == Span(start, end)


class TestSpan:
    def test_it_is_never_reversed(self) -> None:
        with pytest.raises(DateError, match="ends before it begins"):
            days("2014-02-01/2014-01-01")


class TestParseDayRange:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2014-06-12", date(2014, 6, 12), date(2014, 6, 12)),
            ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
            ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ],
    )
    def test_a_day_a_month_and_a_year(self, text: str, first: date, last: date) -> None:
        assert parse_day_range(text) == (first, last)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " 2014",
            "2014 ",
            "2014\n",
            "2014-2",
            "2014-13",
            "2014-00",
            "2014-21",
            "2014-02-30",
            "0000",
            "2014~",
            "201X",
            "2014-XX",
            "2014/2015",
            "٢٠١٤",
            "2014-06-12T00:00",
            "today",
        ],
    )
    def test_everything_else_is_refused(self, text: str) -> None:
        with pytest.raises(DateError, match="write"):
            parse_day_range(text)

    @pytest.mark.parametrize(
        ("text", "iso"),
        [
            ("03/04/2014", "write 2014-04-03 (3 April 2014) or 2014-03-04 (4 March 2014)."),
            ("circa 2014", "write 2014 instead. A parameter cannot be approximate"),
            ("2014-06~", "write 2014-06 instead. A parameter cannot be approximate"),
            ("14.6.14", "write 2014-06-14 instead."),
            ("2013/14", "is a period: write 2013 for its start and 2014 for its end."),
            ("2013-14", "is a period: write 2013 for its start and 2014 for its end."),
            ("12-14 June 2014", "write 2014-06-12 for its start and 2014-06-14 for its end."),
            ("mid-2014", "write 2014-05 for its start and 2014-08 for its end."),
            ("2014-21", "write 2014-03 for its start and 2014-05 for its end."),
            ("201X", "write 2010 for its start and 2019 for its end."),
            ("[2016,2014]", "write 2014 for its start and 2016 for its end."),
            ("since 2014", "is a period: write 2014 for its start."),
            ("9999/..", "is a period: write 9999 for its start."),
            ("99XX", "write 9900 for its start and 9999 for its end."),
        ],
    )
    def test_what_is_meant_is_named_in_iso_form(self, text: str, iso: str) -> None:
        with pytest.raises(DateError) as error:
            parse_day_range(text)
        assert iso in str(error.value)

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("10/06/2014", "write 2014-06-10 (10 June 2014) or 2014-10-06 (6 October 2014)."),
            ("14 June 2014", "write 2014-06-14 instead."),
            ("2014-06", "Write the day as 2014-06-10."),
            ("mid-2014", "Write the day as 2014-06-10."),
            ("2014-06-31", "Write the day as 2014-06-10."),
        ],
    )
    def test_a_field_of_a_day_names_the_day_that_is_meant(self, text: str, advice: str) -> None:
        assert advice in explain_day(text)


class TestDescribeDate:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "undated"),
            ("2014-06-12", "12 June 2014"),
            ("2014-06", "some day in June 2014"),
            ("2014-06-XX", "some day in June 2014"),
            ("2014-XX", "some day in 2014"),
            ("201X", "some day in the years 2010 to 2019"),
            ("2014-21", "some day in spring (March to May) 2014"),
            ("2014-24", "some day in winter (December to next February) 2014"),
            ("2014~", "about 2014, give or take a year"),
            ("2014-06-12~", "about 12 June 2014, give or take 3 days"),
            ("2014-06?", "perhaps some day in June 2014"),
            ("2014-06%", "perhaps about June 2014, give or take a month"),
            ("2020-01-03/2020-01-05", "every day from 3 to 5 January 2020"),
            ("2020-01-03/2020-02-05", "every day from 3 January to 5 February 2020"),
            ("2019-12-30/2020-01-02", "every day from 30 December 2019 to 2 January 2020"),
            ("2014~/2015?", "every day from about 2014 (give or take a year) to perhaps 2015"),
            ("2019/..", "from 2019 on"),
            ("../2019-06", "until June 2019"),
            ("[2014,2016]", "one of 2014 or 2016"),
            ("[2014,2015,2016]", "one of 2014, 2015 or 2016"),
            ("[2014-06-03..2014-06-05]", "some day from 3 to 5 June 2014"),
        ],
    )
    def test_a_date_is_described(self, text: str, words: str) -> None:
        assert describe_date(text) == words

    def test_a_series_did_not_happen_every_day(self) -> None:
        words = describe_date("2020-01-03/2020-01-05", single=False)
        assert words == "on unstated days from 3 to 5 January 2020"

    @given(TEXTS)
    def test_every_date_has_a_description(self, text: str) -> None:
        assert describe_date(text)
