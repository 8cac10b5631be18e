"""Involvement: our conclusion on who took part."""

import pghistory
from django.db import models

from incidents.codes import Certainty, InvolvementRole, Side
from incidents.models.incident import Incident
from publishing.bidi import isolate
from publishing.fields import WordField, get_cached_relation
from sources.models import Assertion, Citation


@pghistory.track()
class Involvement(Assertion):
    """That an actor took part, in a role, with a certainty. Who said so is another row."""

    needs = ("actor",)

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="involvements")
    role = WordField(InvolvementRole, help_text="What it was to the incident.")
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who it was; or give a label.",
    )
    label = models.CharField(
        max_length=300, blank=True, help_text="Who it was, in words, when there is no actor."
    )
    side = WordField(Side, default=Side.NONE, help_text="On which side of a fight.")
    primary = models.BooleanField(
        default=False, help_text="Whether it is the first one of its role or side."
    )
    certainty = WordField(
        Certainty, default=Certainty.CONFIRMED, help_text="How certain our conclusion is."
    )
    on_behalf_of = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The principal of a facade or of a wing.",
    )
    rationale = models.TextField(blank=True, help_text="Why we conclude so, public.")

    class Meta(Assertion.Meta):
        ordering = ["role", "-primary", "pk"]
        constraints = [
            *Assertion.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False, label="")
                | (models.Q(actor__isnull=True) & ~models.Q(label="")),
                name="involvement_actor_or_label",
                violation_error_message="Give an actor or a label, not both.",
            ),
        ]

    def __str__(self) -> str:
        who = get_cached_relation(self, "actor") or isolate(self.label) or f"involvement {self.pk}"
        return f"{self.get_role_display()}: {who}"


@pghistory.track()
class InvolvementCitation(Citation):
    """A passage cited for an involvement."""

    involvement = models.ForeignKey(Involvement, models.CASCADE, related_name="citations")
