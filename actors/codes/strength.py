"""The words for estimates of strength."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class Measure(Enumeration):
    """What an estimate of strength counts."""

    FIGHTERS = "fighters"
    MEMBERS = "members"
    UNITS = "units"
    VEHICLES = "vehicles"
    OTHER = "other"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Measure: {
        "fighters": "Those who fight.",
        "members": "All who belong to it.",
        "units": "Brigades, battalions and the like.",
        "vehicles": "Vehicles.",
        "other": "Something else, told in the note.",
    },
}
"""What the words mean, in the order of each enumeration."""
