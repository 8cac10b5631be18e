"""The words for estimates of strength."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class Measure(GrowingEnumeration):
    """The unit of an estimate of strength."""

    FIGHTERS = "fighters"
    MEMBERS = "members"
    UNITS = "units"
    VEHICLES = "vehicles"
    OTHER = "other"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Measure: {
        "fighters": "People who fight.",
        "members": "All members.",
        "units": "Brigades, battalions and the like.",
        "vehicles": "Vehicles.",
        "other": "Another unit, which the note explains.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
