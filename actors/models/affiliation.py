"""Affiliation: how one actor stood to another, and when."""

import pghistory
from django.db import models

from actors.codes import AffiliationKind, Basis, Closeness
from actors.models.actor import Actor
from editorial.fields import WordField
from editorial.models import Record, Validity
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Affiliation(Record, ConfidentAssertion, Validity):
    """A dated tie, read as a sentence: subject, kind, object."""

    type_name = "affiliation"
    document = "actors.serializers.AffiliationDocument"
    entry = "actors.entries.AffiliationEntry"
    ref_name = None

    subject = models.ForeignKey(
        Actor,
        models.PROTECT,
        related_name="affiliations_from",
        help_text="Who stands in the tie to the object.",
    )
    kind = WordField(AffiliationKind, help_text="How the subject stands to the object.")
    object = models.ForeignKey(
        Actor,
        models.PROTECT,
        related_name="affiliations_to",
        help_text="To whom the subject stands in the tie.",
    )
    closeness = WordField(Closeness, default=Closeness.UNKNOWN, help_text="How close the tie is.")
    basis = WordField(Basis, default=Basis.UNKNOWN, help_text="On what ground it holds.")
    title = models.CharField(max_length=200, blank=True, help_text="Individuals: the title held.")
    rank = models.CharField(max_length=100, blank=True, help_text="Individuals: the rank held.")
    start_reason = models.CharField(max_length=300, blank=True, help_text="Why it began.")
    end_reason = models.CharField(max_length=300, blank=True, help_text="Why it ended.")

    class Meta(Record.Meta):
        ordering = ["subject__name", "kind", "object__name", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(subject=models.F("object")),
                name="affiliation_of_two",
                violation_error_message="An actor cannot stand in a tie to itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (tie {self.pk})"


@pghistory.track()
class AffiliationCitation(Citation):
    """A passage cited for an affiliation."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="citations")
