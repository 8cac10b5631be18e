"""Affiliation: a dated relation between two actors."""

from collections.abc import Collection

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Greatest, Least

from actors.affiliation_kinds import GENEALOGY, SYMMETRIC, TITLED, explain_mismatch
from actors.codes import AffiliationKind, Basis, Closeness
from actors.models import rules
from actors.models.actor import Actor
from editorial.models import Record
from publishing.codes import EndKind
from publishing.fields import LineField, WordField, get_cached_relation
from publishing.models import Validity
from sources.codes import Assessment
from sources.models import Citation, ConfidentAssertion


@pghistory.track()
class Affiliation(Record, ConfidentAssertion, Validity):
    """A dated relation between two actors, which reads as a sentence: subject, kind, object.

    Two actors may have the same kind of affiliation in several periods, one row each. A symmetric
    affiliation is stored in one direction and found from both ends. The kind can be corrected.
    """

    type_name = "affiliation"
    document = "actors.serializers.AffiliationDocument"
    entry = "actors.entries.AffiliationEntry"
    ref_name = None

    subject = models.ForeignKey(
        Actor,
        models.PROTECT,
        related_name="affiliations_from",
        help_text="The actor that the affiliation is about, such as the member.",
    )
    kind = WordField(
        AffiliationKind, help_text="What the subject is to the object, such as member of."
    )
    object = models.ForeignKey(
        Actor,
        models.PROTECT,
        related_name="affiliations_to",
        help_text="The other actor, such as the organisation that it is a member of.",
    )
    closeness = WordField(
        Closeness, default=Closeness.UNKNOWN, help_text="How close the relation is."
    )
    basis = WordField(
        Basis,
        default=Basis.UNKNOWN,
        help_text="The basis of the affiliation, such as a law or an assessment.",
    )
    title = LineField(
        max_length=200,
        blank=True,
        help_text="The title of an individual, such as Secretary-General.",
    )
    rank = LineField(
        max_length=100,
        blank=True,
        help_text="The rank of an individual, such as Brigadier General.",
    )
    start_reason = LineField(max_length=300, blank=True, help_text="Why it began.")
    end_reason = LineField(max_length=300, blank=True, help_text="Why it ended.")

    class Meta(Record.Meta):
        ordering = ["subject__name", "kind", "object__name", "pk"]
        constraints = [
            *ConfidentAssertion.Meta.constraints,
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(subject=models.F("object")),
                name="affiliation_of_two",
                violation_error_message="An actor cannot have an affiliation with itself.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=GENEALOGY)
                | models.Q(
                    end="", end_kind=EndKind.UNKNOWN, last_verified__isnull=True, end_reason=""
                ),
                name="affiliation_genealogy_starts",
                violation_error_message="A split, a merger or a succession happens once: enter a "
                "start, "
                "and no end, no end reason and no day of verification.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TITLED) | models.Q(title="", rank=""),
                name="affiliation_titles_of_people",
                violation_error_message="Only individuals have a title and a rank: choose a kind "
                "such as "
                "leader of, commander of or member of.",
            ),
            ExclusionConstraint(
                name="affiliation_one_at_a_time",
                expressions=[("subject", "="), ("kind", "="), ("object", "="), ("certain", "&&")],
                condition=models.Q(assessment=Assessment.ACCEPTED),
                violation_error_message="Another accepted affiliation of this kind between these "
                "actors "
                "certainly holds on some of the same days: change the dates, or mark one as "
                "disputed.",
            ),
            ExclusionConstraint(
                name="affiliation_one_direction",
                expressions=[
                    ("kind", "="),
                    (Least("subject", "object"), "="),
                    (Greatest("subject", "object"), "="),
                    ("subject", "<>"),
                ],
                condition=models.Q(kind__in=SYMMETRIC),
                violation_error_message="This affiliation already exists in the other direction, "
                "which "
                "means the same: edit that one, or swap subject and object.",
            ),
        ]

    def __str__(self) -> str:
        if get_cached_relation(self, "subject") and get_cached_relation(self, "object"):
            return f"{self.subject} – {self.get_kind_display()} – {self.object}"
        return f"{self.get_kind_display()} (affiliation {self.pk})"

    def clean(self) -> None:
        super().clean()
        complete = self.subject_id and self.object_id and self.kind in AffiliationKind.values
        if complete and (
            reason := explain_mismatch(self.subject.kind, self.kind, self.object.kind)
        ):
            raise ValidationError({"kind": reason})
        if self.kind != AffiliationKind.SPONSORED_BY and self.pk and self.support.exists():
            raise ValidationError({"kind": rules.UNSPONSORED})

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        cls.refuse(rules.find_submission_faults(cls.objects.filter(pk__in=keys)))

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        cls.refuse(rules.find_publication_faults(records))


@pghistory.track()
class AffiliationCitation(Citation):
    """A passage cited for an affiliation."""

    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="citations")
