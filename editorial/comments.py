"""Comments of reviewers: writing, answering and resolving them, and the blockers among them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from editorial.models.comment import Comment, CommentKind
from editorial.models.submission import Act, State, Submission, SubmissionItem
from editorial.models.user import User
from editorial.redaction import validation

_CLOSED = (State.PUBLISHED, State.PUBLISHING)


@transaction.atomic
def write(
    submission: Submission,
    by: User,
    record: UUID,
    text: str,
    *,
    kind: str = CommentKind.NOTE,
    path: str = "",
    place: str = "",
) -> Comment:
    """Comment on a record of a submission, or on a field or row of it.

    Raises PermissionDenied if somebody who is no reviewer writes a blocker. Raises ValidationError
    if the text is empty or contains what a redaction removed, if the record is not in the
    submission, or if that is published.
    """
    if kind == CommentKind.BLOCKER:
        by.require_reviewer()
    # An approval locks the submission too: it finds every blocker that was written before.
    submission.refresh_from_db(from_queryset=Submission.objects.select_for_update())
    if submission.act != Act.PUBLISH or submission.state in _CLOSED:
        raise ValidationError("It is published: comment on the next submission.", code="state")
    if kind == CommentKind.BLOCKER and submission.state == State.APPROVED:
        raise ValidationError("It is approved: return it to the editor instead.", code="state")
    if not submission.items.filter(record=record).exists():
        raise ValidationError("This record is not in the submission.", code="record")
    comment = Comment(
        submission=submission, author=by, record=record, kind=kind, path=path, place=place[:500]
    )
    return _save(comment, text)


@transaction.atomic
def answer(comment: Comment, by: User, text: str) -> Comment:
    """Answer a comment. Raises ValidationError if the text is empty or may not be stored."""
    first = comment.answered or comment
    made = Comment(submission=first.submission, author=by, record=first.record, answered=first)
    return _save(made, text)


def _save(comment: Comment, text: str) -> Comment:
    if not text.strip():
        raise ValidationError("Write the comment.", code="text")
    comment.text = text.strip()
    comment.full_clean(exclude=["submission", "author", "answered"])
    comment.save()
    # After the row, so that a redaction has ended or will find it.
    validation.check_submission(comment.submission, f"{comment.place}\n{comment.text}")
    return comment


def may_resolve(comment: Comment, user: User) -> bool:
    """Return whether a user may resolve a comment.

    Everybody may resolve a note. A blocker is resolved by who wrote it, or by a reviewer who
    neither submitted nor edited the record since.
    """
    if comment.kind != CommentKind.BLOCKER or comment.author_id == user.pk:
        return True
    assert comment.record is not None
    items = SubmissionItem.objects.filter(record=comment.record, submission__act=Act.PUBLISH)
    newest = items.order_by("-submission_id").select_related("submission").first()
    if not user.is_reviewer or newest is None or user.pk in newest.submission.people:
        return False
    return not newest.submission.editors.filter(pk=user.pk).exists()


@transaction.atomic
def resolve(comment: Comment, by: User) -> None:
    """Resolve a comment. Raises PermissionDenied unless `may_resolve`, or ValidationError."""
    comment.refresh_from_db(from_queryset=Comment.objects.select_for_update())
    if comment.answered_id is not None or comment.resolved_at is not None:
        raise ValidationError("It is resolved already.", code="resolved")
    if not may_resolve(comment, by):
        raise PermissionDenied(
            "Who wrote the blocker, or a reviewer who did not edit the record, must resolve it."
        )
    comment.resolved_by, comment.resolved_at = by, timezone.now()
    comment.save(update_fields=["resolved_by", "resolved_at"])


def refuse_blockers(submission: Submission) -> None:
    """Raise ValidationError if a record of a submission has an unresolved blocker."""
    records = submission.items.values("record")
    number = Comment.objects.blockers().filter(record__in=records).count()
    if number:
        raise ValidationError(
            f"There are unresolved blockers ({number}): resolve them, or return the submission.",
            code="blockers",
        )
