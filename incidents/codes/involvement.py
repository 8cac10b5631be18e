"""The words for who took part."""

from publishing.fields import Enumeration


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
