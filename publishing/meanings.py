"""What the words about dates and editions mean."""

from publishing.models.dated import DatePrecision, EndKind, StartKind
from publishing.models.edition import EditionKind
from publishing.registry import RecordType
from publishing.vocabularies import Words

MEANINGS: dict[Words, dict[str, str]] = {
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
