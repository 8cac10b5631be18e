"""The words for what it answered and what it changed."""

from publishing.fields import Enumeration


class LinkKind(Enumeration):
    """How an incident stands to an earlier or a larger one."""

    PART_OF = "part_of"
    RETALIATION_FOR = "retaliation_for"
    FOLLOW_UP = "follow_up", "follow-up"
    RESPONSE_TO = "response_to"


class EffectKind(Enumeration):
    """What an incident did to a tie or a status."""

    STARTS = "starts"
    ENDS = "ends"
    CHANGES = "changes"
