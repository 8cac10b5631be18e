"""How bodies become Editions: one transaction, one lock, one moment, one state.

Every act on the public record goes through `publish`. It holds the publication lock, so `seq` is
gapless and in commit order; it fills each body with the published refs of what it quotes, and
re-issues every current document that quotes a record whose ref now reads otherwise.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from publishing import completion, documents, index
from publishing.codes import EditionKind
from publishing.models.edition import Edition, Quotation
from publishing.models.entry import FOREVER, EntryRow
from publishing.registry import record_types
from publishing.snapshots import START, Snapshot

_LOCK = 0x4D757374  # any number will do, so long as every writer takes the same
_CHUNK = 1000
_RESTORING = (EditionKind.REFRESH, EditionKind.UNMERGE, EditionKind.REDACT)
"""The kinds of act that bring back a text, which may quote what was withdrawn since."""


class Act(NamedTuple):
    """What is to be done with one record."""

    type: str
    record: str
    kind: EditionKind | None
    """None stands for `publish`, or `correct` where the record is public already."""
    body: bytes | None
    note: str
    into: str | None = None
    """The survivor of a merge."""
    redacted: tuple[str, ...] = ()
    """The paths of what a redaction removes."""


def withdraw(type_name: str, record: UUID | str, note: str) -> Act:
    """Return the act that ends the public present of a record."""
    return Act(type_name, str(record), EditionKind.WITHDRAW, None, note)


def merge(type_name: str, record: UUID | str, into: UUID | str, note: str) -> Act:
    """Return the act that lets a record become another."""
    return Act(type_name, str(record), EditionKind.MERGE, None, note, str(into))


def ends_are_one(reason: str) -> str:
    """Return the note of a tie that a merge would tie to itself."""
    return f"Its ends are one: {reason}"


@transaction.atomic
def publish(acts: Iterable[Act], check: Callable[[Sequence[Act]], None]) -> None:
    """Append an Edition for each act and a refresh for each document that quotes its record.

    `acts` are gone through twice and never held as a whole; under the lock `check` is called with
    chunks of them, and may refuse what must not become public. Raises ValidationError where a body
    quotes what is neither public nor among the acts, or holds what a redaction removed.
    """
    writer = Writer.under_lock()
    refs: dict[str, bytes] = {}
    renewed = dict[str, str]()
    quoted, asked, public, merged = set[str](), set[str](), set[str](), dict[str, str]()
    for act in _checked(acts, check):
        refs[act.record] = ref(act)
        if act.body:
            public.add(act.record)
            quoted |= documents.quoted(act.body)
            if act.kind not in _RESTORING:
                asked |= documents.quoted(act.body)
                renewed[act.record] = act.type
        if act.into:
            merged[act.record] = act.into
    require_closure(asked, public)
    acted = set(refs)
    others = _answering((quoted | set(merged.values())) - acted)
    refs |= {
        record: refs.get(str(edition.record), edition.ref.encode())
        for record, edition in others.items()
    }
    refs |= {record: refs[survivor] for record, survivor in merged.items()}
    before = _standing(acted)
    refuse_merged(record for record in renewed.keys() & before.keys() if before[record].merged_into)
    changed = {
        record: (edition.ref.encode(), refs[record])
        for record, edition in before.items()
        if edition.ref.encode() != refs[record] and edition.kind != EditionKind.MERGE
    }
    for act in acts:
        writer.append(act, before.get(act.record), refs)
    for edition in _quoters(changed, besides=acted):
        writer.refresh(edition, changed, untie=bool(merged))
        if merged:  # what quotes the survivor now may break a rule that it kept before
            renewed[str(edition.record)] = edition.type
    writer.flush()
    for type_, registration in record_types().items():
        if some := [record for record, of in renewed.items() if of == type_]:
            registration.check_public(some)


def find_changed(type_name: str, bodies: Mapping[UUID, bytes]) -> set[UUID]:
    """Return the records whose bodies differ from what is public, or that are not public.

    A property that was added since the publication is no difference: both bodies are completed.
    """
    editions = Edition.objects.standing(bodies)
    digests = dict(editions.values_list("record", "sha256"))
    changed = {key for key, body in bodies.items() if digests.get(key) != documents.digest(body)}
    today = completion.fingerprint(record_types()[type_name].serializer)
    for edition in Edition.objects.standing(changed).defer("summary"):
        older = edition.public and edition.shape != today
        if older and completion.read_body(edition) == bodies[edition.record]:
            changed.remove(edition.record)
    return changed


def _checked(acts: Iterable[Act], check: Callable[[Sequence[Act]], None]) -> Iterator[Act]:
    """Yield the acts, each after it was checked."""
    waiting = iter(acts)
    while chunk := list(islice(waiting, _CHUNK)):
        check(chunk)
        yield from chunk


def require_closure(quoted: AbstractSet[str], batch: AbstractSet[str]) -> None:
    """Raise ValidationError where one of `quoted` is neither public nor in the batch."""
    outside = quoted - batch
    public = {record for record, edition in _answering(outside).items() if edition.public}
    missing = sorted(outside - public)
    if missing:
        raise ValidationError(
            [
                ValidationError(
                    "%(name)s is quoted but not public: publish it first, or submit it together "
                    "with what quotes it.",
                    code="closure",
                    params={"name": _working_name(record)},
                )
                for record in missing
            ]
        )


def refuse_merged(records: Iterable[UUID | str]) -> None:
    """Raise ValidationError where there is any: a merged record answers 308 until that is undone.

    Published all the same it would be public beside its survivor, and the merge past undoing.
    """
    for record in records:
        raise ValidationError(
            f"{_working_name(str(record))} was merged into another: undo that first, or edit the "
            "other one.",
            code="merged",
        )


def _refuse_ties(document: dict[str, Any]) -> None:
    """Refuse a text that ties a record to itself, as one frozen before a merge may come to do."""
    ends = documents.ends(document)
    if len(set(ends)) < len(ends):
        raise ValidationError(
            f"{_working_name(document['id'])} ties a record to itself, since two were merged: "
            "reject it.",
            code="tied",
        )


class Writer:
    """Collects the rows of one publication and writes them in bulk, in the order of `seq`."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self.snapshot, self.now = snapshot, now
        self.editions: list[Edition] = []
        self.rows: dict[type[EntryRow], list[EntryRow]] = {}

    @classmethod
    def under_lock(cls) -> "Writer":
        """Take the publication lock for the rest of the transaction, then read the clock."""
        lock()
        last = Edition.objects.order_by("-seq").only("seq", "hash", "published_at").first()
        now = clock()
        if last is None:
            return cls(START, now)
        return cls(last.snapshot, max(now, last.published_at + timedelta(microseconds=1)))

    def append(self, act: Act, before: Edition | None, refs: Mapping[str, bytes]) -> None:
        """Add the Edition of one act; `before` is the one that it follows."""
        public = before is not None and before.public
        kind = act.kind or (EditionKind.CORRECT if public else EditionKind.PUBLISH)
        edition = self._next(act.type, act.record, kind, before)
        edition.edited_at, edition.note, edition.ref = self.now, act.note, refs[act.record].decode()
        if before and kind == EditionKind.REFRESH:
            edition.edited_at = before.edited_at
        edition.merged_into, edition.redacted = act.into, list(act.redacted) or None
        if act.body:
            edition.slug = documents.load(act.body).get("slug")
            edition.sha256 = documents.digest(act.body)
            self._text(edition, documents.fill(act.body, refs))
        self._keep(edition)

    def refresh(
        self, before: Edition, changed: Mapping[str, tuple[bytes, bytes]], untie: bool
    ) -> None:
        """Add the Edition of a document whose quotes read otherwise, by exchanging their bytes.

        After a merge a document may quote one record where it quoted two: `untie` mends that.
        """
        edition = self._next(before.type, str(before.record), EditionKind.REFRESH, before)
        edition.edited_at, edition.ref, edition.sha256 = before.edited_at, before.ref, before.sha256
        filled = documents.disclose((before.document or "").encode())
        for old, new in changed.values():
            filled = filled.replace(old, new)
        if untie:
            value = documents.untie(documents.load(filled), str(before.record))
            filled = documents.dump(value)
            edition.sha256 = documents.digest(documents.dump(documents.unfill(value)))
        self._text(edition, filled)
        self._keep(edition)

    def _next(self, type_: str, record: str, kind: EditionKind, before: Edition | None) -> Edition:
        version = before.version + 1 if before else 1
        self.snapshot = self.snapshot.after(record, version, kind)
        return Edition(
            seq=self.snapshot.seq,
            hash=self.snapshot.hash,
            type=type_,
            record=record,
            slug=before.slug if before else None,
            version=version,
            kind=kind,
            published_at=self.now,
            public=False,
        )

    def _text(self, edition: Edition, filled: bytes) -> None:
        """Write the texts of an edition, and the rows that it is found by."""
        envelope = {
            "version": edition.version,
            "published_at": edition.published_at,
            "edited_at": edition.edited_at,
            "seq": edition.seq,
        }
        text = documents.enclose(filled, envelope)
        serializer = record_types()[edition.type].serializer
        edition.public, edition.document = True, text.decode()
        document, edition.shape = completion.examine(serializer, text)
        _refuse_ties(document)
        edition.summary = documents.cut(documents.load(text), serializer.summary).decode()
        for row in index.rows_of(edition, document):
            self.rows.setdefault(type(row), []).append(row)

    def _keep(self, edition: Edition) -> None:
        self.editions.append(edition)
        if len(self.editions) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Close what the collected editions supersede, then write them and their rows."""
        for type_ in {edition.type for edition in self.editions}:
            ended = [edition for edition in self.editions if edition.type == type_]
            for table in index.tables(record_types()[type_]):
                _close(table, ended)
        index.insert(Edition, self.editions)
        for model, some in self.rows.items():
            index.insert(model, some)
        self.editions, self.rows = [], {}


def lock() -> None:
    """Take the publication lock for the rest of the transaction: what is public then stands still.

    For verbs that depend on it. Who waits here may hold locks on working rows; so who holds it and
    goes on to change such, as a merge does, may be refused for a deadlock: see `conflicts`.
    """
    with connection.cursor() as cursor:
        # Whoever publishes waits for whoever publishes before.
        cursor.execute("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def clock() -> datetime:
    """Return the time now by the database's clock, which does not stand still in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _close(table: type[models.Model], editions: list[Edition]) -> None:
    """End the standing rows of each record at its new Edition."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} AS row SET until_seq = ended.seq "  # noqa: S608
            "FROM unnest(%s::uuid[], %s::bigint[]) AS ended (record, seq) "
            "WHERE row.record = ended.record AND row.until_seq = %s",
            [[e.record for e in editions], [e.seq for e in editions], FOREVER],
        )


def _standing(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record, without its texts."""
    found = Edition.objects.standing(records).defer("summary", "document")
    return {str(edition.record): edition for edition in found}


def _answering(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record, of a merged one that of its survivor.

    What a merge Edition says of the survivor may be out of date.
    """
    found = _standing(records)
    merged = {r: str(edition.merged_into) for r, edition in found.items() if edition.merged_into}
    survivors = _standing(merged.values()) if merged else {}
    return found | {record: survivors[survivor] for record, survivor in merged.items()}


def _quoters(changed: Mapping[str, object], besides: AbstractSet[str]) -> Iterator[Edition]:
    """Yield the current Edition of each record that quotes one of `changed`."""
    if not changed:
        return
    standing = Quotation.objects.filter(target__in=list(changed), until_seq=FOREVER)
    quoters = standing.values_list("seq", "record").distinct()
    seqs = sorted(seq for seq, record in quoters if str(record) not in besides)
    for start in range(0, len(seqs), _CHUNK):
        yield from Edition.objects.filter(seq__in=seqs[start : start + _CHUNK]).order_by("seq")


def ref(act: Act) -> bytes:
    """Return how documents quote the record after this act."""
    registration = record_types()[act.type]
    body: Any = documents.load(act.body) if act.body else {}
    names = {registration.ref_kind, registration.ref_name, *registration.ref_more} - {None}
    if body and not names <= body.keys():  # older software rendered it
        body = completion.complete(registration.serializer, body)
    reference = {
        "id": act.record,
        "type": act.type,
        "kind": body.get(registration.ref_kind),
        "name": body.get(registration.ref_name),
        "slug": body.get("slug"),
        "withdrawn": not body,
    }
    return documents.dump(reference | {key: body.get(key) for key in registration.ref_more})


def _working_name(record: str) -> str:
    """Name a working record to the editor whose submission quotes it."""
    for type_, registration in record_types().items():
        if label := registration.label(record):
            return f"The {type_} “{label}”"
    return f"The record {record}"
