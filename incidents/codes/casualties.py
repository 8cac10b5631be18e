"""The words for casualties."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class CasualtyMeasure(GrowingEnumeration):
    """The kind of harm to the people who are counted."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    ABDUCTED = "abducted"
    DETAINED = "detained"
    DISPLACED = "displaced"


class Population(GrowingEnumeration):
    """The people who are counted: everyone, a side of the fight, or a group of people."""

    TOTAL = "total"
    CIVILIANS = "civilians"
    SIDE_A = "side_a"
    SIDE_B = "side_b"
    ATTACKERS = "attackers"
    SECURITY_FORCES = "security_forces"
    WOMEN = "women"
    MEN = "men"
    CHILDREN = "children"
    AID_WORKERS = "aid_workers"
    JOURNALISTS = "journalists"
    PEACEKEEPERS = "peacekeepers"
    OTHER = "other"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    CasualtyMeasure: {
        "killed": "Killed, or died of injuries.",
        "injured": "Injured.",
        "missing": "Missing.",
        "abducted": "Abducted.",
        "detained": "Detained or arrested.",
        "displaced": "Forced to leave home.",
    },
    Population: {
        "total": "Everyone.",
        "civilians": "Civilians.",
        "side_a": "People of side a.",
        "side_b": "People of side b.",
        "attackers": "The attackers.",
        "security_forces": "Soldiers and police of a state.",
        "women": "Women.",
        "men": "Men.",
        "children": "People under 18.",
        "aid_workers": "Aid workers.",
        "journalists": "Journalists.",
        "peacekeepers": "Peacekeepers.",
        "other": "Other people; the note says which.",
        "unknown": "Not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
