"""Setting aside: which records a command leaves alone, since somebody works on them.

What a person has changed and not yet submitted, and what waits for a reviewer, is theirs: no
import writes over it, and none takes it to the public. It is listed with the person's name, and
the next run takes it up.
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
from publishing import documents
from publishing.models import Edition
from sources.models import Source

_CHUNK = 500
_PENDING = "pending submission"
_UNNAMED = "somebody who is not named"


class SetAside(NamedTuple):
    """A row of a file, or a record of a command, that this run left alone."""

    key: str
    """The id of the row in its dataset."""
    record: str
    """The record that it would have changed: its type, with its slug or public id."""
    reason: str


class Change(NamedTuple):
    """A change of a record or of a row that is part of it, as the audit has it."""

    record: int
    at: datetime
    context: Mapping[str, Any]
    """What the audit knows of who made it: the user, the command."""


Reason = tuple[str, str]
"""A record, and why it is left alone."""


class Reserved:
    """The records that the commands of one name leave alone, looked up once each."""

    def __init__(self, own: str) -> None:
        self.own = own
        self._reasons: dict[type[Record], dict[int, Reason | None]] = defaultdict(dict)
        self._unquotable: dict[type[Record], dict[int, Reason | None]] = defaultdict(dict)

    def find(self, model: type[Record], keys: Iterable[int]) -> dict[int, Reason]:
        """Lock some records until the transaction ends; return why to leave which alone."""
        known, asked = self._reasons[model], {*keys}
        fresh = sorted(asked - known.keys())
        for start in range(0, len(fresh), _CHUNK):
            chunk = fresh[start : start + _CHUNK]
            lock_records(model, chunk)
            reasons = find_reasons(model, chunk, self.own)
            known |= dict.fromkeys(chunk)
            for record in model.objects.filter(pk__in=list(reasons)):
                known[record.pk] = name_record(record), reasons[record.pk]
        return {key: reason for key in asked if (reason := known[key])}

    def find_unquotable(self, model: type[Record], keys: Iterable[int]) -> dict[int, Reason]:
        """Return why nothing that quotes some records can be submitted: they are not public.

        What nobody but the commands themselves has written is submitted together with its quoters.
        """
        known, asked = self._unquotable[model], {*keys}
        fresh = asked - known.keys()
        known |= dict.fromkeys(fresh)  # also ends the way round a circle of places
        private = {
            record.pk: record
            for record in _find_private(model.objects.filter(pk__in=fresh))
            if not is_confidential(record)
        }
        for key, (name, why) in self.find(model, private).items():
            known[key] = name, f"is quoted and not public: {why}"
        for column, quoted in get_references(model) if private else ():
            above = {key: getattr(record, column) for key, record in private.items()}
            missing = self.find_unquotable(quoted, {key for key in above.values() if key})
            known |= {key: missing[other] for key, other in above.items() if other in missing}
        return {key: reason for key in asked if (reason := known[key])}


def _find_private(records: QuerySet) -> list[Record]:
    """Return those of some records that cannot be quoted; a merged one is, as its survivor."""
    listed = list(records)
    ids = [record.public_id for record in listed]
    editions = Edition.objects.standing(ids).values_list("record", "public", "merged_into")
    answering = {record for record, public, survivor in editions if public or survivor}
    return [record for record in listed if record.public_id not in answering]


def lock_records(model: type[Record], keys: Iterable[int]) -> None:
    """Lock the rows of some records, in the order of their keys, until the transaction ends.

    An editor who saves one of them at this moment is waited for, and what was saved is seen by
    what is read from here on; who comes later waits for us. FOR NO KEY UPDATE, as what quotes a
    record only shares its key: such rows are written meanwhile.
    """
    rows = model.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


@cache
def get_references(model: type[Model]) -> tuple[tuple[str, type[Record]], ...]:
    """Return the columns of a row that quote records, each with the type that it quotes."""
    return tuple(
        (field.attname, field.related_model)
        for field in model._meta.concrete_fields
        if field.remote_field
        and getattr(field.remote_field, "on_delete", None) is PROTECT
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, Record)
    )


def is_confidential(record: Record) -> bool:
    """Whether it is a source that readers never see; what cites it is public without it."""
    return isinstance(record, Source) and record.confidential


def name_record(record: Record) -> str:
    """Return what a record is called in a report: never by a text, which may be confidential."""
    return f"{record.type_name} {getattr(record, 'slug', None) or record.public_id}"


def find_reasons(model: type[Record], keys: Iterable[int], own: str) -> dict[int, str]:
    """Return, by primary key, why a command must leave some records of a type alone.

    `own` begins the audit's name of every run of the command, as in `ingest`: what only such runs
    have changed since the last publication is nobody else's. The caller holds the locks of the
    records, so the answer stays true until its transaction ends.
    """
    reasons: dict[int, str] = {}
    differing: dict[int, UUID] = {}
    keys = sorted(set(keys))
    records = model.objects.filter(pk__in=keys)
    ids = dict(records.values_list("public_id", "pk"))
    items = SubmissionItem.objects.filter(record__in=list(ids), open=True)
    for item in items.select_related("submission__submitted_by"):
        reasons[ids[item.record]] = _describe_pending(item.submission)
    editions = {
        edition.record: edition
        for edition in Edition.objects.standing(list(ids)).only(
            "record", "sha256", "public", "merged_into", "shape"
        )
    }
    for public_id, key in ids.items():
        edition = editions.get(public_id)
        if edition is not None and not edition.public:
            reasons[key] = "it was merged" if edition.merged_into else "it was withdrawn"
    for record, body in records.exclude(pk__in=list(reasons)).bodies():
        edition = editions.get(record.public_id)
        if is_confidential(record):
            continue  # it is never published, so nothing of it ever waits for that
        if edition is None or edition.sha256 != documents.digest(body):
            differing[record.pk] = record.public_id
    shape = model.serializer().shape
    since = _find_freezing_times(differing.values())
    found: dict[int, list[Change]] = defaultdict(list)
    for change in find_changes(model, differing):
        found[change.record].append(change)
    for key, public_id in differing.items():
        at, edition = since.get(public_id), editions.get(public_id)
        recent = [change for change in found[key] if at is None or change.at >= at]
        others = [change for change in recent if not _is_own(change, own)]
        if not recent:
            if edition is not None and edition.shape != shape:
                continue  # the text has another shape since an upgrade, and nobody changed it
            # Whoever waited for the lock while the text was frozen has an earlier time than it.
            earlier = [change for change in found[key] if not _is_own(change, own)]
            others = sorted(earlier, key=lambda change: change.at)[-1:]
        if others or not recent:
            reasons[key] = f"unpublished changes by {_name_authors(others)}"
    return reasons


def find_changes(model: type[Model], owners: Mapping[int, Any]) -> Iterator[Change]:
    """Yield the changes of some rows and of all rows that are or were part of them."""
    yield from _walk(model, {key: {key} for key in owners})


def _walk(model: type[Model], owners: Mapping[int, set[int]]) -> Iterator[Change]:
    if not owners:
        return
    events = audit.events(model)._default_manager.filter(pgh_obj_id__in=list(owners))
    columns = ("pgh_obj_id", "pgh_created_at", "pgh_context__metadata")
    for key, at, context in events.order_by("pgh_id").values_list(*columns):
        if "act" in (context or {}):
            continue  # what a reviewer did at once is public already
        yield from (Change(owner, at, context or {}) for owner in owners[key])
    for part, parent in audit.parts(model):
        rows = audit.events(part)._default_manager.filter(**{f"{parent}__in": list(owners)})
        below: dict[int, set[int]] = defaultdict(set)
        for key, above in rows.values_list("pgh_obj_id", parent).distinct().order_by():
            below[key] |= owners[above]
        yield from _walk(part, below)


def _find_freezing_times(records: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the text of the last publication of each record was frozen."""
    items = SubmissionItem.objects.filter(
        record__in=list(records),
        submission__state=State.PUBLISHED,
        submission__act=Act.PUBLISH,
    )
    frozen = items.order_by().values_list("record").annotate(Max("submission__submitted_at"))
    return dict(frozen)


def _is_own(change: Change, own: str) -> bool:
    command = change.context.get("command", "")
    return command == own or command.startswith(f"{own} ")


def _name_authors(changes: Iterable[Change]) -> str:
    """Name who made some changes: the users, else the commands."""
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
    """Whether a record is left alone since it waits in a submission."""
    return reason[1].startswith(_PENDING)


def _describe_pending(submission: Submission) -> str:
    return f"{_PENDING} {submission.pk} of {submission.submitted_by.get_username()}"
