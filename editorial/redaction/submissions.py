"""Recalling open submissions and cleaning decided ones in a redaction."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from editorial.models.merge import Merge
from editorial.models.removed import RemovedData
from editorial.models.submission import OPEN, Act, State, Submission, SubmissionItem
from editorial.redaction.removal import Removal, TextRemoval, clean_texts
from publishing import completion, documents, publication
from publishing.bulk import iterate_in_chunks
from publishing.documents import REDACTED
from publishing.models.edition import Edition
from publishing.models.release import Release

if TYPE_CHECKING:
    from editorial.models.record import Record
    from editorial.models.user import User


def recall(record: "Record", removal: Removal | None, by: "User") -> None:
    """Recall the open submissions that contain the record, or a text that is removed.

    The frozen text of the record is outdated. Texts of other records stay as they are, and their
    editors decide whether to submit them again. A partly published submission continues without the
    record.
    """
    items = SubmissionItem.objects.filter(open=True)
    holding = set(items.filter(record=record.public_id).values_list("submission", flat=True))
    if isinstance(removal, TextRemoval):
        # A new removal, since what other records contain does not count as found in this one.
        removal = TextRemoval(removal.values)
        for item in iterate_in_chunks(items.filter(submission__state__in=OPEN)):
            if item.submission_id not in holding and _contains(item.body, removal):
                holding.add(item.submission_id)
        for submission in Submission.objects.filter(state__in=OPEN).exclude(note=""):
            if removal.clean_text(submission.note) != submission.note:
                holding.add(submission.pk)
    for submission in Submission.objects.filter(pk__in=holding, state__in=OPEN):
        submission.items.update(open=False)
        submission.state = State.RECALLED
        submission.decided_by, submission.decided_at = by, timezone.now()
        submission.save()
    items.filter(record=record.public_id).update(open=False)


def _contains(body: str, removal: Removal) -> bool:
    frozen = documents.load(body) if body else {}
    return clean_texts(frozen, removal.clean_text) != frozen


def clean(
    record: "Record",
    removal: Removal | None,
    clean_body: Callable[[dict[str, Any]], bool],
    keep: Callable[[QuerySet], None],
) -> None:
    """Clean the frozen texts of the record, and the notes and replies about it and its merges.

    `keep` is called with all rows before they change.
    """
    items = SubmissionItem.objects.filter(record=record.public_id)
    keep(items.exclude(body=""))
    keep(Submission.objects.filter(pk__in=items.values("submission")))
    for item in iterate_in_chunks(items.exclude(body="")):
        body = completion.complete(type(record).serializer(), documents.load(item.body))
        if removal is None or clean_body(body):
            text = documents.dump(body).decode() if removal else ""
            items.filter(pk=item.pk).update(body=text, sha256="")
            Submission.objects.filter(pk=item.submission_id).update(sha256="")
    merges = Merge.objects.filter(survivor=record.public_id)
    holding = Submission.objects.filter(
        Q(pk__in=items.values("submission"))
        | Q(pk__in=merges.values("submission"))
        | Q(pk__in=merges.values("undone"))
    )
    keep(holding)
    for submission in iterate_in_chunks(holding):
        for name in ("note", "reply", "uncited_reason"):
            text = getattr(submission, name)
            cleaned = removal.clean_text(text) if removal else REDACTED
            if text and cleaned != text:
                Submission.objects.filter(pk=submission.pk).update(**{name: cleaned})
                if name == "note":  # all Editions of a batch have the same note
                    others = submission.items.values("record")
                    editions = Edition.objects.filter(record__in=others, note=text)
                    editions = editions.exclude(record=record.public_id)  # these are clean
                    keep(editions)
                    editions.update(note=cleaned)
                if submission.act == Act.MERGE:
                    ended = Edition.objects.filter(note=publication.describe_self_affiliation(text))
                    keep(ended)
                    ended.update(note=publication.describe_self_affiliation(cleaned))


def clean_releases(removal: Removal | None, keep: Callable[[QuerySet], None]) -> None:
    """Clean the notes of releases, which may mention the record; `keep` is called before."""
    if removal is not None:
        for release in Release.objects.exclude(note=""):
            cleaned = removal.clean_text(release.note)
            if cleaned != release.note:
                changed = Release.objects.filter(pk=release.pk)
                keep(changed)
                changed.update(note=cleaned)


def clean_requests(removal: Removal | None) -> None:
    """Clean the reasons of requests to restore what earlier redactions removed."""
    if removal is not None:
        for data in RemovedData.objects.kept().exclude(reason=""):
            cleaned = removal.clean_text(data.reason)
            if cleaned != data.reason:
                RemovedData.objects.filter(pk=data.pk).update(reason=cleaned)
