"""The words for involvements: who took part."""

from publishing.fields import Enumeration
from publishing.vocabularies import EnumerationType


class InvolvementRole(Enumeration):
    """What we conclude that an actor was to the incident."""

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


class Side(Enumeration):
    """On which side of a fight."""

    A = "a"
    B = "b"
    NONE = "none"


class Certainty(Enumeration):
    """How certain our conclusion is; `ruled_out` stands apart."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    SUSPECTED = "suspected"
    RULED_OUT = "ruled_out"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    InvolvementRole: {
        "perpetrator": "Who did it.",
        "co_perpetrator": "Who did it together with another.",
        "instigator": "Who ordered it or set it off.",
        "supporter": "Who helped with it.",
        "target": "At whom it was aimed.",
        "victim": "Who suffered it, aimed at or not.",
        "defender": "Who defended those aimed at.",
        "interceptor": "Who stopped what was fired or sent.",
        "intervener": "Who stepped in between.",
        "party": "A side of a fight of which it is not known who attacked.",
        "mediator": "Who mediated.",
        "affected": "Whom it touched otherwise.",
        "unknown": "It is not known what the actor was to it.",
    },
    Side: {
        "a": "The first side; that of the attack, where there is one.",
        "b": "The second side.",
        "none": "Neither side.",
    },
    Certainty: {
        "confirmed": "Established: evidence leaves no reasonable doubt.",
        "probable": "More likely than all else.",
        "possible": "It fits, and so may other things.",
        "suspected": "Little but suspicion speaks for it.",
        "ruled_out": "It was considered, and is held not to be so.",
    },
}
"""What the words mean, in the order of each enumeration."""
