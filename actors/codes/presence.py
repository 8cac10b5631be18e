"""The words for presence: where an actor was."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import EnumerationType


class PresenceKind(GrowingEnumeration):
    """What a place is to an actor."""

    HEADQUARTERS = "headquarters"
    BASE = "base"
    AREA_OF_OPERATIONS = "area_of_operations"
    TERRITORIAL_CONTROL = "territorial_control"
    INFLUENCE = "influence"
    CHECKPOINT = "checkpoint"
    RECRUITMENT = "recruitment"
    ORIGIN = "origin"


class Control(Enumeration):
    """How far an actor controls a place."""

    NONE = "none"
    CONTESTED = "contested"
    PARTIAL = "partial"
    FULL = "full"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    PresenceKind: {
        "headquarters": "Its seat.",
        "base": "A base of it.",
        "area_of_operations": "It acts there.",
        "territorial_control": "It rules there.",
        "influence": "It has a say there.",
        "checkpoint": "It holds a checkpoint there.",
        "recruitment": "It wins members there.",
        "origin": "It comes from there.",
    },
    Control: {
        "none": "It controls nothing there.",
        "contested": "It fights over it.",
        "partial": "It controls a part, or some of the time.",
        "full": "It controls it.",
        "unknown": "It is not known.",
    },
}
"""What the words mean, in the order of each enumeration."""
