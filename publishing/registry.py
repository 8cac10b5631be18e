"""The registry of record types: by the word for a type, what publishing knows of it.

Each model of records enters itself when it is defined. The public side reads its serializers and
index entries here and never imports the model, so it has no way to a working table.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from publishing.codes import RecordType

if TYPE_CHECKING:
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
    """The dotted path of the index entry that its documents are found by."""
    ref_kind: str | None
    """The property of the document that a reference gives as `kind`."""
    ref_name: str | None
    """The property of the document that a reference gives as `name`."""
    ref_more: tuple[str, ...]
    """Further properties of the document that references to this type give."""
    check_public: Callable[[Collection[str]], None]
    """Checks the rules that span records, of some records, against all that is public."""
    label: Callable[[str], str | None]
    """Returns what editors call the record with a public id; None where there is none."""

    @cached_property
    def serializer_class(self) -> "type[DocumentSerializer]":
        """The serializer that renders and describes the documents of this type."""
        found: type[DocumentSerializer] = import_string(self.serializer_path)
        return found

    @cached_property
    def serializer(self) -> "DocumentSerializer":
        """The one instance of the serializer: to make one for each record costs the most."""
        return self.serializer_class()

    @cached_property
    def entry(self) -> "type[Entry]":
        """The class of the index entries of this type."""
        found: type[Entry] = import_string(self.entry_path)
        return found


_REGISTERED: dict[str, Registration] = {}


def register(registration: Registration) -> None:
    """Enter a type of record."""
    _REGISTERED[registration.name] = registration


def record_types() -> dict[str, Registration]:
    """Return every type of record by its word, in an order in which what is quoted comes first."""
    return {word: _REGISTERED[word] for word in RecordType.values if word in _REGISTERED}
