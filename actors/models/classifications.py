"""What is asserted of an actor and may change, be disputed or differ by source."""

from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from actors.codes import Basis, ClassificationWord, Measure
from actors.models.actor import Actor
from publishing.fields import EdtfField, WordField
from publishing.models import Validity
from sources.codes import Assessment, FigureRole, Quantifier
from sources.models import Citation, ConfidentAssertion, Figure, build_order_constraint


@pghistory.track()
class Classification(ConfidentAssertion, Validity):
    """What an actor was in a period."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="classifications")
    classification = WordField(ClassificationWord, help_text="What it was.")
    basis = WordField(Basis, default=Basis.UNKNOWN, help_text="On what ground.")
    primary = models.BooleanField(
        default=False, help_text="Whether it is the one to go by where several hold at a time."
    )

    class Meta(ConfidentAssertion.Meta):
        ordering = ["start", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            *Validity.Meta.constraints,
            ExclusionConstraint(
                name="classification_one_primary",
                expressions=[("actor", "="), ("certain", "&&")],
                condition=models.Q(primary=True, assessment=Assessment.ACCEPTED),
                violation_error_message="Another accepted classification is primary on some of "
                "the same days: only one is to go by at a time.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_classification_display()


@pghistory.track()
class ClassificationCitation(Citation):
    """A passage cited for a classification."""

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="citations")


@pghistory.track()
class StrengthEstimate(ConfidentAssertion, Figure):
    """How many fighters, members or units; a vague word is the datum where there is no number."""

    needs = ("low", "best", "high")

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="strength_estimates")
    measure = WordField(Measure, help_text="What is counted.")
    as_of = EdtfField("as of", blank=True, help_text="When it was so many, as EDTF.")
    method = models.CharField(max_length=300, blank=True, help_text="How it was estimated.")

    class Meta(ConfidentAssertion.Meta):
        ordering = ["measure", "as_of", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            *Figure.Meta.constraints,
            models.UniqueConstraint(
                "actor",
                "measure",
                "as_of",
                condition=models.Q(role=FigureRole.RECOMMENDED),
                name="strengthestimate_one_recommended",
                violation_error_message="Another estimate is recommended for this measure.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.EXACT)
                | models.Q(
                    low__isnull=False,
                    best__isnull=False,
                    high__isnull=False,
                    low=models.F("best"),
                    high=models.F("best"),
                ),
                name="strengthestimate_exact_is_one",
                violation_error_message="An exact number is one number: low, best and high alike.",
            ),
            build_order_constraint("strengthestimate_in_order", "low", "best", "high"),
        ]

    def __str__(self) -> str:
        return f"{self.get_quantifier_display()} {self.get_measure_display()}"

    def clean(self) -> None:
        super().clean()
        self._complete()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._complete()
        super().save(*args, **kwargs)

    def _complete(self) -> None:
        """Let an exact number that is given once be the lowest, the best and the highest."""
        given = {n for n in (self.low, self.best, self.high) if n is not None}
        if self.quantifier == Quantifier.EXACT and len(given) == 1:
            (self.low,) = (self.best,) = (self.high,) = given


@pghistory.track()
class StrengthEstimateCitation(Citation):
    """A passage cited for an estimate of strength."""

    estimate = models.ForeignKey(StrengthEstimate, models.CASCADE, related_name="citations")
