"""The words for types of record, editions and dates, and what they mean."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import Crosswalk, EnumerationType


class RecordType(GrowingEnumeration):
    """The types of records, in the order in which one stands on another."""

    PUBLISHER = "publisher"
    SOURCE = "source"
    PLACE = "place"
    ACTOR = "actor"
    AFFILIATION = "affiliation"
    INCIDENT = "incident"


class EditionKind(Enumeration):
    """What an Edition does to the public record."""

    PUBLISH = "publish", "first publication, or the first after a withdrawal"
    CORRECT = "correct", "a new text"
    REFRESH = "refresh", "the same text, in which a quoted record reads otherwise"
    WITHDRAW = "withdraw", "the end of the record's present; its past stays readable"
    MERGE = "merge", "the record has become another"
    UNMERGE = "unmerge", "a merge was undone"
    REDACT = "redact", "a value was removed from the past as well"


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
    """What is known of a start: that it was then, or only that it was seen then."""

    ACTUAL = "actual"
    FIRST_CITED = "first_cited"
    UNKNOWN = "unknown"


class EndKind(Enumeration):
    """What is known of an end."""

    ACTUAL = "actual"
    LAST_CITED = "last_cited"
    ONGOING = "ongoing"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    RecordType: {
        "publisher": "Who publishes sources: a newspaper, an agency, a ministry, a channel.",
        "source": "What can be cited: an article, a report, a dataset, a post.",
        "place": "A place, from a country to a checkpoint.",
        "actor": "An organisation, unit, person or set of people that acts.",
        "affiliation": "How one actor stood to another, and when.",
        "incident": "Something that happened, once or as a series.",
    },
    EditionKind: {
        "publish": "First publication, or the first after a withdrawal.",
        "correct": "A new text.",
        "refresh": "The same text, in which a quoted record reads otherwise.",
        "withdraw": "The end of the record's present; its past stays readable.",
        "merge": "The record has become another.",
        "unmerge": "A merge was undone.",
        "redact": "A value was removed, from the past as well.",
    },
    DatePrecision: {
        "day": "The day is known.",
        "days": "One of two to six days, or all of them.",
        "week": "Within seven days.",
        "month": "Within a month.",
        "season": "Within a season of a year.",
        "year": "Within a year.",
        "longer": "Within more than a year.",
        "unknown": "Nothing is known of the day.",
    },
    StartKind: {
        "actual": "It began then.",
        "first_cited": "It is first told of then, and may be older.",
        "unknown": "It is not known which of these the date is, or there is none.",
    },
    EndKind: {
        "actual": "It ended then.",
        "last_cited": "It is last told of then, and may have gone on.",
        "ongoing": "It had not ended when it was last verified.",
        "unknown": "It is not known whether it has ended.",
    },
}
"""What the words mean, in the order of each enumeration."""

CROSSWALKS: dict[EnumerationType, list[Crosswalk]] = {
    DatePrecision: [
        Crosswalk(
            "ucdp.date_prec",
            "UCDP's precision of dates. What is less precise than a year cannot be exported. When "
            "it is read, the two dates of the row say more than the number, and are taken.",
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
            "ACLED's precision of dates. It codes the middle of a week or month, and leaves out "
            "what is less precise.",
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
"""What the words are in other systems."""
