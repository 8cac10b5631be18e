"""Setting aside: the records that a command must not write, since somebody works on them.

A record that a person has changed and not yet published, or that waits for a reviewer, belongs to
that person: no import overwrites it or publishes it. It is listed with the person's name, and the
next run tries it again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import PROTECT, Max, Model, QuerySet

from editorial import audit
from editorial.models import Record, Submission, SubmissionItem, User
from editorial.models.submission import Act, State
from publishing.models import Edition
from publishing.publication import find_changed
from sources.models import Source

_CHUNK = 500
_PENDING = "pending submission"
_UNNAMED = "somebody who is not named"


class SetAsideRow(NamedTuple):
    """A row of a file, or a record, that this run did not write."""

    key: str
    """The id of the row in its dataset."""
    record: str
    """The record that it would have changed: type, and slug or public id."""
    reason: str


class Change(NamedTuple):
    """A change of a record, or of a row that is part of it, from the audit."""

    record: int
    at: datetime
    context: Mapping[str, Any]
    """The context in the audit: the user, the command."""


Reason = tuple[str, str]
"""The name of a record, and why it is set aside."""


class Reservations:
    """The records that a command sets aside, each looked up once.

    `command` begins the audit's name of every run of the command, as in `ingest`.
    """

    def __init__(self, command: str) -> None:
        self.command = command
        self._reasons: dict[type[Record], dict[int, Reason | None]] = defaultdict(dict)
        self._private: dict[type[Record], dict[int, Reason | None]] = defaultdict(dict)

    def find(self, model: type[Record], keys: Iterable[int]) -> dict[int, Reason]:
        """Lock some records until the transaction ends; return which to set aside, and why."""
        known, requested = self._reasons[model], {*keys}
        fresh = sorted(requested - known.keys())
        for start in range(0, len(fresh), _CHUNK):
            chunk = fresh[start : start + _CHUNK]
            lock_records(model, chunk)
            reasons = find_reasons(model, chunk, self.command)
            known |= dict.fromkeys(chunk)
            for record in model.objects.filter(pk__in=list(reasons)):
                known[record.pk] = name_record(record), reasons[record.pk]
        return {key: reason for key in requested if (reason := known[key])}

    def find_private(self, model: type[Record], keys: Iterable[int]) -> dict[int, Reason]:
        """Return which records are not public and cannot be submitted either, and why.

        A record that only the command itself has written can be submitted, together with the
        records that reference it.
        """
        known, requested = self._private[model], {*keys}
        fresh = requested - known.keys()
        known |= dict.fromkeys(fresh)  # ends the recursion where places form a circle
        private = {
            record.pk: record
            for record in _find_private(model.objects.filter(pk__any=fresh))
            if not is_confidential(record)
        }
        for key, (name, why) in self.find(model, private).items():
            known[key] = name, f"is referenced and not public: {why}"
        for column, referenced in get_references(model) if private else ():
            above = {key: getattr(record, column) for key, record in private.items()}
            missing = self.find_private(referenced, {key for key in above.values() if key})
            known |= {key: missing[other] for key, other in above.items() if other in missing}
        return {key: reason for key in requested if (reason := known[key])}


def _find_private(records: QuerySet) -> list[Record]:
    """Return the records that are not public; a merged one is, as its survivor."""
    listed = list(records)
    ids = [record.public_id for record in listed]
    editions = Edition.objects.newest_of(ids).values_list("record", "public", "merged_into")
    public_ids = {record for record, public, survivor in editions if public or survivor}
    return [record for record in listed if record.public_id not in public_ids]


def lock_records(model: type[Record], keys: Iterable[int]) -> None:
    """Lock the rows of some records, in the order of their keys, until the transaction ends.

    If an editor is saving one of them at this moment, this waits, and later reads see the change.
    Editors who save later wait for this transaction. FOR NO KEY UPDATE, since rows that reference
    a record only share its key: such rows can be written meanwhile.
    """
    rows = model.objects.filter(pk__any=keys).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


@cache
def get_references(model: type[Model]) -> tuple[tuple[str, type[Record]], ...]:
    """Return the columns that reference other records, each with the type of these."""
    return tuple(
        (field.attname, field.related_model)
        for field in model._meta.concrete_fields
        if field.remote_field
        and getattr(field.remote_field, "on_delete", None) is PROTECT
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, Record)
    )


def is_confidential(record: Record) -> bool:
    """Whether a record is a confidential source; records that cite it are public without it."""
    return isinstance(record, Source) and record.confidential


def name_record(record: Record) -> str:
    """Return the name of a record in a report: never a text of it, which may be confidential."""
    return f"{record.type_name} {getattr(record, 'slug', None) or record.public_id}"


def find_reasons(model: type[Record], keys: Iterable[int], command: str) -> dict[int, str]:
    """Return, by primary key, which records of a type a command must set aside, and why.

    `command` begins the audit's name of every run of the command, as in `ingest`: records that
    only such runs have changed since the last publication belong to nobody else. The caller has
    locked the records, so the answer stays true until its transaction ends.
    """
    reasons: dict[int, str] = {}
    keys = sorted(set(keys))
    records = model.objects.filter(pk__any=keys)
    ids = dict(records.values_list("public_id", "pk"))
    items = SubmissionItem.objects.filter(record__any=list(ids), open=True)
    for item in items.select_related("submission__submitted_by"):
        reasons[ids[item.record]] = _describe_pending(item.submission)
    editions = {
        edition.record: edition
        for edition in Edition.objects.newest_of(list(ids)).only("record", "public", "merged_into")
    }
    for public_id, key in ids.items():
        edition = editions.get(public_id)
        if edition is not None and not edition.public:
            reasons[key] = "it was merged" if edition.merged_into else "it was withdrawn"
    bodies = {
        record.public_id: body
        for record, body in records.exclude(pk__any=list(reasons)).render_bodies()
        if not is_confidential(record)  # it is never published, so it never waits for that
    }
    differing = {ids[public_id]: public_id for public_id in find_changed(model.type_name, bodies)}
    since = _find_freezing_times(differing.values())
    changes: dict[int, list[Change]] = defaultdict(list)
    for change in find_changes(model, differing):
        changes[change.record].append(change)
    for key, public_id in differing.items():
        at = since.get(public_id)
        recent = [change for change in changes[key] if at is None or change.at >= at]
        others = [change for change in recent if not _is_own(change, command)]
        if not recent:
            # A transaction that waited for the lock while the text was frozen began before it.
            earlier = [change for change in changes[key] if not _is_own(change, command)]
            others = sorted(earlier, key=lambda change: change.at)[-1:]
        if others or not recent:
            reasons[key] = f"unpublished changes by {_name_authors(others)}"
    return reasons


def find_changes(model: type[Model], owners: Mapping[int, Any]) -> Iterator[Change]:
    """Yield the changes of some rows, and of all rows that are or were part of them."""
    yield from _walk(model, {key: {key} for key in owners})


def _walk(model: type[Model], owners: Mapping[int, set[int]]) -> Iterator[Change]:
    if not owners:
        return
    events = audit.event_model(model)._default_manager.filter(pgh_obj_id__any=list(owners))
    columns = ("pgh_obj_id", "pgh_created_at", "pgh_context__metadata")
    for key, at, context in events.order_by("pgh_id").values_list(*columns):
        if "act" in (context or {}):
            continue  # an act of a reviewer is public at once
        yield from (Change(owner, at, context or {}) for owner in owners[key])
    for part, parent in audit.part_models(model):
        rows = audit.event_model(part)._default_manager.filter(**{f"{parent}__any": list(owners)})
        below: dict[int, set[int]] = defaultdict(set)
        for key, above in rows.values_list("pgh_obj_id", parent).distinct().order_by():
            below[key] |= owners[above]
        yield from _walk(part, below)


def _find_freezing_times(records: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the last published text of each record was frozen."""
    items = SubmissionItem.objects.filter(
        record__any=list(records),
        submission__state=State.PUBLISHED,
        submission__act=Act.PUBLISH,
    )
    frozen = items.order_by().values_list("record").annotate(Max("submission__submitted_at"))
    return dict(frozen)


def _is_own(change: Change, command: str) -> bool:
    """Whether a run of a command made a change."""
    run = change.context.get("command", "")
    return bool(run == command or run.startswith(f"{command} "))


def _name_authors(changes: Iterable[Change]) -> str:
    """Return who made some changes: the names of users, or else of commands."""
    contexts = [change.context for change in changes]
    users = {context["user"] for context in contexts if context.get("user") is not None}
    names = list(User.objects.filter(pk__in=users).order_by("username"))
    named = [user.get_username() for user in names]
    named += sorted(
        {
            f"`{context['command']}`" if context.get("command") else _UNNAMED
            for context in contexts
            if context.get("user") is None
        }
    )
    return ", ".join(named) or _UNNAMED


def is_pending(reason: Reason) -> bool:
    """Whether a record is set aside since it is in a pending submission."""
    return reason[1].startswith(_PENDING)


def _describe_pending(submission: Submission) -> str:
    return f"{_PENDING} {submission.pk} of {submission.submitted_by.get_username()}"
