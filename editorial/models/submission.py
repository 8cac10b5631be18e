"""Submission: frozen bodies on their way from an editor through a reviewer to the public.

What is done with submissions is in `editorial.workflow`.
"""

from typing import Any

from django.conf import settings
from django.db import models

from editorial.models.record import Record
from publishing import documents
from publishing.bidi import isolate
from publishing.fields import Enumeration, WordField


class State(Enumeration):
    """Where a submission stands."""

    PENDING = "pending", "waits for a reviewer"
    APPROVED = "approved", "approved, not yet published"
    PUBLISHING = "publishing", "published in part: publish again to go on"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RECALLED = "recalled", "taken back before it was published"


class Act(Enumeration):
    """What a submission asks for; all but the first is done by a reviewer alone, at once."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REDACT = "redact"


OPEN = (State.PENDING, State.APPROVED)


class Submission(models.Model):
    """One or more frozen bodies, decided on as one, published as one state.

    Four eyes: neither who submitted nor who edited since the last publication may approve.
    The approval is bound to `sha256`; what is published is the frozen text, never a new render.
    """

    act = WordField(Act, default=Act.PUBLISH, help_text="What is asked for.")
    state = WordField(State, default=State.PENDING, help_text="Where it stands.")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="submissions",
        help_text="Who submitted it.",
    )
    submitted_at = models.DateTimeField(auto_now_add=True, help_text="When the texts were frozen.")
    note = models.TextField(
        blank=True, help_text="What readers are told of the reason: it is published."
    )
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text="Of the frozen texts: what is approved."
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="edited_submissions",
        blank=True,
        help_text="Who edited the records since they were last published: none may approve.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_submissions",
        null=True,
        blank=True,
        help_text="Who approved, rejected or recalled it.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When that was.")
    reply = models.TextField(blank=True, help_text="What the reviewer answers: it stays private.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="published_submissions",
        null=True,
        blank=True,
        help_text="Who published it.",
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="When that was.")

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        permissions = [("review_submission", "Can approve, publish and withdraw")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(
                    act=Act.PUBLISH, state__in=[State.APPROVED, State.PUBLISHING, State.PUBLISHED]
                )
                | ~models.Q(decided_by=models.F("submitted_by")),
                name="submission_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"Submission {self.pk}"


class SubmissionItem(models.Model):
    """The frozen body of one record."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="items")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    body = models.TextField(blank=True, help_text="The frozen text, as JSON.")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, help_text="Of the frozen text.")
    open = models.BooleanField(default=True, help_text="Whether its submission is undecided.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "record", condition=models.Q(open=True), name="one_open_submission_per_record"
            )
        ]
        indexes = [models.Index("record", name="submissionitem_record")]

    def __str__(self) -> str:
        return f"{self.type} {self.record}"

    @classmethod
    def freeze(cls, record: Record, body: bytes) -> "SubmissionItem":
        """Freeze the body of `record`."""
        return cls(
            type=record.type_name,
            record=record.public_id,
            body=body.decode(),
            sha256=documents.digest(body),
        )

    @property
    def body_bytes(self) -> bytes:
        """The frozen body."""
        return self.body.encode()

    @property
    def title(self) -> str:
        """What the frozen body is called."""
        body: dict[str, Any] = documents.load(self.body) if self.body else {}
        return isolate(body.get("name") or body.get("title") or str(self))
