"""What our words for the precision of dates are elsewhere."""

from publishing.models.dated import DatePrecision
from publishing.vocabularies import Crosswalk, Words

CROSSWALKS: dict[Words, list[Crosswalk]] = {
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
    ]
}
