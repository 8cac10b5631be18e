"""The words for links between incidents."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class LinkKind(Enumeration):
    """How an incident stands to an earlier or a larger one."""

    PART_OF = "part_of"
    RETALIATION_FOR = "retaliation_for"
    FOLLOW_UP = "follow_up", "follow-up"
    RESPONSE_TO = "response_to"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    LinkKind: {
        "part_of": "It is a part of the larger one.",
        "retaliation_for": "It was done in return for the earlier one.",
        "follow_up": "It came out of the earlier one, such as a second strike.",
        "response_to": "It answered the earlier one otherwise, such as by arrests.",
    },
}
"""What the words mean, in the order of each enumeration."""
