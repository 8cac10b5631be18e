"""Figure: a number as sources give them: low, best and high, or a vague word."""

from django.db import models

from publishing.fields import WordField
from sources.codes import FigureRole, Quantifier

_VAGUE = [
    Quantifier.SEVERAL,
    Quantifier.FEW,
    Quantifier.MANY,
    Quantifier.DOZENS,
    Quantifier.HUNDREDS,
    Quantifier.THOUSANDS,
    Quantifier.TENS_OF_THOUSANDS,
    Quantifier.UNSPECIFIED,
]


def _same(one: str, other: str) -> models.Q:
    """Return the rule that two numbers are the same where both are given."""
    missing = models.Q(**{f"{one}__isnull": True}) | models.Q(**{f"{other}__isnull": True})
    return missing | models.Q(**{one: models.F(other)})


def build_order_constraint(name: str, low: str, best: str, high: str) -> models.CheckConstraint:
    """Return the rule that three numbers, as far as they are given, do not fall."""
    rule = models.Q()
    for less, more in ((low, best), (best, high), (low, high)):
        rule &= (
            models.Q(**{f"{less}__isnull": True})
            | models.Q(**{f"{more}__isnull": True})
            | models.Q(**{f"{less}__lte": models.F(more)})
        )
    return models.CheckConstraint(
        condition=rule,
        name=name,
        violation_error_message="The numbers must rise from low to best to high.",
    )


def derive_quantifier(low: int | None, best: int | None, high: int | None) -> Quantifier:
    """Return how a source words a number of which it gives these bounds, and no other word."""
    given = {number for number in (low, best, high) if number is not None}
    if low is not None and high is not None:
        return Quantifier.EXACT if len(given) == 1 else Quantifier.BETWEEN
    if best is not None and len(given) == 1:
        return Quantifier.EXACT
    if low is not None:
        return Quantifier.AT_LEAST
    return Quantifier.AT_MOST if high is not None else Quantifier.EXACT


class Figure(models.Model):
    """How many; a vague word is the datum where there is no number.

    Low, best and high may be out of order, as in sources: that is pointed out; a subclass whose
    numbers are the desk's own refuses it by `in_order`.
    """

    quantifier = WordField(
        Quantifier, default=Quantifier.EXACT, help_text="How the number is worded."
    )
    low = models.PositiveIntegerField(null=True, blank=True, help_text="The lowest number.")
    best = models.PositiveIntegerField(null=True, blank=True, help_text="The best number.")
    high = models.PositiveIntegerField(null=True, blank=True, help_text="The highest number.")
    role = WordField(
        FigureRole,
        default=FigureRole.SUPPORTING,
        help_text="recommended: the desk's own. supporting: what one source says.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantifier__in=_VAGUE)
                | models.Q(low__isnull=False)
                | models.Q(best__isnull=False)
                | models.Q(high__isnull=False),
                name="%(class)s_number_or_word",
                violation_error_message="Give a number, or a vague word as the quantifier.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.EXACT)
                | (_same("low", "best") & _same("best", "high") & _same("low", "high")),
                name="%(class)s_exact_is_one_number",
                violation_error_message="An exact number is one: low, best and high are the same.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_LEAST)
                | models.Q(low__isnull=False, high__isnull=True),
                name="%(class)s_at_least_has_low",
                violation_error_message="At least: give the lowest number and no highest.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_MOST) | models.Q(high__isnull=False),
                name="%(class)s_at_most_has_high",
                violation_error_message="At most: give the highest number.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.BETWEEN)
                | models.Q(low__isnull=False, high__isnull=False),
                name="%(class)s_between_has_both",
                violation_error_message="Between: give the lowest and the highest number.",
            ),
        ]
