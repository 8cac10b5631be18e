"""RedactionGuard: what a redaction removed from a record, as keyed hashes, so it stays away."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from publishing.fields import Enumeration, WordField

if TYPE_CHECKING:
    from editorial.models.user import User


EXTERNAL_IDS = "external_ids"
"""The path of a record's external ids."""


class GuardKind(Enumeration):
    """What must not come back."""

    PHRASE = "phrase", "a text"
    FIELD = "field", "what a field said"
    RECORD = "record", "the whole record"


class RedactionGuardQuerySet(models.QuerySet["RedactionGuard"]):
    """Guards of redactions."""

    def in_force(self) -> Self:
        """Leave out the guards that a reviewer has lifted."""
        return self.filter(lifted_at=None)

    def relevant_to(self, records: "Iterable[UUID | str] | models.QuerySet") -> Self:
        """Return what guards some records, and the guards that know external ids of any record.

        By those a record could come back under a new public id.
        """
        ids = records if isinstance(records, models.QuerySet) else list(records)
        guarded = models.Q(record__in=ids) | models.Q(kind=GuardKind.RECORD)
        guarded |= models.Q(kind=GuardKind.FIELD, path__startswith=EXTERNAL_IDS)
        return self.in_force().filter(guarded).order_by("pk")


class RedactionGuard(models.Model):
    """Something that a redaction removed from one record and that must not be written to it again.

    It holds no text, only HMAC-SHA-256 hashes under `GUARD_KEY`. Without that key even the hash of
    a phrase of three letters cannot be found by trying all such phrases. Nothing changes a guard
    but its lifting by a reviewer. Private: the public API never reads it.
    """

    submission = models.ForeignKey(
        "editorial.Submission",
        models.PROTECT,
        related_name="guards",
        help_text="The redaction.",
    )
    kind = WordField(GuardKind, help_text="What must not come back.")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    path = models.CharField(
        max_length=300, blank=True, help_text="Of a field: its path in the document."
    )
    lengths = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        help_text="Of a text: the lengths of its folded forms, in characters.",
    )
    hashes = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="Keyed hashes of what was removed: the folded forms of a text, the values of a "
        "field, the external ids of a record.",
    )
    key = models.CharField(
        max_length=16, help_text="Fingerprint of the key that the hashes were made with."
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="lifted_guards",
        null=True,
        blank=True,
        help_text="The reviewer who lifted it: what it guarded may be written again.",
    )
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="When that was.")
    lift_reason = models.TextField(blank=True, help_text="Why it was lifted: it stays private.")

    objects: ClassVar[RedactionGuardQuerySet] = RedactionGuardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None, lift_reason="")
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False)
                & ~models.Q(lift_reason=""),
                name="redactionguard_lifted_with_reason",
            ),
        ]
        indexes = [
            # What guards the records of a chunk that is written or published.
            models.Index(
                "record", condition=models.Q(lifted_at=None), name="redactionguard_record"
            ),
            # The external ids of whole records.
            models.Index("kind", condition=models.Q(lifted_at=None), name="redactionguard_kind"),
        ]

    def __str__(self) -> str:
        return f"Guard {self.pk} of redaction {self.submission_id}"

    @property
    def names_ids(self) -> bool:
        """Whether it knows external ids that were removed from a record which stays."""
        return self.kind == GuardKind.FIELD and self.path.split(".")[0] == EXTERNAL_IDS

    @transaction.atomic
    def lift(self, by: "User", reason: str) -> None:
        """Let what it guards be written again.

        Raises PermissionDenied where `by` is no reviewer, ValidationError without a reason and
        where it is lifted already.
        """
        by.require_reviewer()
        if not reason.strip():
            raise ValidationError("Give the reason: it is recorded with your name.", code="reason")
        fresh = type(self).objects.select_for_update().get(pk=self.pk)
        if fresh.lifted_at is not None:
            raise ValidationError("This guard is lifted already.", code="lifted")
        self.lifted_by, self.lifted_at, self.lift_reason = by, timezone.now(), reason.strip()
        self.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
