"""The words for links between incidents."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class LinkKind(GrowingEnumeration):
    """The kind of link from an incident to an earlier or a larger one."""

    PART_OF = "part_of"
    RETALIATION_FOR = "retaliation_for"
    FOLLOW_UP = "follow_up", "follow-up"
    RESPONSE_TO = "response_to"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    LinkKind: {
        "part_of": "The incident is a part of the larger one.",
        "retaliation_for": "The incident was retaliation for the earlier one.",
        "follow_up": "The incident followed from the earlier one, such as a second strike.",
        "response_to": "The incident was another response to the earlier one, such as arrests.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
