"""Assessment: what an analyst makes of an actor or an incident, in words."""

from django.db import models

from publishing.fields import EdtfField, WordField
from sources.codes import Topic


class AnalystAssessment(models.Model):
    """A cited judgement on one topic; each model that is judged has its own subclass.

    The subclass adds the foreign key to what is judged, with related name `assessments`.
    """

    topic = WordField(Topic, help_text="What is judged.")
    text = models.TextField(help_text="The judgement, public.")
    as_of = EdtfField("as of", blank=True, help_text="Of what day it speaks, as EDTF.")

    class Meta:
        abstract = True
        ordering = ["topic", "-as_of", "pk"]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} (assessment {self.pk})"
