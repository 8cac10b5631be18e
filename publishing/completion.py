"""Shapes: how a document that was published by older software reads today.

When a property is added, the `shape` of its serializer is raised. Older texts are never rewritten:
what they lack is completed on reading, and a text of today's shape passes through as it is.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from drf_spectacular.drainage import get_override
from rest_framework import serializers

from publishing import documents
from publishing.registry import record_types
from publishing.serializers import ENVELOPE, ReferenceSerializer, WordsListField

_UNKNOWN = "unknown"


class Property(NamedTuple):
    """One property of a document or of an object in it."""

    name: str
    field: Any
    inner: Any = None
    """The serializer that describes the object, or each object of the list."""
    many: bool = False
    told: Any = None
    """The field that describes its values, where another one renders them."""
    meaning: str = ""
    """What it tells, in words."""

    @property
    def quote(self) -> bool:
        """Whether it quotes other records."""
        return isinstance(self.inner, ReferenceSerializer)

    @property
    def nullable(self) -> bool:
        """Whether null is a value that it may have."""
        if isinstance(told := get_override(self.field, "field"), serializers.Field):
            return bool(told.allow_null)
        return bool(self.field.allow_null)

    @property
    def unknown(self) -> Any:
        """What it reads when it is not known: the word for it, an empty list, else null."""
        if self.many:
            return []
        if isinstance(self.field, WordsListField):
            return self.field.unknown
        return _UNKNOWN if not self.nullable and _UNKNOWN in self.words else None

    @property
    def words(self) -> Any:
        """The words that it may have, if it is an enumeration."""
        return getattr(self.field, "choices", ())


def today(text: str, type_: str, shape: int, *, summary: bool = False) -> bytes:
    """Return a stored text as it reads today; it is parsed only if its shape is an older one."""
    serializer = record_types()[type_].serializer
    if shape >= serializer.shape:
        return text.encode()
    return documents.dump(complete(serializer, documents.load(text), summary=summary))


def complete(serializer: Any, document: dict[str, Any], *, summary: bool = False) -> dict[str, Any]:
    """Return a document, or a summary, with what it lacks, in the order of its serializer."""
    names = serializer.summary if summary else (*serializer.Meta.fields, *ENVELOPE)
    return _complete(serializer, document, names)


def read(serializer: Any, text: bytes, shape: int) -> dict[str, Any]:
    """Return a document of some shape as it reads today."""
    document: dict[str, Any] = documents.load(text)
    return document if shape >= serializer.shape else complete(serializer, document)


@cache
def properties(serializer: Any) -> dict[str, Property]:
    """Return the properties that a serializer renders; those of a body if it renders bodies."""
    return {name: _property(serializer, name, f) for name, f in serializer.fields.items()}


def _property(serializer: Any, name: str, field: Any) -> Property:
    described = field
    if isinstance(field, serializers.SerializerMethodField):
        described = get_override(getattr(serializer, field.method_name), "field", field)
    elif not isinstance(field, serializers.BaseSerializer):
        described = get_override(field, "field", field)
    if isinstance(described, type):
        described = described()
    meaning = str(field.help_text or getattr(described, "help_text", None) or "")
    whole = described if isinstance(field, serializers.SerializerMethodField) else field
    if isinstance(described, serializers.ListSerializer):
        return Property(name, whole, described.child, many=True, told=described, meaning=meaning)
    inner = described if isinstance(described, serializers.Serializer) else None
    return Property(name, whole, inner, told=described, meaning=meaning)


def _complete(serializer: Any, shown: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    known = properties(serializer)
    done = {
        name: _value(known[name], shown) if name in known else shown.get(name) for name in names
    }
    return done | {name: value for name, value in shown.items() if name not in done}


def _value(told: Property, shown: dict[str, Any]) -> Any:
    if told.name not in shown:
        return told.unknown
    value = shown[told.name]
    if told.inner is None or value is None:
        return value
    inner = properties(told.inner)
    if told.many:
        return [_complete(told.inner, item, inner) for item in value]
    return _complete(told.inner, value, inner)
