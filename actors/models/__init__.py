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

__all__ = [
    "Actor",
    "ActorAssessment",
    "ActorAssessmentCitation",
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
    "StrengthEstimate",
    "StrengthEstimateCitation",
]
