"""Actors, what they were called and what they were, and how they stood to each other."""

from actors.entries import ActorEntry, ActorNameEntry, AffiliationEntry
from actors.models.actor import Actor, ActorCitation, ActorExternalId, ActorName, ActorNameCitation
from actors.models.affiliation import Affiliation, AffiliationCitation
from actors.models.assertions import (
    Classification,
    ClassificationCitation,
    StrengthEstimate,
    StrengthEstimateCitation,
)
from actors.models.assessment import ActorAssessment, ActorAssessmentCitation
from actors.models.attribute import ActorAttribute, ActorAttributeCitation
from actors.models.designation import Designation, DesignationCitation
from actors.models.presence import Presence, PresenceCitation
from actors.models.support import Support, SupportCitation

__all__ = [
    "Actor",
    "ActorAssessment",
    "ActorAssessmentCitation",
    "ActorAttribute",
    "ActorAttributeCitation",
    "ActorCitation",
    "ActorEntry",
    "ActorExternalId",
    "ActorName",
    "ActorNameCitation",
    "ActorNameEntry",
    "Affiliation",
    "AffiliationCitation",
    "AffiliationEntry",
    "Classification",
    "ClassificationCitation",
    "Designation",
    "DesignationCitation",
    "Presence",
    "PresenceCitation",
    "StrengthEstimate",
    "StrengthEstimateCitation",
    "Support",
    "SupportCitation",
]
