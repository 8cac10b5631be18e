"""Involvement: who took part, by our own assessment."""

import pghistory
from django.db import models

from incidents.codes import Certainty, InvolvementRole, Side
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import LineField, LinesField, SearchKeyField, WordField, get_cached_relation
from sources.models import Assertion, Citation


@pghistory.track()
class Involvement(Assertion):
    """The part of an actor in an incident, by our assessment. Others' words are statements."""

    needs = ("actor",)

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="involvements")
    role = WordField(InvolvementRole, help_text="The role in the incident, such as perpetrator.")
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor; or enter a label instead.",
    )
    label = LineField(
        max_length=300,
        blank=True,
        help_text="A description, if there is no record of the actor: unknown gunmen.",
    )
    label_key = SearchKeyField("label")
    side = WordField(Side, default=Side.NONE, help_text="The side in a fight.")
    primary = models.BooleanField(
        default=False, help_text="Whether it is the main actor of its role and side."
    )
    certainty = WordField(
        Certainty, default=Certainty.CONFIRMED, help_text="How certain the assessment is."
    )
    on_behalf_of = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor on whose behalf a facade or a wing acted.",
    )
    rationale = LinesField(blank=True, help_text="The public reasons for the assessment.")

    class Meta(Assertion.Meta):
        ordering = ["role", "-primary", "pk"]
        constraints = [
            *Assertion.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, label="")
                | (models.Q(actor__isnull=True) & ~models.Q(label="")),
                name="involvement_actor_or_label",
                violation_error_message="Enter an actor or a label, not both.",
            ),
        ]

    def __str__(self) -> str:
        actor = (
            get_cached_relation(self, "actor") or isolate(self.label) or f"involvement {self.pk}"
        )
        return f"{self.get_role_display()}: {actor}"


@pghistory.track()
class InvolvementCitation(Citation):
    """A citation for an involvement."""

    involvement = models.ForeignKey(Involvement, models.CASCADE, related_name="citations")
