"""Comments on the records of submissions: what a reviewer asks for, and the answers."""

from collections.abc import Callable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from editorial.models.stored_texts import StoredTexts
from editorial.models.submission import Submission
from publishing.fields import Enumeration, LineField, LinesField, WordField


class CommentKind(Enumeration):
    """What a comment asks for."""

    BLOCKER = "blocker", "must be resolved before the record is approved"
    NOTE = "note", "does not prevent an approval"


class CommentQuerySet(models.QuerySet["Comment"]):
    """A query set of comments."""

    def unresolved(self) -> Self:
        """Return the comments that nobody has resolved; answers are none of them."""
        return self.filter(answered=None, resolved_at=None)

    def blockers(self) -> Self:
        """Return the unresolved comments that refuse an approval."""
        return self.unresolved().filter(kind=CommentKind.BLOCKER)


class Comment(StoredTexts):
    """A comment on a record, or on a field or a row of it, or an answer to one.

    It belongs to the record: who submits the record again continues the same thread.
    """

    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        related_name="comments",
        help_text="The submission in which it was written.",
    )
    answered = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="answers",
        null=True,
        blank=True,
        help_text="The comment that it answers; empty if it is none.",
    )
    path = models.CharField(
        max_length=300, blank=True, help_text="The field or row; blank means the whole record."
    )
    place = LineField(
        max_length=500, blank=True, help_text="The field or row in words, as it was then."
    )
    kind = WordField(CommentKind, default=CommentKind.NOTE, help_text="What it asks for.")
    text = LinesField(help_text="What it says: not published.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="comments",
        help_text="Who wrote it.",
    )
    written_at = models.DateTimeField(auto_now_add=True, help_text="When it was written.")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="resolved_comments",
        null=True,
        blank=True,
        help_text="Who resolved it.",
    )
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When it was resolved.")

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index("record", name="comment_record")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record__isnull=False), name="comment_has_record"
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_at=None, resolved_by=None)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    def redact(self, clean: Callable[[str], str]) -> None:
        """Clean the text and the words for the row; a row that had a name is no longer found."""
        text, place = clean(self.text), clean(self.place)
        if (text, place) != (self.text, self.place):
            path = self.path if place == self.place else ""
            type(self).objects.filter(pk=self.pk).update(text=text, place=place, path=path)
