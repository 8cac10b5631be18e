"""The words for incidents."""

from incidents.codes.casualties import CasualtyMeasure, Population
from incidents.codes.consequences import EffectKind, LinkKind
from incidents.codes.incident import (
    EventType,
    Granularity,
    Motive,
    Outcome,
    PropertyDamage,
    SubType,
    Tag,
    Violence,
)
from incidents.codes.involvement import Certainty, InvolvementRole, Side
from incidents.codes.location import LocationRole, Precision
from incidents.codes.statement import (
    AttributionStatus,
    Authenticity,
    ClaimStatus,
    Mode,
    SpeakerType,
    StatementKind,
    StatementRole,
)
from incidents.codes.target import TargetType
from incidents.codes.weapon import Frequency, Weapon

__all__ = [
    "AttributionStatus",
    "Authenticity",
    "CasualtyMeasure",
    "Certainty",
    "ClaimStatus",
    "EffectKind",
    "EventType",
    "Frequency",
    "Granularity",
    "InvolvementRole",
    "LinkKind",
    "LocationRole",
    "Mode",
    "Motive",
    "Outcome",
    "Population",
    "Precision",
    "PropertyDamage",
    "Side",
    "SpeakerType",
    "StatementKind",
    "StatementRole",
    "SubType",
    "Tag",
    "TargetType",
    "Violence",
    "Weapon",
]
