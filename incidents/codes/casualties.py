"""The words for what it cost in people."""

from publishing.fields import Enumeration, Growing


class CasualtyMeasure(Enumeration):
    """What was done to those who are counted."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    ABDUCTED = "abducted"
    DETAINED = "detained"
    DISPLACED = "displaced"


class Population(Growing):
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
