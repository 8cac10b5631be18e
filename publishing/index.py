"""The rows by which a published document is found, computed from its Edition alone."""

from collections.abc import Iterator
from typing import Any

from publishing import completion, documents
from publishing.models.edition import Edition, Reference
from publishing.models.entry import EntryRow
from publishing.registry import Registration, record_types


def list_tables(registration: Registration) -> list[type[EntryRow]]:
    """Return the classes of the rows that documents of a type are found by."""
    entry = registration.entry
    return [entry, *entry.sides, Reference]


def build_rows(edition: Edition, document: dict[str, Any] | None = None) -> Iterator[EntryRow]:
    """Yield the entry of a public Edition, its side rows and its quotations.

    `document` is its document as it reads today, where that has been parsed already.
    """
    text = str(edition.document).encode()
    registration = record_types()[edition.type]
    read = document or completion.read(registration.serializer, text, edition.shape)
    yield from registration.entry.from_document(read)
    for target in sorted(documents.find_references(text) - {str(edition.record)}):
        yield Reference(seq=edition.seq, record=edition.record, target=target)
