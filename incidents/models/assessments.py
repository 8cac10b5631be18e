"""IncidentAssessment: what analysts write about an incident."""

import pghistory
from django.db import models

from incidents.models.incident import Incident
from sources.models import AnalystAssessment, Citation


@pghistory.track()
class IncidentAssessment(AnalystAssessment):
    """What an analyst writes about an incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="assessments")


@pghistory.track()
class IncidentAssessmentCitation(Citation):
    """A citation for an assessment of an incident."""

    assessment = models.ForeignKey(IncidentAssessment, models.CASCADE, related_name="citations")
