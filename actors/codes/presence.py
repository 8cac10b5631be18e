"""The words for presences of actors."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import EnumerationType


class PresenceKind(GrowingEnumeration):
    """The kind of a presence."""

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
        "headquarters": "The headquarters of the actor.",
        "base": "A base of the actor.",
        "area_of_operations": "The actor operates there.",
        "territorial_control": "The actor controls the territory.",
        "influence": "The actor has influence there.",
        "checkpoint": "The actor has a checkpoint there.",
        "recruitment": "The actor recruits there.",
        "origin": "The actor comes from there.",
    },
    Control: {
        "none": "The actor controls nothing there.",
        "contested": "The actor fights for control.",
        "partial": "The actor controls a part of it, or all of it at times.",
        "full": "The actor controls it.",
        "unknown": "Not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
