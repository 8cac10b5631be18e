"""The words for effects of incidents on affiliations and classifications."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class EffectKind(Enumeration):
    """The effect of an incident on an affiliation or a classification."""

    STARTS = "starts"
    ENDS = "ends"
    CHANGES = "changes"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    EffectKind: {
        "starts": "The incident starts the affiliation or classification.",
        "ends": "The incident ends the affiliation or classification.",
        "changes": "The incident changes the affiliation or classification.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
