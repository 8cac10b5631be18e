"""Effect: what an incident started, ended or changed."""

import pghistory
from django.db import models

from actors.codes import ClassificationWord
from incidents.codes import EffectKind
from incidents.models.incident import Incident
from publishing.fields import EdtfField, WordField, get_cached_relation
from sources.models import Citation


@pghistory.track()
class Effect(models.Model):
    """The start, end or change of an affiliation or of a classification by an incident."""

    needs = ("affiliation", "actor", "classification")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="effects")
    kind = WordField(EffectKind, help_text="Whether the incident starts, ends or changes it.")
    affiliation = models.ForeignKey(
        "actors.Affiliation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The affiliation; or enter an actor and its classification.",
    )
    actor = models.ForeignKey(
        "actors.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The actor with the classification.",
    )
    classification = WordField(
        ClassificationWord,
        default=ClassificationWord.UNKNOWN,
        help_text="The classification that starts, ends or changes.",
    )
    classification_start = EdtfField(
        blank=True, help_text="The start of the classification, as EDTF: 2014-06."
    )

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    affiliation__isnull=False,
                    actor__isnull=True,
                    classification=ClassificationWord.UNKNOWN,
                    classification_start="",
                )
                | (
                    models.Q(affiliation__isnull=True, actor__isnull=False)
                    & ~models.Q(classification=ClassificationWord.UNKNOWN)
                ),
                name="effect_affiliation_or_classification",
                violation_error_message="Enter an affiliation, or an actor and its classification.",
            )
        ]

    def __str__(self) -> str:
        target = (
            get_cached_relation(self, "affiliation")
            or get_cached_relation(self, "actor")
            or f"effect {self.pk}"
        )
        return f"{self.get_kind_display()}: {target}"


@pghistory.track()
class EffectCitation(Citation):
    """A citation for an effect."""

    effect = models.ForeignKey(Effect, models.CASCADE, related_name="citations")
