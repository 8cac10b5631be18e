"""Incidents and their parts."""

from incidents.entries import (
    IncidentActorEntry,
    IncidentEntry,
    IncidentLinkEntry,
    IncidentPlaceEntry,
    IncidentSourceEntry,
    IncidentTargetEntry,
    IncidentWeaponEntry,
)
from incidents.models.assessments import IncidentAssessment, IncidentAssessmentCitation
from incidents.models.casualties import CasualtyFigure, CasualtyFigureCitation
from incidents.models.effects import Effect, EffectCitation
from incidents.models.incident import (
    Incident,
    IncidentCitation,
    IncidentExternalId,
    make_random_code,
)
from incidents.models.involvements import Involvement, InvolvementCitation
from incidents.models.links import IncidentLink, IncidentLinkCitation, PossibleDuplicate
from incidents.models.locations import IncidentLocation, IncidentLocationCitation
from incidents.models.statements import (
    ResponsibilityStatement,
    ResponsibilityStatementCitation,
    StatementResponsible,
)
from incidents.models.targets import Target, TargetCitation
from incidents.models.weapons import WeaponUse, WeaponUseCitation

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
    "make_random_code",
]
