"""Submissions: frozen bodies that a reviewer approves and publishes.

`editorial.workflow` has the functions that make and decide submissions.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models

from editorial.models.record import Record
from publishing import documents
from publishing.bidi import isolate
from publishing.fields import Enumeration, LinesField, WordField

if TYPE_CHECKING:
    from editorial.models.user import User


class State(Enumeration):
    """The state of a submission."""

    PENDING = "pending", "waiting for a reviewer"
    APPROVED = "approved", "approved, not yet published"
    PUBLISHING = "publishing", "partly published: publish again to continue"
    PUBLISHED = "published"
    REJECTED = "rejected", "returned to the editor"
    RECALLED = "recalled", "recalled before it was published"


class Act(Enumeration):
    """What a submission does.

    Two people publish and restore; a reviewer does everything else alone and at once.
    """

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REDACT = "redact"
    RESTORE = "restore"


OPEN = (State.PENDING, State.APPROVED)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """A query set of submissions."""

    def for_person(self, person: "User") -> Self:
        """Return the submissions of a person: those that they submitted or took over."""
        own = models.Q(submitted_by=person, taken_over_by=None)
        return self.filter(own | models.Q(taken_over_by=person))


class Submission(models.Model):
    """One or more frozen bodies that are decided on and published together.

    Nobody may approve what they submitted, or edited since the last publication. The approval is
    bound to `sha256`: the frozen text is published, never a new rendering.
    """

    act = WordField(Act, default=Act.PUBLISH, help_text="What it does.")
    state = WordField(State, default=State.PENDING, help_text="Its state.")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="submissions",
        help_text="Who submitted it.",
    )
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="taken_over_submissions",
        null=True,
        blank=True,
        help_text="Who continues it, because the account that submitted it was deactivated.",
    )
    submitted_at = models.DateTimeField(auto_now_add=True, help_text="When its texts were frozen.")
    note = LinesField(blank=True, help_text="The reason for readers: it is published.")
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text="Of all frozen texts."
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="edited_submissions",
        blank=True,
        help_text="Who edited the records since the last publication: they may not approve it.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="decided_submissions",
        null=True,
        blank=True,
        help_text="Who approved, rejected or recalled it.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When it was decided.")
    reply = LinesField(blank=True, help_text="The reply of the reviewer: not published.")
    uncited_reason = LinesField(
        "why without a citation",
        blank=True,
        help_text="Why the reviewer approved records without any citation: not published.",
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="published_submissions",
        null=True,
        blank=True,
        help_text="Who published it.",
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="When it was published.")

    objects: ClassVar[SubmissionQuerySet] = SubmissionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        permissions = [
            ("review_submission", "Can approve, publish and withdraw"),
            ("coordinate_submission", "Can assign submissions to others"),
        ]
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

    @property
    def people(self) -> set[int]:
        """The keys of those whose submission it is: they may recall it and may not approve it."""
        return {self.submitted_by_id, self.taken_over_by_id} - {None}  # type: ignore[return-value]

    def hand_over(self, to: "User") -> None:
        """Let another person continue it; who submitted it stays in the history."""
        self.taken_over_by = to
        self.save(update_fields=["taken_over_by"])


class SubmissionItem(models.Model):
    """The frozen body of one record."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="items")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    body = models.TextField(blank=True, help_text="The frozen text, as JSON.")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, help_text="Of the frozen text.")
    uncited = models.BooleanField(
        default=False, help_text="Whether the text needs a citation and has none."
    )
    open = models.BooleanField(
        default=True, help_text="Whether it waits for a decision or its publication."
    )

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
        """Return an item with the body of `record`, not saved."""
        return cls(
            type=record.type_name,
            record=record.public_id,
            body=body.decode(),
            sha256=documents.digest(body),
            uncited=record.serializer().lacks_citation(body),
        )

    @property
    def body_bytes(self) -> bytes:
        """The frozen body."""
        return self.body.encode()

    @property
    def title(self) -> str:
        """The name or title in the frozen body."""
        body: dict[str, Any] = documents.load(self.body) if self.body else {}
        return isolate(body.get("name") or body.get("title") or str(self))
