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

from publishing import bulk, completion, documents, index
from publishing.codes import EditionKind
from publishing.models.edition import Edition, Reference
from publishing.models.entry import FOREVER, EntryRow
from publishing.registry import record_types
from publishing.snapshots import START, Snapshot

_LOCK = 0x4D757374  # any number will do, so long as every writer takes the same
_CHUNK = 1000
_RESTORING = (EditionKind.REFRESH, EditionKind.UNMERGE, EditionKind.REDACT)
"""The kinds of act that bring back a text, which may quote what was withdrawn since."""


class PublicChange(NamedTuple):
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


def make_withdrawal(type_name: str, record: UUID | str, note: str) -> PublicChange:
    """Return the act that ends the public present of a record."""
    return PublicChange(type_name, str(record), EditionKind.WITHDRAW, None, note)


def make_merge(type_name: str, record: UUID | str, into: UUID | str, note: str) -> PublicChange:
    """Return the act that lets a record become another."""
    return PublicChange(type_name, str(record), EditionKind.MERGE, None, note, str(into))


def describe_self_affiliation(reason: str) -> str:
    """Return the note of a tie that a merge would tie to itself."""
    return f"Its ends are one: {reason}"


@transaction.atomic
def publish(acts: Iterable[PublicChange], check: Callable[[Sequence[PublicChange]], None]) -> None:
    """Append an Edition for each act and a refresh for each document that quotes its record.

    `acts` are gone through twice and never held as a whole; under the lock `check` is called with
    chunks of them, and may refuse what must not become public. Raises ValidationError where a body
    quotes what is neither public nor among the acts, or holds what a redaction removed.
    """
    writer = EditionWriter.under_lock()
    refs: dict[str, bytes] = {}
    renewed = dict[str, str]()
    quoted, asked, public, merged = set[str](), set[str](), set[str](), dict[str, str]()
    for act in _iterate_checked(acts, check):
        refs[act.record] = render_reference(act)
        if act.body:
            public.add(act.record)
            quoted |= documents.find_bare_references(act.body)
            if act.kind not in _RESTORING:
                asked |= documents.find_bare_references(act.body)
                renewed[act.record] = act.type
        if act.into:
            merged[act.record] = act.into
    require_public_references(asked, public)
    acted = set(refs)
    others = _find_answering((quoted | set(merged.values())) - acted)
    refs |= {
        record: refs.get(str(edition.record), edition.reference.encode())
        for record, edition in others.items()
    }
    refs |= {record: refs[survivor] for record, survivor in merged.items()}
    before = _find_newest(acted)
    refuse_merged_records(
        record for record in renewed.keys() & before.keys() if before[record].merged_into
    )
    changed = {
        record: (edition.reference.encode(), refs[record])
        for record, edition in before.items()
        if edition.reference.encode() != refs[record] and edition.kind != EditionKind.MERGE
    }
    for act in acts:
        writer.append(act, before.get(act.record), refs)
    for edition in _find_referencing(changed, besides=acted):
        writer.refresh(edition, changed, untie=bool(merged))
        if merged:  # what quotes the survivor now may break a rule that it kept before
            renewed[str(edition.record)] = edition.type
    writer.flush()
    for type_, registration in record_types().items():
        if some := [record for record, of in renewed.items() if of == type_]:
            registration.check_public(some)


def _iterate_checked(
    acts: Iterable[PublicChange], check: Callable[[Sequence[PublicChange]], None]
) -> Iterator[PublicChange]:
    """Yield the acts, each after it was checked."""
    waiting = iter(acts)
    while chunk := list(islice(waiting, _CHUNK)):
        check(chunk)
        yield from chunk


def require_public_references(quoted: AbstractSet[str], batch: AbstractSet[str]) -> None:
    """Raise ValidationError where one of `quoted` is neither public nor in the batch."""
    outside = quoted - batch
    public = {record for record, edition in _find_answering(outside).items() if edition.public}
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


def refuse_merged_records(records: Iterable[UUID | str]) -> None:
    """Raise ValidationError where there is any: a merged record answers 308 until that is undone.

    Published all the same it would be public beside its survivor, and the merge past undoing.
    """
    for record in records:
        raise ValidationError(
            f"{_working_name(str(record))} was merged into another: undo that first, or edit the "
            "other one.",
            code="merged",
        )


def _refuse_self_affiliations(document: dict[str, Any]) -> None:
    """Refuse a text that ties a record to itself, as one frozen before a merge may come to do."""
    ends = documents.list_direct_references(document)
    if len(set(ends)) < len(ends):
        raise ValidationError(
            f"{_working_name(document['id'])} ties a record to itself, since two were merged: "
            "reject it.",
            code="tied",
        )


class EditionWriter:
    """Collects the rows of one publication and writes them in bulk, in the order of `seq`."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self.snapshot, self.now = snapshot, now
        self.editions: list[Edition] = []
        self.rows: dict[type[EntryRow], list[EntryRow]] = {}

    @classmethod
    def under_lock(cls) -> "EditionWriter":
        """Take the publication lock for the rest of the transaction, then read the clock."""
        acquire_lock()
        last = Edition.objects.order_by("-seq").only("seq", "hash", "published_at").first()
        now = read_clock()
        if last is None:
            return cls(START, now)
        return cls(last.snapshot, max(now, last.published_at + timedelta(microseconds=1)))

    def append(self, act: PublicChange, before: Edition | None, refs: Mapping[str, bytes]) -> None:
        """Add the Edition of one act; `before` is the one that it follows."""
        public = before is not None and before.public
        kind = act.kind or (EditionKind.CORRECT if public else EditionKind.PUBLISH)
        edition = self._next(act.type, act.record, kind, before)
        edition.edited_at, edition.note, edition.reference = (
            self.now,
            act.note,
            refs[act.record].decode(),
        )
        if before and kind == EditionKind.REFRESH:
            edition.edited_at = before.edited_at
        edition.merged_into, edition.redacted = act.into, list(act.redacted) or None
        if act.body:
            edition.slug = documents.load(act.body).get("slug")
            edition.sha256 = documents.digest(act.body)
            self._text(edition, documents.insert_references(act.body, refs))
        self._keep(edition)

    def refresh(
        self, before: Edition, changed: Mapping[str, tuple[bytes, bytes]], untie: bool
    ) -> None:
        """Add the Edition of a document whose quotes read otherwise, by exchanging their bytes.

        After a merge a document may quote one record where it quoted two: `untie` mends that.
        """
        edition = self._next(before.type, str(before.record), EditionKind.REFRESH, before)
        edition.edited_at, edition.reference, edition.sha256 = (
            before.edited_at,
            before.reference,
            before.sha256,
        )
        edition.shape = before.shape  # its text is that of before, but for the quotes
        filled = documents.remove_envelope((before.document or "").encode())
        for old, new in changed.values():
            filled = filled.replace(old, new)
        if untie:
            value = documents.remove_self_references(documents.load(filled), str(before.record))
            filled = documents.dump(value)
            edition.sha256 = documents.digest(documents.dump(documents.strip_references(value)))
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
            shape=record_types()[type_].serializer.shape,
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
        text = documents.append_envelope(filled, envelope)
        serializer = record_types()[edition.type].serializer
        edition.public, edition.document = True, text.decode()
        document = completion.read(serializer, text, edition.shape)
        _refuse_self_affiliations(document)
        edition.summary = documents.extract_summary(document, serializer.summary).decode()
        for row in index.build_rows(edition, document):
            self.rows.setdefault(type(row), []).append(row)

    def _keep(self, edition: Edition) -> None:
        self.editions.append(edition)
        if len(self.editions) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Close what the collected editions supersede, then write them and their rows."""
        for type_ in {edition.type for edition in self.editions}:
            ended = [edition for edition in self.editions if edition.type == type_]
            for table in index.list_tables(record_types()[type_]):
                _close_rows(table, ended)
        bulk.insert_rows(Edition, self.editions)
        for model, some in self.rows.items():
            bulk.insert_rows(model, some)
        self.editions, self.rows = [], {}


def acquire_lock() -> None:
    """Take the publication lock for the rest of the transaction: what is public then stands still.

    For verbs that depend on it. Who waits here may hold locks on working rows; so who holds it and
    goes on to change such, as a merge does, may be refused for a deadlock: see `conflicts`.
    """
    with connection.cursor() as cursor:
        # Whoever publishes waits for whoever publishes before.
        cursor.execute("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def read_clock() -> datetime:
    """Return the time now by the database's clock, which does not stand still in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _close_rows(table: type[models.Model], editions: list[Edition]) -> None:
    """End the standing rows of each record at its new Edition."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} AS row SET until_seq = ended.seq "  # noqa: S608
            "FROM unnest(%s::uuid[], %s::bigint[]) AS ended (record, seq) "
            "WHERE row.record = ended.record AND row.until_seq = %s",
            [[e.record for e in editions], [e.seq for e in editions], FOREVER],
        )


def _find_newest(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record, without its texts."""
    found = Edition.objects.newest_of(records).defer("summary", "document")
    return {str(edition.record): edition for edition in found}


def _find_answering(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record, of a merged one that of its survivor.

    What a merge Edition says of the survivor may be out of date.
    """
    found = _find_newest(records)
    merged = {r: str(edition.merged_into) for r, edition in found.items() if edition.merged_into}
    survivors = _find_newest(merged.values()) if merged else {}
    return found | {record: survivors[survivor] for record, survivor in merged.items()}


def _find_referencing(
    changed: Mapping[str, object], besides: AbstractSet[str]
) -> Iterator[Edition]:
    """Yield the current Edition of each record that quotes one of `changed`."""
    if not changed:
        return
    standing = Reference.objects.filter(target__in=list(changed), until_seq=FOREVER)
    quoters = standing.values_list("seq", "record").distinct()
    seqs = sorted(seq for seq, record in quoters if str(record) not in besides)
    for start in range(0, len(seqs), _CHUNK):
        yield from Edition.objects.filter(seq__in=seqs[start : start + _CHUNK]).order_by("seq")


def render_reference(act: PublicChange) -> bytes:
    """Return how documents quote the record after this act."""
    registration = record_types()[act.type]
    body = documents.load(act.body) if act.body else None
    told = {
        "id": act.record,
        "type": act.type,
        "kind": body[registration.ref_kind] if body and registration.ref_kind else None,
        "name": body[registration.ref_name] if body and registration.ref_name else None,
        "slug": body.get("slug") if body else None,
        "withdrawn": body is None,
    }
    return documents.dump(told | {key: body and body[key] for key in registration.ref_more})


def _working_name(record: str) -> str:
    """Name a working record to the editor whose submission quotes it."""
    for type_, registration in record_types().items():
        if label := registration.label(record):
            return f"The {type_} “{label}”"
    return f"The record {record}"
