"""Figure: a number as sources give them: low, best and high, or a vague word."""

from django.db import models

from editorial.fields import WordField
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


class Figure(models.Model):
    """How many; a vague word is the datum where there is no number."""

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
        ]
