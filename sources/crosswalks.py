"""What our words about sources and figures are elsewhere (ACLED, UCDP, STIX, SFM)."""

from collections.abc import Iterable

from publishing.vocabularies import Crosswalk, Words
from sources.codes import Confidence, Quantifier, Scale

CROSSWALKS: dict[Words, list[Crosswalk]] = {
    Scale: [
        Crosswalk(
            "acled.source_scale",
            "ACLED's scale of sources; that of an event joins those of all its publishers, as in "
            "Local partner-National.",
            {
                "local_partner": "Local partner",
                "subnational": "Subnational",
                "national": "National",
                "regional": "Regional",
                "international": "International",
                "new_media": "New media",
                "other": "Other",
                "unknown": None,
            },
        )
    ],
    Confidence: [
        Crosswalk(
            "stix.confidence",
            "STIX 2.1's confidence, on its scale of low, medium and high; absent where there is "
            "none.",
            {"unassessed": None, "low": "15", "medium": "50", "high": "85"},
            {"15": "low", "50": "medium", "85": "high"},
        ),
        Crosswalk(
            "sfm.confidence",
            "Security Force Monitor's confidence in a value.",
            {"unassessed": None, "low": "1", "medium": "2", "high": "3"},
            {"1": "low", "2": "medium", "3": "high"},
        ),
    ],
    Quantifier: [
        Crosswalk(
            "acled.fatalities",
            "The number that ACLED writes for a word where a source gives no number: the smallest "
            "that the word allows (3 for several, 10 for many, 12 for dozens, 100 for hundreds, "
            "and so on for the larger ones). Null: the number itself, the lowest of those "
            "accepted.",
            {
                "exact": None,
                "approximately": None,
                "at_least": None,
                "at_most": None,
                "between": None,
                "several": "3",
                "few": "3",
                "many": "10",
                "dozens": "12",
                "hundreds": "100",
                "thousands": "1000",
                "tens_of_thousands": "10000",
                "unspecified": None,
            },
        )
    ],
}


def source_scale(scales: Iterable[str]) -> str | None:
    """Return ACLED's source scale of an event that publishers of these scales tell of."""
    names = CROSSWALKS[Scale][0].codes
    told = {names[scale] for scale in scales}
    return "-".join(name for name in names.values() if name and name in told) or None
