"""Open forms of the admin: who has which form open, and what they typed and did not save."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from editorial.models import StoredTexts
from editorial.redaction.removal import clean_texts

ALIVE = timedelta(seconds=150)
"""How long a form counts as open after its page was last heard of: it reports every minute."""
MAX_AGE = timedelta(days=14)
"""How long typed text is kept."""
MAX_FORMS = 40
"""How many forms with typed text are kept for one person: the oldest are deleted."""
MAX_LENGTH = 2_000_000
"""How many bytes one form may have."""


class OpenFormManager(models.Manager["OpenForm"]):
    """A manager that finds and deletes open forms."""

    def of(self, user: Any) -> models.QuerySet["OpenForm"]:
        """Return the forms of a person."""
        return self.filter(user=user)

    def unsaved_of(self, user: Any) -> models.QuerySet["OpenForm"]:
        """Return the forms with typed text of a person, the newest first."""
        return self.filter(user=user, changed_at__gt=timezone.now() - MAX_AGE).order_by(
            "-changed_at", "-pk"
        )

    def open_elsewhere(self, record: UUID, user: Any) -> models.QuerySet["OpenForm"]:
        """Return the forms of a record that others have open now."""
        alive = self.filter(record=record, seen_at__gt=timezone.now() - ALIVE)
        return alive.exclude(user=user).select_related("user").order_by("opened_at")

    def delete_expired(self, user: Any) -> None:
        """Delete forms that are too old, and the oldest of a person who has too many."""
        now = timezone.now()
        closed = models.Q(seen_at=None) | models.Q(seen_at__lt=now - ALIVE)
        unchanged = models.Q(changed_at=None) & closed
        self.filter(unchanged | models.Q(changed_at__lt=now - MAX_AGE)).delete()
        kept = self.unsaved_of(user)[:MAX_FORMS].values("pk")
        self.filter(user=user, changed_at__isnull=False).exclude(pk__in=kept).delete()


class OpenForm(StoredTexts):
    """A form that a person has open, with what they typed if they changed anything.

    Only that person reads what was typed. Others see only that they have the record open. It is
    deleted when the form is saved.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="open_forms",
        help_text="Who has it open.",
    )
    subject = models.CharField(
        max_length=200, help_text="The model and the key of the row, such as places.place:7."
    )
    is_popup = models.BooleanField(
        default=False, help_text="Whether it is a window that adds a row to another form."
    )
    token = models.UUIDField(help_text="The random id that the form is saved with.")
    revision = models.PositiveIntegerField(
        default=1, help_text="Counts what was kept: two pages never overwrite each other."
    )
    state = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text="The stored values that the form was made from. Empty if nothing was typed.",
    )
    sent = models.JSONField(
        default=list, help_text="The names and values of the form. Empty if nothing was typed."
    )
    opened_at = models.DateTimeField(default=timezone.now, help_text="When it was opened.")
    seen_at = models.DateTimeField(
        null=True, help_text="When its page was last heard of; empty if it was closed."
    )
    changed_at = models.DateTimeField(null=True, help_text="When its text was last kept.")

    objects: ClassVar[OpenFormManager] = OpenFormManager()

    class Meta:
        indexes = [
            models.Index("user", "subject", name="openform_user_subject"),
            # Who else has the record open.
            models.Index("record", name="openform_record"),
            # Serve the deletion of old rows.
            models.Index("changed_at", name="openform_changed_at"),
            models.Index("seen_at", name="openform_seen_at"),
            models.Index("token", name="openform_token"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.user})"

    @property
    def is_alive(self) -> bool:
        """Whether a page still has it open."""
        return self.seen_at is not None and self.seen_at > timezone.now() - ALIVE

    def redact(self, clean: Callable[[str], str]) -> None:
        """Clean the typed and the old values; names of fields, keys and digests hold no text."""
        sent = [[name, clean(value)] for name, value in self.sent]
        rows = clean_texts(self.state.get("rows", {}), clean)
        state = self.state | {"rows": rows} if self.state else self.state
        if (sent, state) != (self.sent, self.state):
            self.sent, self.state = sent, state
            # A page that still has the old text must not overwrite it.
            self.revision += 1
            self.save(update_fields=["sent", "state", "revision"])
