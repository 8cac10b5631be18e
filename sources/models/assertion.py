"""Assertion: a statement that the desk holds, doubts or rejects."""

from django.db import models

from publishing.fields import WordField
from sources.codes import Assessment, Confidence

_NEEDS_NOTE = [Assessment.DISPUTED, Assessment.REJECTED]


class Assertion(models.Model):
    """A row that may be disputed; disputed or rejected, it says why to its readers."""

    assessment = WordField(
        Assessment, default=Assessment.ACCEPTED, help_text="What the desk holds of the statement."
    )
    note = models.TextField(
        blank=True, help_text="Public note; required when disputed or rejected."
    )
    internal_note = models.TextField(
        blank=True, help_text="For the desk alone: it is never published."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(assessment__in=_NEEDS_NOTE, note=""),
                name="%(class)s_dispute_has_note",
                violation_error_message="Say in the public note why it is disputed or rejected.",
            )
        ]


class ConfidentAssertion(Assertion):
    """An assertion of which the desk also says how sure it is."""

    confidence = WordField(
        Confidence, default=Confidence.UNASSESSED, help_text="How sure the desk is."
    )

    class Meta(Assertion.Meta):
        abstract = True
