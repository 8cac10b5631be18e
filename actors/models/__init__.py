"""Actors, their names and other parts, and the affiliations between them."""

from actors.entries import ActorEntry, ActorNameEntry, AffiliationEntry
from actors.models.actor import Actor, ActorCitation, ActorExternalId
from actors.models.affiliations import Affiliation, AffiliationCitation
from actors.models.assessments import ActorAssessment, ActorAssessmentCitation
from actors.models.attributes import ActorAttribute, ActorAttributeCitation
from actors.models.classifications import Classification, ClassificationCitation
from actors.models.designations import Designation, DesignationCitation
from actors.models.names import ActorName, ActorNameCitation
from actors.models.presence import Presence, PresenceCitation
from actors.models.strength import StrengthEstimate, StrengthEstimateCitation
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
