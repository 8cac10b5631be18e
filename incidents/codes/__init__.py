"""The vocabularies of incidents, with meanings and codes of other systems."""

from incidents.codes.casualties import CasualtyMeasure, Population
from incidents.codes.effects import EffectKind
from incidents.codes.incident import (
    EVENT_TYPES_OF_SUB_TYPES,
    EventType,
    Granularity,
    Motive,
    Outcome,
    PropertyDamage,
    SubType,
    Tag,
    Violence,
)
from incidents.codes.involvements import ROLES, Certainty, InvolvementRole, Side
from incidents.codes.links import LinkKind
from incidents.codes.locations import (
    FINENESS,
    POINT_PRECISIONS,
    PRECISION_OF_PLACES,
    LocationRole,
    Precision,
)
from incidents.codes.statements import (
    STATEMENT_ROLES,
    AttributionStatus,
    Authenticity,
    ClaimStatus,
    Mode,
    SpeakerType,
    StatementKind,
    StatementRole,
)
from incidents.codes.targets import TargetType
from incidents.codes.weapons import Frequency, Weapon

__all__ = [
    "EVENT_TYPES_OF_SUB_TYPES",
    "FINENESS",
    "POINT_PRECISIONS",
    "PRECISION_OF_PLACES",
    "ROLES",
    "STATEMENT_ROLES",
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
