"""The words for effects of incidents on affiliations and classifications."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class EffectKind(Enumeration):
    """What an incident did to a tie or a status."""

    STARTS = "starts"
    ENDS = "ends"
    CHANGES = "changes"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    EffectKind: {
        "starts": "The tie or status began by it.",
        "ends": "The tie or status ended by it.",
        "changes": "The tie or status changed by it.",
    },
}
"""What the words mean, in the order of each enumeration."""
