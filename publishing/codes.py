"""The vocabularies of record types, editions and dates."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class RecordType(GrowingEnumeration):
    """The types of record, in an order in which referenced types come first."""

    PUBLISHER = "publisher"
    SOURCE = "source"
    PLACE = "place"
    ACTOR = "actor"
    AFFILIATION = "affiliation"
    INCIDENT = "incident"


class EditionKind(GrowingEnumeration):
    """What an edition does to the public record."""

    PUBLISH = "publish", "first publication, or the first after a withdrawal"
    CORRECT = "correct", "a new text"
    REFRESH = "refresh", "the same text, with changed references"
    WITHDRAW = "withdraw", "the record is no longer public; its earlier editions stay readable"
    MERGE = "merge", "the record was merged into another"
    UNMERGE = "unmerge", "a merge was undone"
    REDACT = "redact", "a value was removed, from earlier editions too"
    RESTORE = "restore", "a redaction was undone, in earlier editions too"


class DatePrecision(Enumeration):
    """How precisely the day of an occurrence is known."""

    DAY = "day"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    LONGER = "longer"
    UNKNOWN = "unknown"


class StartKind(Enumeration):
    """What the date of a start means."""

    ACTUAL = "actual"
    FIRST_CITED = "first_cited"
    UNKNOWN = "unknown"


class EndKind(Enumeration):
    """What the date of an end means."""

    ACTUAL = "actual"
    LAST_CITED = "last_cited"
    ONGOING = "ongoing"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    RecordType: {
        "publisher": "A publisher of sources: a newspaper, an agency, a ministry, a channel.",
        "source": "A source that can be cited: an article, a report, a dataset, a post.",
        "place": "A place, from a country to a checkpoint.",
        "actor": "An organisation, unit, person or set of people that acts.",
        "affiliation": "A relation of one actor to another, and its period.",
        "incident": "Something that happened, once or as a series.",
    },
    EditionKind: {
        "publish": "First publication, or the first after a withdrawal.",
        "correct": "A new text.",
        "refresh": "The same text, with changed references to other records.",
        "withdraw": "The record is no longer public; its earlier editions stay readable.",
        "merge": "The record was merged into another.",
        "unmerge": "A merge was undone.",
        "redact": "A value was removed, from earlier editions too.",
        "restore": "A redaction was undone, in earlier editions too.",
    },
    DatePrecision: {
        "day": "The day is known.",
        "days": "One of two to six days, or all of them.",
        "week": "Within seven days.",
        "month": "Within a month.",
        "season": "Within a season of a year.",
        "year": "Within a year.",
        "longer": "Within more than a year.",
        "unknown": "The date is unknown.",
    },
    StartKind: {
        "actual": "It started then.",
        "first_cited": "A source first mentions it then; it may be older.",
        "unknown": "The date is one of these, but it is unknown which, or there is no date.",
    },
    EndKind: {
        "actual": "It ended then.",
        "last_cited": "A source last mentions it then; it may have continued.",
        "ongoing": "It had not ended when it was last verified.",
        "unknown": "It is unknown whether it has ended.",
    },
}
"""The meanings of the words, in the order of each enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    DatePrecision: [
        Crosswalk(
            "ucdp.date_prec",
            "UCDP's precision of dates. A date less precise than a year cannot be exported. The "
            "import uses the two dates of a row, which say more than the number.",
            {
                "day": "1",
                "days": "2",
                "week": "3",
                "month": "4",
                "season": "5",
                "year": "5",
                "longer": None,
                "unknown": None,
            },
        ),
        Crosswalk(
            "acled.time_precision",
            "ACLED's precision of dates. It codes the middle of a week or month, and excludes less "
            "precise dates.",
            {
                "day": "1",
                "days": "2",
                "week": "2",
                "month": "3",
                "season": None,
                "year": None,
                "longer": None,
                "unknown": None,
            },
        ),
    ],
}
"""The codes of the words in other systems."""
