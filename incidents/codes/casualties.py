"""The words for casualties."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import EnumerationType


class CasualtyMeasure(Enumeration):
    """What was done to those who are counted."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    ABDUCTED = "abducted"
    DETAINED = "detained"
    DISPLACED = "displaced"


class Population(GrowingEnumeration):
    """Who is counted: everyone, a side of the fight, or a kind of people."""

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
        "killed": "Killed, or died of it.",
        "injured": "Injured.",
        "missing": "Missing.",
        "abducted": "Taken by force.",
        "detained": "Detained or arrested.",
        "displaced": "Driven from home.",
    },
    Population: {
        "total": "Everyone.",
        "civilians": "Civilians.",
        "side_a": "Those of side a.",
        "side_b": "Those of side b.",
        "attackers": "Those who attacked.",
        "security_forces": "Soldiers and police of a state.",
        "women": "Women.",
        "men": "Men.",
        "children": "People under 18.",
        "aid_workers": "Aid workers.",
        "journalists": "Journalists.",
        "peacekeepers": "Peacekeepers.",
        "other": "None of these, told in the note.",
        "unknown": "It is not known who.",
    },
}
"""What the words mean, in the order of each enumeration."""
