"""Guards: they prevent that anybody writes again what a redaction removed.

`Guards.read` reads the guards of many records in one query; most records have none. Forms and
imports check rows in the transaction that writes them. Submitted, approved and published texts are
checked as well, regardless of who wrote them.
"""

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models

from editorial import audit
from editorial.models.record import Record
from editorial.models.redaction_guard import EXTERNAL_IDS, GuardKind, RedactionGuard
from editorial.redaction import facts, matching
from publishing import documents
from publishing.documents import REDACTED
from publishing.registry import record_types

_REDACTED = re.compile(re.escape(REDACTED))
_REDACTED_SLUG = re.compile(r"redacted-[0-9a-f]{8}")
_HAS_EXTERNAL_IDS = b'"external_ids":[{'


class PublicText(NamedTuple):
    """A body that will be public, with the note for readers."""

    type: str
    record: str
    body: bytes | None
    note: str = ""


class Violation(NamedTuple):
    """A text or value that a redaction removed and that would be written again."""

    guard: RedactionGuard
    field: str = ""
    """The column of the row, or the path of the document; blank means the whole record."""

    @property
    def message(self) -> str:
        """The redaction and what to do, without what was removed."""
        redaction = self.guard.submission
        named = f"Redaction {redaction.pk} of {redaction.published_at:%Y-%m-%d}"
        if _foreign(self.guard):
            return (
                f"{named} cannot be compared with this: its guard was made with another key. "
                "Ask the operator to restore MUSTER_GUARD_KEY, or a reviewer to lift the guard."
            )
        if self.guard.kind == GuardKind.RECORD:
            return (
                f"{named} removed this record as a whole: it cannot be written again. "
                "Ask a reviewer, who can lift the guard."
            )
        return (
            f"{named} removed this from the record: it cannot be written again. "
            "Ask a reviewer, who can lift the guard."
        )


def fingerprint() -> str:
    """Return a fingerprint that identifies the key without revealing it."""
    return _digest("fingerprint")[:16]


def find_foreign_guards() -> models.QuerySet[RedactionGuard]:
    """Return the guards in force that were made with another key, so they match nothing."""
    return RedactionGuard.objects.in_force().exclude(key=fingerprint())


def require_key() -> None:
    """Raise ValidationError if guards were made with another key."""
    if number := find_foreign_guards().count():
        raise ValidationError(
            f"{number:,} guards of redactions were made with another key than MUSTER_GUARD_KEY, so "
            "what was redacted could come back. Restore that key: docs/operating.md explains how.",
            code="guard_key",
        )


class Guards:
    """The guards in force of some records, and the external ids of every redacted record."""

    def __init__(self, guards: Iterable[RedactionGuard]) -> None:
        self.by_record: dict[str, list[RedactionGuard]] = defaultdict(list)
        self.external_ids: dict[str, RedactionGuard] = {}
        self.removed_ids: dict[str, RedactionGuard] = {}
        """The guards of external ids that were removed from an existing record, by hash."""
        self.foreign: RedactionGuard | None = None
        for guard in guards:
            self.by_record[str(guard.record)].append(guard)
            if guard.kind == GuardKind.RECORD:
                self.external_ids |= dict.fromkeys(guard.hashes, guard)
                if guard.hashes and _foreign(guard):
                    self.foreign = guard
            elif guard.has_external_ids:
                self.removed_ids |= dict.fromkeys(guard.hashes, guard)

    @classmethod
    def read(cls, records: "Iterable[UUID | str] | models.QuerySet") -> "Guards":
        """Read the guards of some records, in one query."""
        return cls(RedactionGuard.objects.relevant_to(records).select_related("submission"))

    def __bool__(self) -> bool:
        return bool(self.by_record)

    def find_in_text(self, record: UUID | str, text: str) -> list[Violation]:
        """Return the violations in a text about a record, such as a note."""
        return [
            Violation(guard)
            for guard in self.by_record.get(str(record), ())
            if guard.kind == GuardKind.PHRASE and matches_phrase(guard, text)
        ]

    def find_in_row(self, record: UUID | str | None, row: models.Model) -> list[Violation]:
        """Return the violations in a row of a record; None means a new record."""
        guards = self.by_record.get(str(record), [])
        texts = list(facts.row_texts(row)) if guards else []
        stated = list(facts.row_facts(row)) if guards else []
        found = [
            Violation(guard, field)
            for guard in guards
            for field in _fields(guard, str(record), texts, stated)
        ]
        if self.external_ids and {"scheme", "value"} <= _names(type(row)):
            scheme, value = getattr(row, "scheme", ""), getattr(row, "value", "")
            found += self.find_in_external_id(scheme, value)
        return list(dict.fromkeys(found))

    def find_in_external_id(self, scheme: str, value: str) -> list[Violation]:
        """Return the violation if an external id is that of a redacted record."""
        guard = self.external_ids.get(_external(scheme, value)) or self.foreign
        return [Violation(guard, "value")] if guard else []

    def find_in_new_id(self, scheme: str, value: str) -> list[Violation]:
        """Return the violation if a redaction removed the external id of a new record."""
        guard = self.removed_ids.get(_external(scheme, value))
        return self.find_in_external_id(scheme, value) or (
            [Violation(guard, "value")] if guard else []
        )

    def find_in_record(self, record: Record) -> list[Violation]:
        """Return the violations in the working rows of a record and of its parts."""
        if not self:
            return []
        own = str(record.public_id) in self.by_record
        return [
            violation
            for row in (walk_rows(record) if own else _ids_of(record))
            for violation in self.find_in_row(record.public_id, row)
        ]

    def find_in_public_text(self, text: PublicText) -> list[Violation]:
        """Return the violations in a body and its note."""
        found = self.find_in_text(text.record, text.note)
        guards = self.by_record.get(text.record, [])
        named = bool(self.external_ids) and _HAS_EXTERNAL_IDS in (text.body or b"")
        if not text.body or not (guards or named):
            return found
        body = documents.load(text.body)
        for guard in guards:
            if _foreign(guard) or guard.kind == GuardKind.RECORD:
                found.append(Violation(guard))
            elif guard.kind == GuardKind.FIELD:
                said = facts.values_at(body, guard.path.split("."))
                if any(
                    hash_text(guard, f"{guard.path}\0{value}") in guard.hashes for value in said
                ):
                    found.append(Violation(guard, guard.path))
            else:
                serializer = record_types()[text.type].serializer
                if any(matches_phrase(guard, said) for said in facts.body_texts(serializer, body)):
                    found.append(Violation(guard))
        for named_by in body.get("external_ids") or [] if named else []:
            found += self.find_in_external_id(named_by["scheme"], named_by["value"])
        return found


def find_guards(row: models.Model, *, locking: bool) -> tuple[Guards, str | None]:
    """Return the guards of the record that a row is or is part of, and the record's public id.

    With `locking`, in a transaction, the record is locked first. So a concurrent redaction either
    waits and cleans what is written now, or has committed and its guards are found.
    """
    record = find_record(row)
    if record is None or record.pk is None:
        return Guards.read([]), None
    if locking:
        lock_guards(record)
    return Guards.read([record.public_id]), str(record.public_id)


def find_record(row: models.Model) -> Record | None:
    """Return the record that a row is or is part of, if any."""
    while not isinstance(row, Record):
        parents = [
            field.name
            for field in row._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
            and field.remote_field.on_delete is models.CASCADE
            and getattr(row, field.attname) is not None
        ]
        if not parents:
            return None
        row = getattr(row, parents[0])
    return row


def lock_guards(record: Record) -> None:
    """Lock the working row of a record until the end of the transaction, if there is one.

    Other edits of the record wait, but inserting foreign keys to it does not.
    """
    if connection.in_atomic_block:
        rows = type(record)._default_manager.select_for_update(no_key=True)
        rows.filter(pk=record.pk).values_list("pk").first()


def guard_phrase(record: Record, text: str) -> RedactionGuard:
    """Return the guard of a text, not saved."""
    guard = _guard(GuardKind.PHRASE, record)
    forms = matching.passages(text)
    guard.lengths = sorted({len(form) for form in forms})
    guard.hashes = sorted(hash_text(guard, form) for form in forms)
    return guard


def guard_field(record: Record, path: str, stated: Iterable[str]) -> RedactionGuard:
    """Return the guard of the values of a field, not saved: facts of rows and documents."""
    guard = _guard(GuardKind.FIELD, record)
    guard.path = path
    guard.hashes = sorted({hash_text(guard, fact) for fact in stated})
    return guard


def guard_record(record: Record, external_ids: Iterable[tuple[str, str]]) -> RedactionGuard:
    """Return the guard of a whole record, not saved."""
    guard = _guard(GuardKind.RECORD, record)
    guard.hashes = sorted({_external(scheme, value) for scheme, value in external_ids})
    return guard


def guard_external_ids(record: Record, external_ids: Iterable[tuple[str, str]]) -> RedactionGuard:
    """Return the guard of external ids that another removal removed too, not saved."""
    guard = guard_record(record, external_ids)
    guard.kind, guard.path = GuardKind.FIELD, EXTERNAL_IDS
    return guard


def _guard(kind: GuardKind, record: Record) -> RedactionGuard:
    return RedactionGuard(
        kind=kind, type=record.type_name, record=record.public_id, key=fingerprint()
    )


def _fields(
    guard: RedactionGuard,
    record: str,
    texts: list[tuple[str, str]],
    stated: list[tuple[str, str]],
) -> Iterator[str]:
    """Yield the columns of a row that a guard refuses."""
    if _foreign(guard) or guard.kind == GuardKind.RECORD:
        yield ""
    elif guard.kind == GuardKind.PHRASE:
        yield from (name for name, text in texts if matches_phrase(guard, text))
    else:
        yield from (name for name, fact in stated if hash_text(guard, fact) in guard.hashes)


def matches_phrase(guard: RedactionGuard, text: str) -> bool:
    """Return whether a text contains what a guard of a phrase refuses.

    A guard that was made with another key cannot be compared, so it refuses every text.
    """
    if _REDACTED_SLUG.fullmatch(text):
        return False
    return _foreign(guard) or bool(find_passages(guard, text))


def find_passages(guard: RedactionGuard, text: str) -> set[str]:
    """Return the passages of a text, as `matching.space_words` writes it, that match a guard.

    `[redacted]` is skipped, since it may contain a short phrase by chance.
    """
    spaced = matching.space_words(text)
    instead = [found.span() for found in _REDACTED.finditer(spaced)]
    found = set[str]()
    for length in guard.lengths:
        found |= {
            spaced[start : start + length]
            for start in range(len(spaced) - length + 1)
            if not any(first <= start and start + length <= last for first, last in instead)
        }
    return {passage for passage in found if hash_text(guard, passage) in guard.hashes}


def hash_text(guard: RedactionGuard, text: str) -> str:
    """Return the keyed hash of a text, which differs from record to record."""
    return _digest(f"{guard.record}\0{text}")


def _external(scheme: str, value: str) -> str:
    return _digest(f"external id\0{scheme}\0{facts.normalize_value(value)}")


def _digest(text: str) -> str:
    return hmac.digest(settings.GUARD_KEY.encode(), text.encode("utf-8", "replace"), "sha256").hex()


def _foreign(guard: RedactionGuard) -> bool:
    return guard.key != fingerprint()


def _names(model: type[models.Model]) -> set[str]:
    return {column.name for column in model._meta.concrete_fields}


def _ids_of(record: Record) -> Iterator[models.Model]:
    """Yield the external ids of a record."""
    for part, parent in audit.part_models(type(record)):
        if {"scheme", "value"} <= _names(part):
            yield from part._default_manager.filter(**{parent: record.pk})


def walk_rows(row: models.Model) -> Iterator[models.Model]:
    """Yield a row and all rows that are part of it."""
    yield row
    for part, parent in audit.part_models(type(row)):
        for below in part._default_manager.filter(**{parent: row.pk}):
            yield from walk_rows(below)


def record_facts(record: Record) -> set[str]:
    """Return what the rows of a record state."""
    return {fact for row in walk_rows(record) for _, fact in facts.row_facts(row)}


def find_external_ids(record: Record) -> set[tuple[str, str]]:
    """Return the external ids that a record has and ever had.

    Ids of something broader, such as a conflict, are left out: other records have them too.
    """
    found = set[tuple[str, str]]()
    for part, parent in audit.part_models(type(record)):
        if {"scheme", "value"} <= _names(part):
            for model in (part, audit.event_model(part)):
                rows = model._default_manager.filter(**{parent: record.pk})
                rows = rows.exclude(match="broader")
                found |= set(rows.values_list("scheme", "value"))
    return {(scheme, value) for scheme, value in found if value not in ("", REDACTED)}
