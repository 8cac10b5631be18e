"""The words for involvements."""

from publishing.fields import Enumeration, GrowingEnumeration
from publishing.vocabularies import EnumerationType


class InvolvementRole(GrowingEnumeration):
    """The role of an actor in an incident, by our assessment."""

    PERPETRATOR = "perpetrator"
    CO_PERPETRATOR = "co_perpetrator", "co-perpetrator"
    INSTIGATOR = "instigator"
    SUPPORTER = "supporter"
    TARGET = "target"
    VICTIM = "victim"
    DEFENDER = "defender"
    INTERCEPTOR = "interceptor"
    INTERVENER = "intervener"
    PARTY = "party"
    MEDIATOR = "mediator"
    AFFECTED = "affected"
    UNKNOWN = "unknown"


ROLES: dict[str, list[str]] = {
    "participant": list(InvolvementRole.values),
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
    "sponsor": [InvolvementRole.INSTIGATOR, InvolvementRole.SUPPORTER],
}
"""The roles of involvements that each parameter means."""


class Side(Enumeration):
    """The side in a fight."""

    A = "a"
    B = "b"
    NONE = "none"


class Certainty(Enumeration):
    """How certain an involvement is, the most certain first; `ruled_out` means no involvement."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    SUSPECTED = "suspected"
    RULED_OUT = "ruled_out"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    InvolvementRole: {
        "perpetrator": "The actor that did it.",
        "co_perpetrator": "An actor that did it together with another.",
        "instigator": "The actor that ordered or triggered it.",
        "supporter": "An actor that helped.",
        "target": "The actor that it was aimed at.",
        "victim": "An actor that was harmed, whether it was aimed at or not.",
        "defender": "An actor that defended the target.",
        "interceptor": "An actor that intercepted the weapon.",
        "intervener": "An actor that intervened between the sides.",
        "party": "A side of a fight, if it is not known who attacked.",
        "mediator": "An actor that mediated.",
        "affected": "An actor that was affected in another way.",
        "unknown": "The role is not known.",
    },
    Side: {
        "a": "The first side, which is the attacker if there is one.",
        "b": "The second side.",
        "none": "Neither side.",
    },
    Certainty: {
        "confirmed": "Established: evidence leaves no reasonable doubt.",
        "probable": "More likely than any other explanation.",
        "possible": "One of several plausible explanations.",
        "suspected": "Hardly more than a suspicion.",
        "ruled_out": "It was considered and excluded.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
