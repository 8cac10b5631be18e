"""The editorial workflow: submit, approve, publish, reject, recall, withdraw.

Two people see the exact text of every publication. The body that was frozen and approved is
published, never a new rendering, and nobody may approve what they edited or submitted.
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

from editorial import audit, comments, conflicts
from editorial.models.record import Record, record_models
from editorial.models.submission import OPEN, Act, State, Submission, SubmissionItem
from editorial.models.user import User
from editorial.redaction import guards, validation
from publishing import completion, documents, publication
from publishing.bulk import analyze, insert_rows, iterate_in_chunks

_CHUNK = 500
_NAMED = 10
"""How many records a message names."""


@conflicts.as_validation_error()
@transaction.atomic
def submit(records: Record | Iterable[Record], by: User, note: str = "") -> Submission:
    """Freeze the bodies of one record, or of several that are decided on together.

    Records whose body is the published one are left out. Raises ValidationError if none is left, if
    a record is in another open submission, if a body references a record that is neither public nor
    in the batch, or if a redaction removed a part of a body. Bodies are rendered and stored in
    chunks, in constant memory.
    """
    keys: dict[type[Record], list[int]] = {model: [] for model in record_models().values()}
    for record in [records] if isinstance(records, Record) else records:
        if getattr(record, "slug", "") is None:
            # A record that was redacted as a whole gets no new slug.
            validation.check_records([record])
        with audit.mark_act(by, "submit"):
            record.prepare()
        keys[type(record)].append(record.pk)
    for model, model_keys in keys.items():
        if model_keys:
            model.check_submitted(model_keys)
    submission = Submission.objects.create(submitted_by=by, note=note)
    digest = hashlib.sha256()
    frozen, referenced, editors = set[str](), set[str](), set[int]()
    for model, chunk in _iterate_chunks(keys):
        validation.block_redactions(model, chunk)
        with audit.mark_act(by, "submit"):
            model.keep_former_names(chunk)
        items = _freeze_changed(model, chunk)
        _refuse_open(items)
        validation.check_frozen_items(model, items, note)
        for item in items:
            item.submission = submission
            digest.update(item.sha256.encode())
            frozen.add(str(item.record))
            referenced |= documents.find_bare_references(item.body_bytes)
        insert_rows(SubmissionItem, items)
        public_ids = [item.record for item in items]
        editors |= find_editors(model, model.objects.filter(public_id__any=public_ids))
    if not frozen:
        raise ValidationError(
            "Nothing to submit: this is what is published already.", code="unchanged"
        )
    publication.require_public_references(referenced, frozen)
    if len(frozen) > _CHUNK:
        analyze([SubmissionItem])
    submission.sha256 = digest.hexdigest()
    submission.save(update_fields=["sha256"])
    submission.editors.set(editors)
    return submission


def why_not_approve(submission: Submission, user: User) -> str:
    """Return the reason why a user may not approve a submission; blank if they may."""
    if not user.is_reviewer:
        return "Only a reviewer can approve it."
    if submission.submitted_by_id == user.pk:
        return "You submitted it, so somebody else must approve it."
    if submission.taken_over_by_id == user.pk:
        return "You took it over, so somebody else must approve it."
    if submission.editors.filter(pk=user.pk).exists():
        return "You edited its records, so somebody else must approve it."
    return ""


def explain_uncited(submission: Submission) -> str:
    """Return a sentence that names the records of a submission without any citation, if any."""
    items = submission.items.filter(uncited=True)
    named, labels = list(items[:_NAMED]), dict[UUID, str]()
    for type_name in {item.type for item in named}:
        ids = [item.record for item in named if item.type == type_name]
        rows = record_models()[type_name].objects.filter(public_id__in=ids).select_related()
        labels |= {row.public_id: str(row) for row in rows}
    texts = [labels.get(item.record, item.title) for item in named]
    more = items.count() - len(named) if len(named) == _NAMED else 0
    return name_uncited([*texts, f"{more:,} more"] if more else texts)


def name_uncited(labels: Sequence[str]) -> str:
    """Return a sentence that names the records without any citation; blank if there are none."""
    return f"Without any citation: {', '.join(labels)}." if labels else ""


@conflicts.as_validation_error()
@transaction.atomic
def approve(
    submission: Submission, by: User, uncited_reason: str = "", *, just_frozen: bool = False
) -> None:
    """Approve the frozen texts; those without any citation only with a reason, which is private.

    `just_frozen` says that this transaction froze the texts and has changed no working row since:
    then the rows are not rendered again to see whether they changed.

    Raises PermissionDenied if `why_not_approve` gives a reason. Raises ValidationError if the
    submission is not pending, if working rows changed since, if a redaction removed a part of it,
    if a blocker is not resolved, or if the reason is missing.
    """
    _lock(submission, State.PENDING, verb="approved")
    if reason := why_not_approve(submission, by):
        raise PermissionDenied(reason)
    comments.refuse_blockers(submission)
    if not just_frozen:
        _refuse_stale(submission)
    validation.check_submission(submission)
    if uncited := explain_uncited(submission):
        if not uncited_reason.strip():
            raise ValidationError(
                f"{uncited} Cite a source and submit again, or tick “Publish without a citation” "
                "and give the reason.",
                code="uncited",
            )
        validation.check_submission(submission, uncited_reason)
        submission.uncited_reason = uncited_reason
    _decide(submission, State.APPROVED, by)


def publish(submission: Submission, by: User, chunk: int | None = None) -> None:
    """Publish the approved texts in one transaction, or in one transaction per `chunk` of them.

    If a publication in chunks is interrupted, the next call continues it. Raises PermissionDenied
    if `by` is no reviewer, and ValidationError.
    """
    while not _publish_chunk(submission, by, chunk):
        pass


@conflicts.as_validation_error()
@transaction.atomic
def _publish_chunk(submission: Submission, by: User, chunk: int | None) -> bool:
    """Publish the next texts, or all; return whether none is left."""
    _lock(submission, State.APPROVED, State.PUBLISHING, verb="published")
    by.require_reviewer()
    waiting = submission.items.filter(open=True)
    items = waiting if chunk is None else waiting.filter(pk__in=_select_next(submission, chunk))
    publish_changes(_Changes(items, submission.note))
    items.update(open=False)
    done = not waiting.exists()
    submission.state = State.PUBLISHED if done else State.PUBLISHING
    submission.published_by, submission.published_at = by, timezone.now()
    submission.save()
    return done


@conflicts.as_validation_error()
@transaction.atomic
def reject(submission: Submission, by: User, reply: str) -> None:
    """Send a submission back with a reply. Raises PermissionDenied or ValidationError."""
    _lock(submission, *OPEN, verb="rejected")
    by.require_reviewer()
    if not reply.strip():
        raise ValidationError("Give the reason, so that the editor can fix it.", code="reply")
    validation.check_submission(submission, reply)
    submission.reply = reply
    _decide(submission, State.REJECTED, by)


@conflicts.as_validation_error()
@transaction.atomic
def recall(submission: Submission, by: User) -> None:
    """Take a submission back.

    Raises PermissionDenied unless `by` submitted it or is a reviewer.
    """
    _lock(submission, *OPEN, verb="recalled")
    if by.pk not in submission.people and not by.is_reviewer:
        raise PermissionDenied("Only the submitter or a reviewer can recall it.")
    _decide(submission, State.RECALLED, by)


@conflicts.as_validation_error()
@transaction.atomic
def withdraw(record: Record, by: User, reason: str) -> Submission:
    """Withdraw a record from the public at once; the reason is published.

    Raises PermissionDenied if `by` is no reviewer, ValidationError if the record is not public or
    the reason is empty.
    """
    submission = record_act(Act.WITHDRAW, record, by, reason)
    if record.edition is None or not record.edition.public:
        raise ValidationError("It is not public, so it cannot be withdrawn.", code="not_public")
    publish_changes([publication.make_withdrawal(record.type_name, record.public_id, reason)])
    return submission


@transaction.atomic
def record_act(
    act: Act, record: Record, by: User, reason: str, asked_by: User | None = None
) -> Submission:
    """Record an act that a reviewer does, and take the publication lock.

    A reviewer does it alone, unless somebody asked for it.

    Raises PermissionDenied if `by` is no reviewer, ValidationError if the reason is empty or
    contains what a redaction removed.
    """
    by.require_reviewer()
    if not reason.strip():
        raise ValidationError("Give the reason: it is published.", code="reason")
    publication.acquire_lock()
    validation.check_texts(
        [guards.PublicText(record.type_name, str(record.public_id), None, reason)]
    )
    now = timezone.now()
    submission = Submission.objects.create(
        act=act,
        submitted_by=asked_by or by,
        note=reason,
        state=State.PUBLISHED,
        decided_by=by,
        decided_at=now,
        published_by=by,
        published_at=now,
    )
    submission.items.create(type=record.type_name, record=record.public_id, open=False)
    return submission


def publish_changes(changes: Iterable[publication.PublicChange]) -> None:
    """Publish changes. Raises ValidationError if they contain what a redaction removed.

    They are checked under the publication lock, which every redaction takes too.
    """
    publication.publish(changes, _refuse_redacted)


def _refuse_redacted(changes: Sequence[publication.PublicChange]) -> None:
    validation.check_texts(
        guards.PublicText(change.type, change.record, change.body, change.note)
        for change in changes
    )


def find_editors(model: type[Record], records: Iterable[Record]) -> set[int]:
    """Return the users who edited records since the last published texts of these were frozen."""
    keys = {record.public_id: record.pk for record in records}
    frozen = SubmissionItem.objects.filter(
        record__any=list(keys), submission__state=State.PUBLISHED, submission__act=Act.PUBLISH
    )
    since: dict[UUID, datetime] = dict(
        frozen.values_list("record").annotate(Max("submission__submitted_at"))
    )
    return audit.find_editors(model, {key: since.get(public_id) for public_id, key in keys.items()})


def find_stale(items: Iterable[SubmissionItem]) -> set[UUID]:
    """Return the records whose working rows differ from their frozen texts, or are deleted.

    A property that was introduced after a text was frozen is no difference.
    """
    stale, waiting = set[UUID](), iter(items)
    while chunk := list(islice(waiting, _CHUNK)):
        frozen: dict[str, dict[UUID, bytes]] = {}
        for item in chunk:
            frozen.setdefault(item.type, {})[item.record] = item.body_bytes
        for type_name, bodies in frozen.items():
            model = record_models()[type_name]
            working = model.objects.filter(public_id__any=list(bodies))
            stale |= bodies.keys() - {
                record.public_id
                for record, body in working.render_bodies()
                if completion.is_same_body(model.serializer(), bodies[record.public_id], body)
            }
    return stale


def _lock(submission: Submission, *states: State, verb: str) -> None:
    """Lock a submission and read it again. Raises ValidationError if it is in another state."""
    submission.refresh_from_db(from_queryset=Submission.objects.select_for_update())
    if submission.state not in states:
        raise ValidationError(f"It is {submission.state}: it cannot be {verb}.", code="state")


def _select_next(submission: Submission, size: int) -> set[int]:
    """Return the keys of the next `size` items, and of the items that they reference."""
    waiting = submission.items.filter(open=True)
    selected, items = set[int](), list(waiting.order_by("pk")[:size])
    while items:
        selected |= {item.pk for item in items}
        texts = (documents.find_bare_references(item.body_bytes) for item in items)
        items = list(waiting.filter(record__in=set().union(*texts)).exclude(pk__in=selected))
    return selected


def _refuse_stale(submission: Submission) -> None:
    """Raise ValidationError if a record was changed after its text was frozen."""
    if stale := find_stale(iterate_in_chunks(submission.items.all())):
        first = submission.items.filter(record__in=stale)[0]
        raise ValidationError(
            f"{first.title} was changed after it was submitted: recall this submission and "
            "submit it again.",
            code="stale",
        )


def _decide(submission: Submission, state: State, by: User) -> None:
    submission.state, submission.decided_by = state, by
    submission.decided_at = timezone.now()
    is_open = state in OPEN
    submission.items.exclude(open=is_open).update(open=is_open)
    submission.save()


class _Changes:
    """The changes that publish some items, read from the database in every iteration."""

    def __init__(self, items: QuerySet[SubmissionItem], note: str) -> None:
        self.items, self.note = items, note

    def __iter__(self) -> Iterator[publication.PublicChange]:
        for item in iterate_in_chunks(self.items):
            yield publication.PublicChange(
                item.type, str(item.record), None, item.body_bytes, self.note
            )


def _refuse_open(items: list[SubmissionItem]) -> None:
    """Raise ValidationError if a record is in another open submission."""
    item = SubmissionItem.objects.filter(record__any=[i.record for i in items], open=True).first()
    if item:
        raise ValidationError(
            f"{item.title} is in submission {item.submission_id}: recall or decide that first.",
            code="open",
        )


def _iterate_chunks(
    keys: dict[type[Record], list[int]],
) -> Iterator[tuple[type[Record], list[int]]]:
    for model, model_keys in keys.items():
        # Every transaction locks in this order, so that no two wait for each other.
        ordered = sorted(set(model_keys))
        for start in range(0, len(ordered), _CHUNK):
            yield model, ordered[start : start + _CHUNK]


def _freeze_changed(model: type[Record], keys: list[int]) -> list[SubmissionItem]:
    """Return items with the bodies of the records that differ from what is public.

    Raises ValidationError if a record is merged into another.
    """
    items = [
        SubmissionItem.freeze(record, body)
        for record, body in model.objects.filter(pk__any=keys).render_bodies()
    ]
    bodies = {item.record: item.body_bytes for item in items}
    changed = publication.find_changed(model.type_name, bodies)
    return [item for item in items if item.record in changed]
