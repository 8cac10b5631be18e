"""What is asserted of an actor and may change, be disputed or differ by source."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from actors.codes import Basis, ClassificationWord, Measure
from actors.models.actor import Actor
from editorial.fields import EdtfField, WordField
from editorial.models import Validity
from sources.codes import FigureRole, Quantifier
from sources.models import Citation, ConfidentAssertion, Figure


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

    def __str__(self) -> str:
        return self.get_classification_display()


@pghistory.track()
class ClassificationCitation(Citation):
    """A passage cited for a classification."""

    classification = models.ForeignKey(Classification, models.CASCADE, related_name="citations")


@pghistory.track()
class StrengthEstimate(ConfidentAssertion, Figure):
    """How many fighters, members or units; a vague word is the datum where there is no number."""

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
        ]

    def __str__(self) -> str:
        return f"{self.get_quantifier_display()} {self.get_measure_display()}"

    def clean(self) -> None:
        super().clean()
        given = [n for n in (self.low, self.best, self.high) if n is not None]
        if given != sorted(given):
            raise ValidationError("The numbers must be in order: low, best, high.")
        if self.quantifier == Quantifier.EXACT and len(set(given)) > 1:
            raise ValidationError({"quantifier": "An exact number is one number."})


@pghistory.track()
class StrengthEstimateCitation(Citation):
    """A passage cited for an estimate of strength."""

    estimate = models.ForeignKey(StrengthEstimate, models.CASCADE, related_name="citations")
