"""StrengthEstimate: how many fighters, members or units an actor had."""

from typing import Any

import pghistory
from django.db import models

from actors.codes import Measure
from actors.models.actor import Actor
from publishing.fields import EdtfField, LineField, WordField
from sources.codes import FigureRole, Quantifier
from sources.models import Citation, ConfidentAssertion, Figure, build_order_constraint


@pghistory.track()
class StrengthEstimate(ConfidentAssertion, Figure):
    """An estimate of strength, as numbers, or as a vague word if the source gives no number."""

    needs = ("low", "best", "high")

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="strength_estimates")
    measure = WordField(Measure, help_text="The unit of the numbers, such as fighters.")
    as_of = EdtfField(
        "as of", blank=True, help_text="The date of the estimate, as EDTF: 2015, 2015-06."
    )
    method = LineField(max_length=300, blank=True, help_text="The method of the estimate.")

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
                violation_error_message="Another estimate is already recommended for this measure "
                "and date.",
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
                violation_error_message="An exact number needs the same value in low, best and "
                "high.",
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
        """Copy an exact number that is entered once to low, best and high."""
        numbers = {n for n in (self.low, self.best, self.high) if n is not None}
        if self.quantifier == Quantifier.EXACT and len(numbers) == 1:
            self.low = self.best = self.high = numbers.pop()


@pghistory.track()
class StrengthEstimateCitation(Citation):
    """A citation for an estimate of strength."""

    estimate = models.ForeignKey(StrengthEstimate, models.CASCADE, related_name="citations")
