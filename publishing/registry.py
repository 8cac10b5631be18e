"""The registry of record types: the serializer and the index entry of each.

Each Record model registers itself when it is defined. The public side finds serializers and
index entries here and never imports the model, so it has no way to a working table.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from publishing.codes import RecordType

if TYPE_CHECKING:
    from django.db.models import Model

    from publishing.models.entry import Entry
    from publishing.serializers import DocumentSerializer


@dataclass(frozen=True)
class Registration:
    """A type of record, as the public side knows it."""

    name: str
    """The word for the type in the API, in references and in the feed."""
    serializer_path: str
    """The dotted path of the serializer that renders and describes its documents."""
    entry_path: str
    """The dotted path of the index entry of its documents."""
    ref_kind: str | None
    """The property of the document that a reference gives as `kind`."""
    ref_name: str | None
    """The property of the document that a reference gives as `name`."""
    ref_more: tuple[str, ...]
    """Further properties of the document that references to this type give."""
    check_public: Callable[[Collection[str]], None]
    """Check the rules that span records, for some records, against everything that is public."""
    label: Callable[[str], str | None]
    """Return the label that editors see for a public id; None if there is no such record."""

    @cached_property
    def serializer_class(self) -> "type[DocumentSerializer]":
        """The serializer that renders and describes the documents of this type."""
        loaded: type[DocumentSerializer] = import_string(self.serializer_path)
        return loaded

    @cached_property
    def serializer(self) -> "DocumentSerializer":
        """One instance for all records: making an instance costs more than rendering a record."""
        return self.serializer_class()

    @cached_property
    def entry(self) -> "type[Entry]":
        """The class of index entries of this type."""
        loaded: type[Entry] = import_string(self.entry_path)
        return loaded


_WORDS = tuple(RecordType.values)  # which Django computes anew each time
_REGISTERED: dict[str, Registration] = {}


def register(registration: Registration) -> None:
    """Add a type of record."""
    _REGISTERED[registration.name] = registration
    record_types.cache_clear()


def find_by_entry(entry: "type[Model]") -> Registration:
    """Return the type of record that has a class of index entries."""
    return next(found for found in record_types().values() if found.entry is entry)


@cache
def record_types() -> dict[str, Registration]:
    """Return every type of record by its word, in an order in which references come first."""
    return {word: _REGISTERED[word] for word in _WORDS if word in _REGISTERED}
