"""Completing older documents: a property that a stored text lacks is added when it is read.

Texts of editions are never rewritten. Each edition stores the fingerprint of the property names
that its text has. A text with today's fingerprint passes through as bytes; any other is parsed
and completed. The fingerprint follows from the serializers, so nobody has to maintain it.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from drf_spectacular.drainage import get_override
from rest_framework import serializers

from publishing import documents
from publishing.models.edition import Edition
from publishing.registry import record_types
from publishing.serializers import ENVELOPE, DocumentSerializer, ReferenceSerializer, WordsListField

_UNKNOWN = "unknown"


class Property(NamedTuple):
    """One property of a document or of an object in it."""

    name: str
    field: Any
    inner: Any = None
    """The serializer that describes the object, or each object of the list."""
    many: bool = False
    described_by: Any = None
    """The field that describes its values, where another one renders them."""
    meaning: str = ""
    """What it means, in words."""
    default: Any = None
    """The default of its column, as documents show it; null where there is none."""

    @property
    def is_reference(self) -> bool:
        """Whether it refers to other records."""
        return isinstance(self.inner, ReferenceSerializer)

    @property
    def nullable(self) -> bool:
        """Whether it may be null."""
        if isinstance(override := get_override(self.field, "field"), serializers.Field):
            return bool(override.allow_null)
        return bool(self.field.allow_null)

    @property
    def unknown(self) -> Any:
        """The value of a property that is not known.

        An empty list, null where null is allowed, the word `unknown`, or the default of the column.
        """
        if self.many:
            return []
        if isinstance(self.field, WordsListField):
            return self.field.unknown
        if self.nullable:
            return None
        return _UNKNOWN if _UNKNOWN in self.words else self.default

    @property
    def words(self) -> Any:
        """The words that it may be, if it is an enumeration."""
        return getattr(self.field, "choices", ())


@cache
def properties(serializer: Any) -> dict[str, Property]:
    """Return the properties that a serializer renders; those of a body if it renders bodies."""
    return {name: _property(serializer, name, f) for name, f in serializer.fields.items()}


@cache
def fingerprint(serializer: DocumentSerializer) -> str:
    """Return the fingerprint of documents that lack no property, and of their summaries."""
    names = repr((_names(serializer), serializer.summary))
    return sha256(names.encode()).hexdigest()[:8]


@cache
def fingerprint_of_all() -> str:
    """Return the fingerprint of the documents of every type: with it every answer changes."""
    return "".join(fingerprint(found.serializer) for found in record_types().values())


def examine(serializer: DocumentSerializer, text: bytes) -> tuple[dict[str, Any], str]:
    """Return a document as it reads today, and the fingerprint to store with its text.

    That is blank for a text that lacks a property: its body may have been frozen by older
    software, or a record that it refers to may have been published by one.
    """
    document = documents.load(text)
    if _is_complete(serializer, document):
        return document, fingerprint(serializer)
    return complete(serializer, document), ""


def complete(serializer: Any, value: Mapping[str, Any], *, refs: bool = True) -> dict[str, Any]:
    """Return a document, a body or an object in one with the properties that it lacks.

    Properties stand in the order of the serializer, then those that it does not know, as the
    envelope of a document. A missing property that follows from others is derived from them.
    Without `refs`, references stay as they are, so that their bytes can be exchanged.
    """
    known = properties(serializer)
    completed = {name: _complete(known[name], value, refs) for name in known}
    if missing := known.keys() - value.keys():
        derived = dict(completed)
        if derive := getattr(serializer, "derive", None):
            derive(derived)
        completed |= {name: derived[name] for name in missing}
    return completed | {name: value[name] for name in value if name not in known}


def complete_text(type_: str, text: str, shape: str, *, summary: bool = False) -> bytes:
    """Return the document of an edition, or its summary, as it reads today.

    `text` is what is wanted if `shape` is today's fingerprint; else it is the document, from which
    a summary is cut anew.
    """
    serializer = record_types()[type_].serializer
    if shape == fingerprint(serializer):
        return text.encode()
    document = complete(serializer, documents.load(text))
    return (
        documents.extract_summary(document, serializer.summary)
        if summary
        else documents.dump(document)
    )


def document_text(edition: Edition) -> bytes:
    """Return the stored document of a public edition as it reads today."""
    return complete_text(edition.type, edition.document or "", edition.shape)


def read_document(edition: Edition, *, refs: bool = True) -> dict[str, Any]:
    """Return the document of a public edition as it reads today; see `complete` for `refs`."""
    serializer = record_types()[edition.type].serializer
    document: dict[str, Any] = documents.load(edition.document or "")
    if edition.shape == fingerprint(serializer):
        return document
    return complete(serializer, document, refs=refs)


def read_body(edition: Edition) -> bytes:
    """Return the body of a public edition as it reads today."""
    return documents.extract_body(read_document(edition), ENVELOPE)


def is_same_body(serializer: Any, one: bytes, other: bytes) -> bool:
    """Return whether two bodies are the same after both were completed."""
    return one == other or _completed(serializer, one) == _completed(serializer, other)


def _completed(serializer: Any, body: bytes) -> bytes:
    return documents.dump(complete(serializer, documents.load(body)))


def _property(serializer: Any, name: str, field: Any) -> Property:
    described = field
    if isinstance(field, serializers.SerializerMethodField):
        described = get_override(getattr(serializer, field.method_name), "field", field)
    elif not isinstance(field, serializers.BaseSerializer):
        described = get_override(field, "field", field)
        if isinstance(described, dict):  # a schema, which says nothing to Python
            described = field
    if isinstance(described, type):
        described = described()
    meaning = str(field.help_text or getattr(described, "help_text", None) or "")
    displayed = described if isinstance(field, serializers.SerializerMethodField) else field
    if isinstance(described, serializers.ListSerializer):
        child = described.child
        return Property(name, displayed, child, many=True, described_by=described, meaning=meaning)
    inner = described if isinstance(described, serializers.Serializer) else None
    default = _default(serializer, field)
    return Property(
        name, displayed, inner, described_by=described, meaning=meaning, default=default
    )


def _default(serializer: Any, field: Any) -> Any:
    """Return the default of the column that a field renders, as it renders it."""
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.concrete_fields} if model else {}
    column = columns.get(field.source)
    if column is None or not column.has_default() or callable(column.default):
        return None
    return field.to_representation(column.default)


def _names(serializer: Any) -> list[Any]:
    known = properties(serializer).values()
    return [(found.name, found.inner and _names(found.inner)) for found in known]


@cache
def _nested(serializer: Any) -> tuple[list[str], list[Property]]:
    """Return the names of all properties, and the properties that are objects or lists of them."""
    known = properties(serializer)
    return list(known), [found for found in known.values() if found.inner is not None]


def _is_complete(serializer: Any, value: dict[str, Any]) -> bool:
    """Return whether `complete` would change nothing; it costs a fraction of that."""
    names, nested = _nested(serializer)
    if list(value)[: len(names)] != names:
        return False
    for known in nested:
        inner = value[known.name]
        items = inner if known.many else [] if inner is None else [inner]
        if not all(_is_complete(known.inner, item) for item in items):
            return False
    return True


def _complete(known: Property, object_: Mapping[str, Any], refs: bool) -> Any:
    if known.name not in object_:
        is_object = known.inner and not (known.many or known.nullable or known.is_reference)
        return complete(known.inner, {}) if is_object else known.unknown
    value = object_[known.name]
    if known.inner is None or value is None or (known.is_reference and not refs):
        return value
    if known.many:
        return [complete(known.inner, item, refs=refs) for item in value]
    return complete(known.inner, value, refs=refs)
