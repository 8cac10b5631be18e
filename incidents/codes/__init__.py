"""The words for incidents."""

from incidents.codes.casualties import CasualtyMeasure, Population
from incidents.codes.consequences import EffectKind, LinkKind
from incidents.codes.incident import EventType, Granularity, Outcome, SubType, Violence
from incidents.codes.involvement import Certainty, InvolvementRole, Side
from incidents.codes.location import LocationRole, Precision
from incidents.codes.target import TargetType

__all__ = [
    "CasualtyMeasure",
    "Certainty",
    "EffectKind",
    "EventType",
    "Granularity",
    "InvolvementRole",
    "LinkKind",
    "LocationRole",
    "Outcome",
    "Population",
    "Precision",
    "Side",
    "SubType",
    "TargetType",
    "Violence",
]
