"""The index rows of published documents, each computed from one Edition alone."""

from collections.abc import Iterator
from typing import Any

from publishing import completion, documents, matching, tables
from publishing.models.edition import Edition, Reference, TableRow
from publishing.models.entry import EntryRow
from publishing.registry import Registration, record_types


def list_tables(registration: Registration) -> list[type[EntryRow]]:
    """Return the models of the index rows of a type: entry, side rows and references."""
    entry = registration.entry
    return [entry, *entry.sides, Reference]


def build_table_row(edition: Edition, document: dict[str, Any]) -> TableRow:
    """Return the row of a public Edition in a table; `document` has at least its summary."""
    serializer = record_types()[edition.type].serializer
    cells = tables.join_cells(tables.summary_cells(serializer)(document))
    return TableRow(seq=edition.seq, shape=completion.fingerprint(serializer), cells=cells)


def build_rows(edition: Edition, document: dict[str, Any] | None = None) -> Iterator[EntryRow]:
    """Yield the entry, the side rows and the references of a public Edition.

    `document` is its parsed and completed document, if the caller has it already.
    """
    text = str(edition.document).encode()
    registration = record_types()[edition.type]
    document = document or completion.read_document(edition)
    entry: Any
    entry, *sides = registration.entry.from_document(document)
    entry.words = matching.build_words(registration, document)
    yield entry
    yield from sides
    for target in sorted(documents.find_references(text) - {str(edition.record)}):
        yield Reference(seq=edition.seq, record=edition.record, target=target)
