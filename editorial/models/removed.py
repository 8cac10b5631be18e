"""What redactions removed, kept in private for some days so that a mistake can be undone."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from editorial.models.submission import Submission
from editorial.models.user import User
from publishing.fields import LinesField


class RemovedDataQuerySet(models.QuerySet["RemovedData"]):
    """A query set of what redactions removed."""

    def kept(self) -> Self:
        """Leave out what was restored or destroyed."""
        return self.filter(restored=None, destroyed_at=None)

    def expired(self) -> Self:
        """Return what has been kept for `ERASE_AFTER` days."""
        until = timezone.now() - timedelta(days=settings.ERASE_AFTER)
        return self.kept().filter(removed_at__lte=until)


class RemovedData(models.Model):
    """What one redaction removed. Two reviewers together can restore it, or destroy it early.

    Only `editorial.redaction` writes and reads the rows. The public API never does.
    """

    submission = models.OneToOneField(
        Submission,
        models.PROTECT,
        null=True,
        related_name="removed_data",
        help_text="The redaction.",
    )
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    removed_at = models.DateTimeField(auto_now_add=True, help_text="When it was removed.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="asked_restores",
        null=True,
        blank=True,
        help_text="The reviewer who asks to restore it.",
    )
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When that was asked.")
    reason = LinesField(
        blank=True, help_text="Why it is to be restored: published with the restored record."
    )
    restored = models.OneToOneField(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="restored_data",
        help_text="Who restored it, and why.",
    )
    destroyed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was destroyed for good."
    )
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="destroyed_data",
        null=True,
        blank=True,
        help_text="The reviewer who had it destroyed; empty if its time was over.",
    )

    objects: ClassVar[RemovedDataQuerySet] = RemovedDataQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "removed data"
        indexes = [models.Index("record", name="removeddata_record")]

    def __str__(self) -> str:
        return f"Removed by redaction {self.submission_id}"

    @property
    def is_kept(self) -> bool:
        """Whether it can still be restored or destroyed."""
        return self.restored_id is None and self.destroyed_at is None

    @property
    def expires_at(self) -> datetime:
        """When it is destroyed."""
        return self.removed_at + timedelta(days=settings.ERASE_AFTER)

    @transaction.atomic
    def ask(self, by: User, reason: str) -> None:
        """Ask to restore it; another reviewer has to confirm.

        Raises PermissionDenied if `by` is no reviewer, ValidationError if the reason is empty, or
        it was asked for or is gone already.
        """
        by.require_reviewer()
        if not reason.strip():
            raise ValidationError("Give the reason: it is published.", code="reason")
        self.lock_kept()
        if self.asked_by is not None:
            raise ValidationError("Somebody asked already: confirm it instead.", code="asked")
        self.asked_by, self.asked_at, self.reason = by, timezone.now(), reason.strip()
        self.save(update_fields=["asked_by", "asked_at", "reason"])

    @transaction.atomic
    def refuse(self, by: User) -> None:
        """Refuse the request to restore it, or take it back.

        Raises PermissionDenied if `by` is no reviewer, ValidationError if nobody asks.
        """
        by.require_reviewer()
        self.lock_kept()
        if self.asked_by is None:
            raise ValidationError("Nobody asks to restore it.", code="asked")
        self.asked_by, self.asked_at, self.reason = None, None, ""
        self.save(update_fields=["asked_by", "asked_at", "reason"])

    def lock_kept(self) -> None:
        """Lock it and read it again. Raises ValidationError if it is not kept any more."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.is_kept:
            raise ValidationError(
                "It was restored already."
                if self.restored_id
                else "It was destroyed: nobody can restore it.",
                code="gone",
            )


class RemovedRow(models.Model):
    """A row that a redaction changed or deleted, with the values before and after."""

    data = models.ForeignKey(RemovedData, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=63, help_text="The table of the row.")
    key = models.BigIntegerField(help_text="The primary key of the row.")
    before = models.JSONField(help_text="The values before; of a changed row, what changed.")
    after = models.JSONField(null=True, help_text="The values after; empty if it was deleted.")

    class Meta:
        constraints = [
            models.UniqueConstraint("data", "table", "key", name="removedrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
