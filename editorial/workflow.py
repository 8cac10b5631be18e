"""The way of records to the public: submit, approve, publish, reject, recall, withdraw.

Two people see every exact text: what is published is the body that was frozen and approved, never
one rendered anew, and neither who submitted it nor who edited it may approve it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from editorial import audit, conflicts
from editorial.models.record import Record, record_models
from editorial.models.submission import OPEN, Act, State, Submission, SubmissionItem
from editorial.models.user import User
from editorial.redaction import guards, validation
from publishing import completion, documents, publication
from publishing.bulk import iterate_in_chunks
from publishing.models.edition import Edition

_CHUNK = 500


@conflicts.as_validation_error()
@transaction.atomic
def submit(records: Record | Iterable[Record], by: User, note: str = "") -> Submission:
    """Freeze the bodies of a record, or of several that are decided on as one.

    What reads as it is published is left out. Raises ValidationError where nothing is left, a
    record stands in another open submission, a body quotes what is neither public nor in the
    batch, or a redaction removed what a record says. Bodies are rendered and stored in chunks, so
    memory does not grow with them.
    """
    keys: dict[type[Record], list[int]] = {model: [] for model in record_models().values()}
    for record in [records] if isinstance(records, Record) else records:
        if getattr(record, "slug", "") is None:
            validation.check_records(
                [record]
            )  # a record that was redacted whole gets no slug again
        with audit.mark_act(by, "submit"):
            record.prepare()
        keys[type(record)].append(record.pk)
    for model, some in keys.items():
        if some:
            model.check_submitted(some)
    submission = Submission.objects.create(submitted_by=by, note=note)
    whole, frozen, quoters = hashlib.sha256(), set[str](), dict[str, str]()
    editors: set[int] = set()
    for model, chunk in _chunks(keys):
        validation.block_redactions(model, chunk)
        items = _changed(model, chunk)
        _refuse_open(items)
        validation.check_frozen_items(model, items, note)
        for item in items:
            item.submission = submission
            whole.update(item.sha256.encode())
            frozen.add(str(item.record))
            quoters |= dict.fromkeys(documents.find_bare_references(item.body_bytes), str(item.record))
        SubmissionItem.objects.bulk_create(items)
        public_ids = [item.record for item in items]
        editors |= find_editors(model, model.objects.filter(public_id__in=public_ids))
    if not frozen:
        raise ValidationError("It reads as it is published: nothing to submit.", code="unchanged")
    publication.require_public_references(quoters.keys(), frozen)
    submission.sha256 = whole.hexdigest()
    submission.save(update_fields=["sha256"])
    submission.editors.set(editors)
    return submission


@conflicts.as_validation_error()
@transaction.atomic
def approve(submission: Submission, by: User) -> None:
    """Approve the frozen texts.

    Raises PermissionDenied where `by` is no reviewer, submitted it or edited what it holds;
    ValidationError where it is not pending, the working rows read otherwise by now, or a
    redaction removed what it holds.
    """
    _lock(submission, State.PENDING, verb="approved")
    by.require_reviewer()
    if by == submission.submitted_by or submission.editors.filter(pk=by.pk).exists():
        raise PermissionDenied("Who edited or submitted a text cannot approve it.")
    _refuse_stale(submission)
    validation.check_submission(submission)
    _decide(submission, State.APPROVED, by)


def publish(submission: Submission, by: User, chunk: int | None = None) -> None:
    """Publish the approved texts as one state, or `chunk` of them at a time.

    In chunks each is a state of its own, and what was interrupted goes on where it stopped
    when it is called again. Raises as `approve` does.
    """
    while not _publish_some(submission, by, chunk):
        pass


@conflicts.as_validation_error()
@transaction.atomic
def _publish_some(submission: Submission, by: User, chunk: int | None) -> bool:
    """Publish the next texts; return whether they were the last."""
    _lock(submission, State.APPROVED, State.PUBLISHING, verb="published")
    by.require_reviewer()
    waiting = submission.items.filter(open=True)
    some = waiting if chunk is None else waiting.filter(pk__in=_closed(submission, chunk))
    publish_changes(_Acts(some, submission.note))
    some.update(open=False)
    done = not waiting.exists()
    submission.state = State.PUBLISHED if done else State.PUBLISHING
    submission.published_by, submission.published_at = by, timezone.now()
    submission.save()
    return done


@conflicts.as_validation_error()
@transaction.atomic
def reject(submission: Submission, by: User, reply: str) -> None:
    """Send a submission back with an answer. Raises PermissionDenied, ValidationError."""
    _lock(submission, *OPEN, verb="rejected")
    by.require_reviewer()
    if not reply.strip():
        raise ValidationError("Say why, so that the editor can mend it.", code="reply")
    validation.check_submission(submission, reply)
    submission.reply = reply
    _decide(submission, State.REJECTED, by)


@conflicts.as_validation_error()
@transaction.atomic
def recall(submission: Submission, by: User) -> None:
    """Take a submission back. Raises PermissionDenied unless `by` submitted it or reviews."""
    _lock(submission, *OPEN, verb="recalled")
    if by != submission.submitted_by and not by.is_reviewer:
        raise PermissionDenied("Only who submitted it, or a reviewer, can recall it.")
    _decide(submission, State.RECALLED, by)


@conflicts.as_validation_error()
@transaction.atomic
def withdraw(record: Record, by: User, reason: str) -> Submission:
    """End the public present of a record at once, with a reason that readers are told.

    Raises PermissionDenied where `by` is no reviewer, ValidationError where the record is
    not public or the reason is empty.
    """
    submission = record_act(Act.WITHDRAW, record, by, reason)
    if record.edition is None or not record.edition.public:
        raise ValidationError("It is not public, so it cannot be withdrawn.", code="not_public")
    publish_changes([publication.make_withdrawal(record.type_name, record.public_id, reason)])
    return submission


@transaction.atomic
def record_act(act: Act, record: Record, by: User, reason: str) -> Submission:
    """Log what a reviewer does alone; from here on what is public stands still.

    Raises PermissionDenied, and ValidationError without a reason.
    """
    by.require_reviewer()
    if not reason.strip():
        raise ValidationError("Give the reason: readers are told it.", code="reason")
    publication.acquire_lock()
    validation.check_texts(
        [guards.PublicText(record.type_name, str(record.public_id), None, reason)]
    )
    now = timezone.now()
    submission = Submission.objects.create(
        act=act,
        submitted_by=by,
        note=reason,
        state=State.PUBLISHED,
        decided_by=by,
        decided_at=now,
        published_by=by,
        published_at=now,
    )
    submission.items.create(type=record.type_name, record=record.public_id, open=False)
    return submission


def publish_changes(acts: Iterable[publication.PublicChange]) -> None:
    """Publish acts of which none says what a redaction removed. Raises ValidationError.

    Under the publication lock no redaction can come in between: it takes the same lock.
    """
    publication.publish(acts, _refuse_redacted)


def _refuse_redacted(acts: Sequence[publication.PublicChange]) -> None:
    validation.check_texts(
        guards.PublicText(act.type, act.record, act.body, act.note) for act in acts
    )


def find_editors(model: type[Record], records: Iterable[Record]) -> set[int]:
    """Return the users who edited some records since their texts were last frozen and published."""
    keys = {record.public_id: record.pk for record in records}
    frozen = SubmissionItem.objects.filter(
        record__in=list(keys), submission__state=State.PUBLISHED, submission__act=Act.PUBLISH
    )
    since: dict[UUID, datetime] = dict(
        frozen.values_list("record").annotate(Max("submission__submitted_at"))
    )
    return audit.find_editors(model, {key: since.get(public_id) for public_id, key in keys.items()})


def find_stale(items: Iterable[SubmissionItem]) -> set[UUID]:
    """Return the records whose working rows differ from their frozen texts, or are gone.

    A property that was added after a text was frozen is no difference.
    """
    changed, waiting = set[UUID](), iter(items)
    while chunk := list(islice(waiting, _CHUNK)):
        frozen: dict[str, dict[UUID, bytes]] = {}
        for item in chunk:
            frozen.setdefault(item.type, {})[item.record] = item.body_bytes
        for type_name, bodies in frozen.items():
            model = record_models()[type_name]
            working = model.objects.filter(public_id__in=list(bodies))
            changed |= bodies.keys() - {
                record.public_id
                for record, body in working.render_bodies()
                if completion.is_same_body(model.serializer(), bodies[record.public_id], body)
            }
    return changed


def _lock(submission: Submission, *states: State, verb: str) -> None:
    fresh = Submission.objects.select_for_update().get(pk=submission.pk)
    if fresh.state not in states:
        raise ValidationError(f"It is {fresh.state}: it cannot be {verb}.", code="state")
    submission.refresh_from_db()


def _closed(submission: Submission, size: int) -> list[int]:
    """Return the keys of the next `size` texts, and of those that they quote."""
    waiting = submission.items.filter(open=True)
    found = {item.pk: item for item in waiting.order_by("pk")[:size]}
    fresh = list(found.values())
    while fresh:
        quoted = set().union(*(documents.find_bare_references(item.body_bytes) for item in fresh))
        fresh = list(waiting.filter(record__in=quoted).exclude(pk__in=list(found)))
        found |= {item.pk: item for item in fresh}
    return list(found)


def _refuse_stale(submission: Submission) -> None:
    """Raise ValidationError if a record was changed after its text was frozen."""
    if changed := find_stale(iterate_in_chunks(submission.items.all())):
        first = submission.items.filter(record__in=changed)[0]
        raise ValidationError(
            f"{first.title} was changed after it was submitted: recall this submission and "
            "submit it again.",
            code="stale",
        )


def _decide(submission: Submission, state: State, by: User) -> None:
    submission.state, submission.decided_by = state, by
    submission.decided_at = timezone.now()
    submission.items.update(open=state in OPEN)
    submission.save()


class _Acts:
    """The acts that publish some items, read from the database each time they are gone through."""

    def __init__(self, items: QuerySet[SubmissionItem], note: str) -> None:
        self.items, self.note = items, note

    def __iter__(self) -> Iterator[publication.PublicChange]:
        for item in iterate_in_chunks(self.items):
            yield publication.PublicChange(item.type, str(item.record), None, item.body_bytes, self.note)


def _refuse_open(items: list[SubmissionItem]) -> None:
    there = SubmissionItem.objects.filter(record__in=[i.record for i in items], open=True).first()
    if there:
        raise ValidationError(
            f"{there.title} stands in submission {there.submission_id}: "
            "recall or decide that first.",
            code="open",
        )


def _chunks(
    keys: dict[type[Record], list[int]],
) -> Iterator[tuple[type[Record], list[int]]]:
    for model, all_of_it in keys.items():
        some = sorted(set(all_of_it))  # in one order, so that no two wait for each other
        for start in range(0, len(some), _CHUNK):
            yield model, some[start : start + _CHUNK]


def _changed(model: type[Record], keys: list[int]) -> list[SubmissionItem]:
    """Freeze the bodies of those records that read otherwise than what is public."""
    items = [
        SubmissionItem.freeze(record, body)
        for record, body in model.objects.filter(pk__in=keys).render_bodies()
    ]
    standing = Edition.objects.newest_of([item.record for item in items])
    merged = standing.values_list("record", "merged_into")
    publication.refuse_merged_records(record for record, survivor in merged if survivor)
    changed = publication.find_changed(model.type_name, {item.record: item.body_bytes for item in items})
    return [item for item in items if item.record in changed]
