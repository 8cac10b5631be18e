"""What a redaction does to submissions: to what waits for a decision, and to what was decided."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from editorial.models.merge import Merge
from editorial.models.submission import OPEN, Act, State, Submission, SubmissionItem
from editorial.redaction.removal import REDACTED, Removal, TextRemoval, clean_texts
from publishing import completion, documents, publication
from publishing.bulk import iterate_in_chunks
from publishing.models.edition import Edition
from publishing.models.release import Release

if TYPE_CHECKING:
    from editorial.models.record import Record
    from editorial.models.user import User


def recall(record: "Record", removal: Removal | None, by: "User") -> None:
    """Take back what waits for a decision and holds the record, or a text that is removed.

    What was frozen of the record is not its text any more; what other records say as their own
    stays theirs, and their editors decide whether to submit it again. A submission that is
    published in part goes on without the record.
    """
    items = SubmissionItem.objects.filter(open=True)
    holding = set(items.filter(record=record.public_id).values_list("submission", flat=True))
    if isinstance(removal, TextRemoval):
        removal = TextRemoval(
            removal.values
        )  # what is found in other records is not found in this one
        for item in iterate_in_chunks(items.filter(submission__state__in=OPEN)):
            if item.submission_id not in holding and _holds(item.body, removal):
                holding.add(item.submission_id)
        for submission in Submission.objects.filter(state__in=OPEN).exclude(note=""):
            if removal.text(submission.note) != submission.note:
                holding.add(submission.pk)
    for submission in Submission.objects.filter(pk__in=holding, state__in=OPEN):
        submission.items.update(open=False)
        submission.state = State.RECALLED
        submission.decided_by, submission.decided_at = by, timezone.now()
        submission.save()
    items.filter(record=record.public_id).update(open=False)


def _holds(body: str, removal: Removal) -> bool:
    frozen = documents.load(body) if body else {}
    return clean_texts(frozen, removal.text) != frozen


def clean(
    record: "Record", removal: Removal | None, clean_body: Callable[[dict[str, Any]], bool]
) -> None:
    """Clean the frozen texts of the record, and what was said about them and its merges."""
    items = SubmissionItem.objects.filter(record=record.public_id)
    for item in iterate_in_chunks(items.exclude(body="")):
        body = completion.complete(type(record).serializer(), documents.load(item.body))
        touched = removal is None
        if removal is not None:
            touched = clean_body(body)
        if touched:
            text = documents.dump(body).decode() if removal else ""
            items.filter(pk=item.pk).update(body=text, sha256="")
            Submission.objects.filter(pk=item.submission_id).update(sha256="")
    merges = Merge.objects.filter(survivor=record.public_id)
    holding = Submission.objects.filter(
        Q(pk__in=items.values("submission"))
        | Q(pk__in=merges.values("submission"))
        | Q(pk__in=merges.values("undone"))
    )
    for submission in iterate_in_chunks(holding):
        for name in ("note", "reply"):
            text = getattr(submission, name)
            said = removal.text(text) if removal else REDACTED
            if text and said != text:
                Submission.objects.filter(pk=submission.pk).update(**{name: said})
                if name == "note":  # the Editions of a batch bear one note
                    others = submission.items.values("record")
                    Edition.objects.filter(record__in=others, note=text).update(note=said)
                if submission.act == Act.MERGE:
                    ended = Edition.objects.filter(note=publication.describe_self_affiliation(text))
                    ended.update(note=publication.describe_self_affiliation(said))


def clean_releases(removal: Removal | None) -> None:
    """Clean what was said of releases, which name the record by chance."""
    if removal is not None:
        for release in Release.objects.exclude(note=""):
            said = removal.text(release.note)
            if said != release.note:
                Release.objects.filter(pk=release.pk).update(note=said)
