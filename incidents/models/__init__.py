"""Incidents: where they happened, who did it, who says so, with what, and what followed."""

from incidents.entries import (
    IncidentActorEntry,
    IncidentEntry,
    IncidentLinkEntry,
    IncidentPlaceEntry,
    IncidentSourceEntry,
    IncidentTargetEntry,
    IncidentWeaponEntry,
)
from incidents.models.assessment import IncidentAssessment, IncidentAssessmentCitation
from incidents.models.casualties import CasualtyFigure, CasualtyFigureCitation
from incidents.models.consequences import (
    Effect,
    EffectCitation,
    IncidentLink,
    IncidentLinkCitation,
    PossibleDuplicate,
)
from incidents.models.incident import (
    Incident,
    IncidentCitation,
    IncidentExternalId,
    random_code,
)
from incidents.models.involvement import Involvement, InvolvementCitation
from incidents.models.location import IncidentLocation, IncidentLocationCitation
from incidents.models.statement import (
    ResponsibilityStatement,
    ResponsibilityStatementCitation,
    StatementResponsible,
)
from incidents.models.target import Target, TargetCitation
from incidents.models.weapon import WeaponUse, WeaponUseCitation

__all__ = [
    "CasualtyFigure",
    "CasualtyFigureCitation",
    "Effect",
    "EffectCitation",
    "Incident",
    "IncidentActorEntry",
    "IncidentAssessment",
    "IncidentAssessmentCitation",
    "IncidentCitation",
    "IncidentEntry",
    "IncidentExternalId",
    "IncidentLink",
    "IncidentLinkCitation",
    "IncidentLinkEntry",
    "IncidentLocation",
    "IncidentLocationCitation",
    "IncidentPlaceEntry",
    "IncidentSourceEntry",
    "IncidentTargetEntry",
    "IncidentWeaponEntry",
    "Involvement",
    "InvolvementCitation",
    "PossibleDuplicate",
    "ResponsibilityStatement",
    "ResponsibilityStatementCitation",
    "StatementResponsible",
    "Target",
    "TargetCitation",
    "WeaponUse",
    "WeaponUseCitation",
    "random_code",
]
