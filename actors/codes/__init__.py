"""The vocabularies of actors and affiliations, with meanings and codes of other systems."""

from actors.codes.actor import ActorKind, Gender, Identified, LifeStatus, MatchReason, Scope
from actors.codes.affiliations import AffiliationKind, Basis, Closeness
from actors.codes.attributes import Activity, AttributeKind, TargetFocus
from actors.codes.classifications import ClassificationWord
from actors.codes.designations import DesignationStatus, Regime
from actors.codes.names import NameKind
from actors.codes.presence import Control, PresenceKind
from actors.codes.strength import Measure
from actors.codes.support import SupportType

__all__ = [
    "Activity",
    "ActorKind",
    "AffiliationKind",
    "AttributeKind",
    "Basis",
    "ClassificationWord",
    "Closeness",
    "Control",
    "DesignationStatus",
    "Gender",
    "Identified",
    "LifeStatus",
    "MatchReason",
    "Measure",
    "NameKind",
    "PresenceKind",
    "Regime",
    "Scope",
    "SupportType",
    "TargetFocus",
]
