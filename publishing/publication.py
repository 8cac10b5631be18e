"""How bodies become Editions: in one transaction, under one lock, with one timestamp.

Every change of the public record goes through `publish`. It takes the publication lock, so that
`seq` is gapless and in commit order. It inserts the published references into each body, and it
refreshes every current document that references a record whose reference changes.
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
from publishing.models.edition import Edition, Reference, TableRow
from publishing.models.entry import FOREVER, EntryRow
from publishing.registry import record_types
from publishing.serializers import ENVELOPE
from publishing.snapshots import START, Snapshot

_LOCK = 0x4D757374  # any number, as long as every writer uses the same one
_CHUNK = 1000
_RESTORING = (
    EditionKind.REFRESH,
    EditionKind.UNMERGE,
    EditionKind.REDACT,
    EditionKind.RESTORE,
)
"""The kinds that bring back an earlier text, which may reference records withdrawn since."""


class PublicChange(NamedTuple):
    """A change to make to the public record: one Edition of one record."""

    type: str
    record: str
    kind: EditionKind | None
    """None is `correct` if the record is public already, else `publish`."""
    body: bytes | None
    """The new body; None if the record is not public afterwards."""
    note: str
    into: str | None = None
    """The public id of the survivor of a merge."""
    redacted: tuple[str, ...] = ()
    """The paths that a redaction removes, or that a restore brings back."""


class Replacement(NamedTuple):
    """The reference that documents have to a record, and the one that they get."""

    old: bytes
    new: bytes
    keeps_rows: bool
    """Whether the index rows of the documents stay the same: only a name or a slug changes.

    Rows have names of their own record only, and the ids of others.
    """

    @classmethod
    def make(cls, old: bytes, new: bytes) -> "Replacement":
        before, after = documents.load(old), documents.load(new)
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        return cls(old, new, before.keys() == after.keys() and changed <= {"name", "slug"})


def make_withdrawal(type_name: str, record: UUID | str, note: str) -> PublicChange:
    """Return the change that withdraws a record."""
    return PublicChange(type_name, str(record), EditionKind.WITHDRAW, None, note)


def make_merge(type_name: str, record: UUID | str, into: UUID | str, note: str) -> PublicChange:
    """Return the change that merges a record into another."""
    return PublicChange(type_name, str(record), EditionKind.MERGE, None, note, str(into))


def describe_self_affiliation(reason: str) -> str:
    """Return the note of an affiliation that a merge would relate to itself."""
    return f"Its subject and its object were merged: {reason}"


@transaction.atomic
def publish(
    changes: Iterable[PublicChange], check: Callable[[Sequence[PublicChange]], None]
) -> None:
    """Append an Edition for each change and a refresh for each document that references its record.

    `changes` is iterated twice and never completely in memory. `check` is called with chunks
    of it, under the lock, and may raise ValidationError.

    Raises ValidationError if a body references a record that is neither public nor among the
    changes, if a changed record was merged into another, or if a rule that spans records fails.
    """
    writer = EditionWriter.under_lock()
    references: dict[str, bytes] = {}  # by public id, how the record is referenced from now on
    renewed = dict[str, str]()  # by public id, the type of each record with a new text
    referenced, required, batch, merged = set[str](), set[str](), set[str](), dict[str, str]()
    for change in _iterate_checked(changes, check):
        references[change.record] = render_reference(change)
        if change.body:
            batch.add(change.record)
            own = documents.find_bare_references(change.body)
            referenced |= own
            if change.kind not in _RESTORING:
                required |= own
                renewed[change.record] = change.type
        if change.into:
            merged[change.record] = change.into
    require_public_references(required, batch)
    changed_records = set(references)
    others = _find_survivors((referenced | set(merged.values())) - changed_records)
    references |= {
        # A record outside the batch may have been merged into one that is in it.
        record: references.get(str(edition.record), edition.reference.encode())
        for record, edition in others.items()
    }
    references |= {record: references[survivor] for record, survivor in merged.items()}
    before = _find_newest(changed_records)
    refuse_merged_records(
        record for record in renewed.keys() & before.keys() if before[record].merged_into
    )
    replaced = {
        record: Replacement.make(edition.reference.encode(), references[record])
        for record, edition in before.items()
        if edition.reference.encode() != references[record] and edition.kind != EditionKind.MERGE
    }
    for change in changes:
        writer.append(change, before.get(change.record), references)
    for edition in _find_referencing(replaced, exclude=changed_records):
        writer.refresh(edition, replaced, is_merge=bool(merged))
        if merged:  # a document that now references the survivor may break a rule
            renewed[str(edition.record)] = edition.type
    writer.flush()
    for type_, registration in record_types().items():
        if records := [record for record, of in renewed.items() if of == type_]:
            registration.check_public(records)


def find_changed(type_name: str, bodies: Mapping[UUID, bytes]) -> set[UUID]:
    """Return the records whose bodies differ from what is public, or that are not public.

    A property that was added since the publication is no difference: both bodies are completed.
    Raises ValidationError if a record is merged into another.
    """
    today = completion.fingerprint(record_types()[type_name].serializer)
    digests, older = {}, set[UUID]()
    newest = Edition.objects.newest_of(bodies)
    columns = ("record", "sha256", "public", "shape", "merged_into")
    for record, digest, public, shape, survivor in newest.values_list(*columns):
        if survivor:
            refuse_merged_records([record])
        digests[record] = digest
        if public and shape != today:
            older.add(record)
    changed = {key for key, body in bodies.items() if digests.get(key) != documents.digest(body)}
    # Only documents of older software have to be read: they are large.
    for edition in Edition.objects.newest_of(changed & older).defer("summary"):
        if completion.read_body(edition) == bodies[edition.record]:
            changed.remove(edition.record)
    return changed


def _iterate_checked(
    changes: Iterable[PublicChange], check: Callable[[Sequence[PublicChange]], None]
) -> Iterator[PublicChange]:
    """Yield the changes, each after `check` accepted its chunk."""
    waiting = iter(changes)
    while chunk := list(islice(waiting, _CHUNK)):
        check(chunk)
        yield from chunk


def require_public_references(referenced: AbstractSet[str], batch: AbstractSet[str]) -> None:
    """Raise ValidationError if a referenced record is neither public nor in the batch."""
    outside = referenced - batch
    public = {record for record, edition in _find_survivors(outside).items() if edition.public}
    missing = sorted(outside - public)
    if missing:
        raise ValidationError(
            [
                ValidationError(
                    "%(name)s is referenced but not public: publish it first, or submit both "
                    "together.",
                    code="closure",
                    params={"name": _name_record(record)},
                )
                for record in missing
            ]
        )


def refuse_merged_records(records: Iterable[UUID | str]) -> None:
    """Raise ValidationError if there is any: a merged record answers 308 until the merge is undone.

    If it were published, it would be public beside its survivor and the merge could not be undone.
    """
    for record in records:
        raise ValidationError(
            f"{_name_record(str(record))} was merged into another record: undo the merge first, "
            "or edit the other record.",
            code="merged",
        )


def _refuse_self_affiliations(document: dict[str, Any]) -> None:
    """Refuse a text that relates a record to itself, as one frozen before a merge may do."""
    records = documents.list_direct_references(document)
    if len(set(records)) < len(records):
        raise ValidationError(
            f"After a merge, {_name_record(document['id'])} relates a record to itself: reject it.",
            code="tied",
        )


class EditionWriter:
    """Collects the rows of one publication and writes them in bulk, in the order of `seq`."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self.snapshot, self.now = snapshot, now
        self.editions: list[Edition] = []
        self.rows: dict[type[EntryRow], list[EntryRow]] = {}
        self.table_rows: list[TableRow] = []
        self.refreshed: list[Edition] = []
        """The Editions whose rows are those that they supersede."""

    @classmethod
    def under_lock(cls) -> "EditionWriter":
        """Take the publication lock for the rest of the transaction and return a writer.

        The newest Edition and the clock are read after the lock is taken. So the next `seq` follows
        the newest committed one without a gap, and `published_at` never goes backwards, even if
        the clock of the server does.
        """
        acquire_lock()
        last = Edition.objects.order_by("-seq").only("seq", "hash", "published_at").first()
        now = read_clock()
        if last is None:
            return cls(START, now)
        return cls(last.snapshot, max(now, last.published_at + timedelta(microseconds=1)))

    def append(
        self, change: PublicChange, before: Edition | None, references: Mapping[str, bytes]
    ) -> None:
        """Add the Edition of a change; `before` is the newest Edition of its record, if any."""
        public = before is not None and before.public
        kind = change.kind or (EditionKind.CORRECT if public else EditionKind.PUBLISH)
        edition = self._make_next(change.type, change.record, kind, before)
        edition.edited_at, edition.note = self.now, change.note
        edition.reference = references[change.record].decode()
        if before and kind == EditionKind.REFRESH:
            edition.edited_at = before.edited_at
        edition.merged_into, edition.redacted = change.into, list(change.redacted) or None
        if change.body:
            edition.sha256 = documents.digest(change.body)
            filled = documents.insert_references(change.body, references)
            edition.slug = self._add_texts(edition, filled).get("slug")
        self._add(edition)

    def refresh(self, before: Edition, replaced: Mapping[str, Replacement], is_merge: bool) -> None:
        """Add the Edition of a document whose references change; `replaced` has them by public id.

        After a merge a document may reference one record where it referenced two: with `is_merge`
        the rows and properties that this makes pointless are removed.
        """
        edition = self._make_next(before.type, str(before.record), EditionKind.REFRESH, before)
        edition.edited_at, edition.reference = before.edited_at, before.reference
        edition.sha256 = before.sha256
        filled = documents.remove_envelope((before.document or "").encode())
        # The bytes of a reference occur nowhere else in a document: they start with the public id
        # of the record, and quotation marks inside JSON strings are escaped. So the references can
        # be replaced without parsing a text, and every other byte stays as it was approved.
        changes = [replaced[id_] for id_ in documents.find_references(filled) if id_ in replaced]
        filled = _replace(filled, changes)
        if is_merge:
            value = documents.remove_self_references(documents.load(filled), str(before.record))
            filled = documents.dump(value)
            edition.sha256 = documents.digest(documents.dump(documents.strip_references(value)))
        complete = before.shape == completion.fingerprint(record_types()[before.type].serializer)
        if complete and not is_merge and all(change.keeps_rows for change in changes):
            # The rows are copied in the database: nothing is parsed, and no row is made anew.
            summary = documents.remove_envelope((before.summary or "").encode())
            edition.public, edition.shape = True, before.shape
            edition.document = self._append_envelope(edition, filled).decode()
            edition.summary = self._append_envelope(edition, _replace(summary, changes)).decode()
            row = index.build_table_row(edition, documents.load(edition.summary))
            self.table_rows.append(row)
            self.refreshed.append(edition)
        else:
            self._add_texts(edition, filled)
        self._add(edition)

    def _make_next(
        self, type_: str, record: str, kind: EditionKind, before: Edition | None
    ) -> Edition:
        """Advance the snapshot by one and return an Edition at it, without texts."""
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

    def _add_texts(self, edition: Edition, filled: bytes) -> dict[str, Any]:
        """Give an Edition its document and summary, and collect its index entries.

        Returns the parsed document.
        """
        text = self._append_envelope(edition, filled)
        serializer = record_types()[edition.type].serializer
        edition.public, edition.document = True, text.decode()
        document, edition.shape = completion.examine(serializer, text)
        _refuse_self_affiliations(document)
        self.table_rows.append(index.build_table_row(edition, document))
        stored = document if edition.shape else documents.load(text)
        edition.summary = documents.extract_summary(stored, serializer.summary).decode()
        for row in index.build_rows(edition, document):
            self.rows.setdefault(type(row), []).append(row)
        return stored

    def _append_envelope(self, edition: Edition, filled: bytes) -> bytes:
        """Return a document, or a summary, with its last properties."""
        return documents.append_properties(
            filled, {name: getattr(edition, name) for name in ENVELOPE}
        )

    def _add(self, edition: Edition) -> None:
        self.editions.append(edition)
        if len(self.editions) >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Close the rows that the collected Editions supersede, then write them and their rows."""
        superseding = [edition for edition in self.editions if edition.version > 1]
        for type_ in {edition.type for edition in superseding}:
            editions = [edition for edition in superseding if edition.type == type_]
            for table in index.list_tables(record_types()[type_]):
                _close_rows(table, editions)
        bulk.insert_rows(Edition, self.editions)
        bulk.insert_rows(TableRow, self.table_rows)
        for model, rows in self.rows.items():
            bulk.insert_rows(model, rows)
        for type_ in {edition.type for edition in self.refreshed}:
            refreshed = [edition for edition in self.refreshed if edition.type == type_]
            for table in index.list_tables(record_types()[type_]):
                _copy_rows(table, refreshed)
        self._update_totals()
        self.editions, self.rows = [], {}
        self.table_rows, self.refreshed = [], []

    def _update_totals(self) -> None:
        """Bring the totals of each type to the last of the collected Editions."""
        if not self.editions:
            return
        before, after = self.editions[0].seq - 1, self.editions[-1].seq
        for type_, registration in record_types().items():
            if totals := registration.entry.totals:
                editions = [edition for edition in self.editions if edition.type == type_]
                totals.follow(before, after, [str(edition.record) for edition in editions])


def acquire_lock() -> None:
    """Take the publication lock for the rest of the transaction: nobody else can publish.

    A waiting transaction may hold locks on working rows. If the holder then changes such rows, as
    a merge does, PostgreSQL may detect a deadlock and cancel one of the two.
    """
    with connection.cursor() as cursor:
        # The lock remains until the transaction commits or rolls back. So
        # the next writer sees a committed `max(seq)`, and no `seq` is skipped or committed out of
        # order, as they are with a sequence. Waiting for a long publication is not an error.
        cursor.execute("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def read_clock() -> datetime:
    """Return the time now by the clock of the database.

    `now()` would be the start of the transaction, which may be earlier than the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _close_rows(table: type[models.Model], editions: list[Edition]) -> None:
    """End the current rows of each record at its new Edition."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table._meta.db_table} AS row SET until_seq = ended.seq "  # noqa: S608
            "FROM unnest(%s::uuid[], %s::bigint[]) AS ended (record, seq) "
            "WHERE row.record = ended.record AND row.until_seq = %s",
            [[e.record for e in editions], [e.seq for e in editions], FOREVER],
        )


def _copy_rows(table: type[models.Model], editions: list[Edition]) -> None:
    """Copy the rows that new Editions have just ended, as the rows of these Editions."""
    columns = [str(field.column) for field in bulk.copied_columns(table)]
    key = table._meta.pk.column
    values = {"seq": "ended.seq", "until_seq": str(FOREVER)}
    selected = [values.get(column, f"row.{_quote(column)}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table._meta.db_table} "  # noqa: S608
            f"({', '.join(map(_quote, columns))}) SELECT {', '.join(selected)} "
            "FROM unnest(%s::uuid[], %s::bigint[]) AS ended (record, seq) "
            f"JOIN {table._meta.db_table} AS row "
            f"ON row.record = ended.record AND row.until_seq = ended.seq ORDER BY row.{key}",
            [[e.record for e in editions], [e.seq for e in editions]],
        )


def _quote(column: str) -> str:
    return f'"{column}"'


def _replace(text: bytes, changes: Iterable[Replacement]) -> bytes:
    """Return the JSON of a document or a summary with other references."""
    for change in changes:
        text = text.replace(change.old, change.new)
    return text


def _find_newest(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record, without its texts."""
    editions = Edition.objects.newest_of(records).defer("summary", "document")
    return {str(edition.record): edition for edition in editions}


def _find_survivors(records: Iterable[str]) -> dict[str, Edition]:
    """Return the newest Edition of each record; of a merged record, that of its survivor.

    The reference in a merge Edition may be out of date: the survivor may have been renamed since.
    """
    newest = _find_newest(records)
    merged = {r: str(edition.merged_into) for r, edition in newest.items() if edition.merged_into}
    survivors = _find_newest(merged.values()) if merged else {}
    return newest | {record: survivors[survivor] for record, survivor in merged.items()}


def _find_referencing(
    records: Mapping[str, object], exclude: AbstractSet[str]
) -> Iterator[Edition]:
    """Yield the current Edition of each record, but the excluded, that references one of some."""
    if not records:
        return
    current = Reference.objects.filter(target__any=list(records), until_seq=FOREVER)
    rows = current.values_list("seq", "record").distinct()
    seqs = sorted(seq for seq, record in rows if str(record) not in exclude)
    for start in range(0, len(seqs), _CHUNK):
        yield from Edition.objects.filter(seq__any=seqs[start : start + _CHUNK]).order_by("seq")


def render_reference(change: PublicChange) -> bytes:
    """Return the reference that documents give to the record after this change, as JSON."""
    registration = record_types()[change.type]
    body: Any = documents.load(change.body) if change.body else {}
    names = {registration.ref_kind, registration.ref_name, *registration.ref_more} - {None}
    if body and not names <= body.keys():  # older software rendered it
        body = completion.complete(registration.serializer, body)
    reference = {
        "id": change.record,
        "type": change.type,
        "kind": body.get(registration.ref_kind),
        "name": body.get(registration.ref_name),
        "slug": body.get("slug"),
        "withdrawn": not body,
    }
    text = documents.dump(reference | {key: body.get(key) for key in registration.ref_more})
    # A copy: orjson leaves 4 kB of room in its texts, and these stay in memory until the end.
    return memoryview(text).tobytes()


def _name_record(record: str) -> str:
    """Return the type and the working name of a record, for messages to editors."""
    for type_, registration in record_types().items():
        if label := registration.label(record):
            return f"The {type_} “{label}”"
    return f"The record {record}"
