"""ActorAssessment: what analysts write about an actor."""

import pghistory
from django.db import models

from actors.models.actor import Actor
from sources.models import AnalystAssessment, Citation


@pghistory.track()
class ActorAssessment(AnalystAssessment):
    """What an analyst writes about an actor."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="assessments")


@pghistory.track()
class ActorAssessmentCitation(Citation):
    """A citation for an assessment of an actor."""

    assessment = models.ForeignKey(ActorAssessment, models.CASCADE, related_name="citations")
