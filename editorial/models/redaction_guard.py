"""Redaction guards: keyed hashes of what redactions removed, which must not come back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from publishing.fields import Enumeration, LinesField, WordField

if TYPE_CHECKING:
    from editorial.models.user import User


EXTERNAL_IDS = "external_ids"
"""The path of a record's external ids."""


class GuardKind(Enumeration):
    """What a redaction removed."""

    PHRASE = "phrase", "a text"
    FIELD = "field", "the value of a field"
    RECORD = "record", "the whole record"


class RedactionGuardQuerySet(models.QuerySet["RedactionGuard"]):
    """A query set of redaction guards."""

    def in_force(self) -> Self:
        """Leave out the guards that a reviewer has lifted."""
        return self.filter(lifted_at=None)

    def relevant_to(self, records: "Iterable[UUID | str] | models.QuerySet") -> Self:
        """Return the guards of some records, and the guards with external ids of any record.

        Without the latter, a record could come back under a new public id.
        """
        ids = records if isinstance(records, models.QuerySet) else list(records)
        relevant = models.Q(record__in=ids) | models.Q(kind=GuardKind.RECORD)
        relevant |= models.Q(kind=GuardKind.FIELD, path__startswith=EXTERNAL_IDS)
        return self.in_force().filter(relevant).order_by("pk")


class RedactionGuard(models.Model):
    """A text, value or record that a redaction removed and that must not be written again.

    A guard has no text, only HMAC-SHA-256 hashes with the key `GUARD_KEY`. Without the key nobody
    can find even a phrase of three letters by hashing all such phrases. A guard changes only when a
    reviewer lifts it. The public API never reads guards.
    """

    submission = models.ForeignKey(
        "editorial.Submission",
        models.PROTECT,
        related_name="guards",
        help_text="The redaction that made it.",
    )
    kind = WordField(GuardKind, help_text="What was removed and must not come back.")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    path = models.CharField(
        max_length=300,
        blank=True,
        help_text="The path of a removed field.",
    )
    lengths = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        help_text="The lengths of the folded forms of a text, in characters.",
    )
    hashes = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="Keyed hashes of the folded forms of a text, of the values of a field, or of the "
        "external ids of a record.",
    )
    key = models.CharField(max_length=16, help_text="The fingerprint of the key of the hashes.")
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="lifted_guards",
        null=True,
        blank=True,
        help_text="The reviewer who lifted it, so that what was removed may be written again.",
    )
    lifted_at = models.DateTimeField(null=True, blank=True, help_text="When it was lifted.")
    lift_reason = LinesField(blank=True, help_text="Why it was lifted: not published.")

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
            # The guards of the records that are written or published.
            models.Index(
                "record", condition=models.Q(lifted_at=None), name="redactionguard_record"
            ),
            # The guards with external ids of whole records.
            models.Index("kind", condition=models.Q(lifted_at=None), name="redactionguard_kind"),
        ]

    def __str__(self) -> str:
        return f"Guard {self.pk} of redaction {self.submission_id}"

    @property
    def has_external_ids(self) -> bool:
        """Whether it has external ids that were removed from a record which still exists."""
        return self.kind == GuardKind.FIELD and self.path.split(".")[0] == EXTERNAL_IDS

    @transaction.atomic
    def lift(self, by: "User", reason: str) -> None:
        """Allow what was removed to be written again.

        Raises PermissionDenied if `by` is no reviewer, ValidationError if the reason is empty or
        the guard is lifted already.
        """
        by.require_reviewer()
        if not reason.strip():
            raise ValidationError("Give the reason: it is recorded with your name.", code="reason")
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.lifted_at is not None:
            raise ValidationError("This guard is lifted already.", code="lifted")
        self.lifted_by, self.lifted_at, self.lift_reason = by, timezone.now(), reason.strip()
        self.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
