"""Reports: what readers say is wrong, or endangers somebody."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone

from publishing.fields import Enumeration, LineField, LinesField, WordField

if TYPE_CHECKING:
    from editorial.models import User

KEPT_FOR = timedelta(days=180)
"""How long a report is kept after it was handled."""
PAGE_LENGTH, TEXT_LENGTH, CONTACT_LENGTH = 1000, 5000, 200
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""The signs of a reference: those that nobody confuses when reading them aloud."""
_PAGE = r"^(/([^/\\\s][^\\\s]*)?)?$"
"""A path on this site; two slashes or a backslash would lead to another one."""


class ReportKind(Enumeration):
    """What a report is about."""

    ERROR = "error", "an error"
    DANGER = "danger", "a danger to somebody"


def make_reference() -> str:
    """Return a random reference number, such as 7K3M-9QPX, which nobody can guess."""
    first, second = ("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(2))
    return f"{first}-{second}"


class ReportManager(models.Manager["Report"]):
    """A manager that deletes reports which were handled long ago."""

    def delete_expired(self) -> int:
        """Delete the reports that were handled more than `KEPT_FOR` ago, contacts included.

        Return their number.
        """
        return self.filter(handled_at__lt=timezone.now() - KEPT_FOR).delete()[0]


class Report(models.Model):
    """What a reader reported. Only editors read it; the public API and site never do.

    It has no address of the reader but the contact that they give. It is not audited, so that
    deleting it leaves no copy in the database.
    """

    reference = models.CharField(
        max_length=9,
        unique=True,
        default=make_reference,
        editable=False,
        help_text="The number by which the reader can refer to it.",
    )
    kind = WordField(
        ReportKind, default=ReportKind.ERROR, help_text="A danger is urgent: it is listed first."
    )
    page = models.CharField(
        max_length=PAGE_LENGTH,
        blank=True,
        validators=[RegexValidator(_PAGE, "Use the address of a page of this site.")],
        help_text="The address of the page without the name of the site, such as /actors/hezbollah."
        " Empty if the report is about the whole site.",
    )
    snapshot = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^([0-9]+-[0-9a-f]{8})?$", "Use the snapshot of a page.")],
        help_text="The snapshot that the reader saw.",
    )
    text = LinesField(max_length=TEXT_LENGTH, help_text="What is wrong, or what endangers whom.")
    contact = LineField(
        max_length=CONTACT_LENGTH,
        blank=True,
        help_text="How to reach the reader, if they want an answer. Never published.",
    )
    reported_at = models.DateTimeField(auto_now_add=True, help_text="When it arrived.")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handled_reports",
        null=True,
        blank=True,
        help_text="Who handled it.",
    )
    handled_at = models.DateTimeField(null=True, blank=True, help_text="When it was handled.")
    answer = LinesField(blank=True, help_text="What was done about it. Never published.")

    objects: ClassVar[ReportManager] = ReportManager()

    class Meta:
        ordering = ["-reported_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handled_at=None, handled_by=None, answer="")
                | models.Q(handled_at__isnull=False, handled_by__isnull=False)
                & ~models.Q(answer=""),
                name="report_handled_with_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(page__regex=_PAGE), name="report_page_of_this_site"
            ),
        ]
        indexes = [
            # The list of open reports, and the deletion of those handled long ago.
            models.Index("handled_at", "kind", name="report_handled_at"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def pinned_page(self) -> str:
        """The address of the page as the reader saw it; empty if the report names none."""
        if not self.page or not self.snapshot:
            return self.page
        return f"{self.page}{'&' if '?' in self.page else '?'}snapshot={self.snapshot}"

    @transaction.atomic
    def handle(self, by: "User", answer: str) -> None:
        """Mark it as handled, with a note on what was done.

        Raises ValidationError if the note is empty or it was handled already.
        """
        if not answer.strip():
            raise ValidationError("Say what was done: other editors read it.", code="answer")
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.handled_at is not None:
            raise ValidationError("This report was handled already.", code="handled")
        self.handled_by, self.handled_at, self.answer = by, timezone.now(), answer.strip()
        self.save(update_fields=["handled_by", "handled_at", "answer"])
        type(self).objects.delete_expired()
