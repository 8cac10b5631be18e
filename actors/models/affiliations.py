"""Affiliation: how one actor stood to another, and when."""

from collections.abc import Collection, Iterable

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Greatest, Least

from actors.affiliation_kinds import GENEALOGY, SYMMETRIC, TITLED, refusal
from actors.codes import AffiliationKind, Basis, Closeness
from actors.models import rules
from actors.models.actor import Actor
from editorial.models import Record
from publishing.codes import EndKind
from publishing.fields import WordField, get_cached_relation
from publishing.models import Validity
from sources.codes import Assessment
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Affiliation(Record, ConfidentAssertion, Validity):
    """A dated tie, read as a sentence: subject, kind, object.

    Two actors may be tied by one kind in successive rows. A symmetric tie is told from one end,
    always the same, and read from both. The kind can be corrected in place.
    """

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
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(subject=models.F("object")),
                name="affiliation_of_two",
                violation_error_message="An actor cannot stand in a tie to itself.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=GENEALOGY)
                | models.Q(
                    end="", end_kind=EndKind.UNKNOWN, last_verified__isnull=True, end_reason=""
                ),
                name="affiliation_genealogy_starts",
                violation_error_message="A split, a merger or a succession happens once: it has a "
                "start, no end and no later day on which it was verified.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TITLED) | models.Q(title="", rank=""),
                name="affiliation_titles_of_people",
                violation_error_message="A title and a rank go with the ties of individuals: "
                "leading, commanding, speaking for, advising, founding, or being a member.",
            ),
            ExclusionConstraint(
                name="affiliation_one_at_a_time",
                expressions=[("subject", "="), ("kind", "="), ("object", "="), ("certain", "&&")],
                condition=models.Q(assessment=Assessment.ACCEPTED),
                violation_error_message="Another accepted tie of this kind between the two "
                "certainly held on some of the same days: change the dates, or dispute one.",
            ),
            ExclusionConstraint(
                name="affiliation_told_from_one_end",
                expressions=[
                    ("kind", "="),
                    (Least("subject", "object"), "="),
                    (Greatest("subject", "object"), "="),
                    ("subject", "<>"),
                ],
                condition=models.Q(kind__in=SYMMETRIC),
                violation_error_message="This tie is told from the other end already. It reads "
                "alike from both: edit that one, or exchange subject and object.",
            ),
        ]

    def __str__(self) -> str:
        if get_cached_relation(self, "subject") and get_cached_relation(self, "object"):
            return f"{self.subject} – {self.get_kind_display()} – {self.object}"
        return f"{self.get_kind_display()} (tie {self.pk})"

    def clean(self) -> None:
        super().clean()
        told = self.subject_id and self.object_id and self.kind in AffiliationKind.values
        if told and (why := refusal(self.subject.kind, self.kind, self.object.kind)):
            raise ValidationError({"kind": why})
        self._refuse_support()

    def _refuse_support(self) -> None:
        if self.kind != AffiliationKind.SPONSORED_BY and self.pk and self.support.exists():
            raise ValidationError(
                {"kind": "Only what is sponsored has support: remove the support rows first."}
            )

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        cls._refuse(rules.faults_submitted(cls.objects.filter(pk__in=keys)))

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        cls._refuse(rules.faults_public(records))

    @classmethod
    def _refuse(cls, faults: Iterable[rules.Fault]) -> None:
        """Raise ValidationError with the ties that are refused, by name, if there are any."""
        found = list(faults)
        rows = cls.objects.select_related("subject", "object")
        named = {row.public_id: row for row in rows.filter(public_id__in=[tie for tie, _ in found])}
        told = [f"{named[tie]}: {why}" for tie, why in found]
        if told:
            raise ValidationError([ValidationError(text, code="tie") for text in told])


@pghistory.track()
class AffiliationCitation(Citation):
    """A passage cited for an affiliation."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="citations")
