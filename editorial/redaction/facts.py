"""Facts: what rows and bodies state, as normalized text that guards compare."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from editorial.redaction import matching
from publishing.completion import properties
from publishing.documents import REDACTED
from publishing.fields import EdtfField, LanguageField, WordField, WordsField
from publishing.normalization import fold_text

_EMPTY: tuple[Any, ...] = (None, "", "unknown", REDACTED, [], ["unknown"], {})
"""Values that state nothing."""


def normalize_value(value: Any) -> str:
    """Return a value as text: words in their folded form, numbers without trailing zeros."""
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, date):
        value = value.isoformat()
    text = str(value)
    return fold_text(text) or matching.space_words(text).strip()


def row_texts(row: models.Model) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each column that a removal of texts cleans."""
    for field in _columns(type(row)):
        value = getattr(row, field.attname)
        if isinstance(value, str) and value and not isinstance(field, WordField):
            yield field.name, value


def body_texts(serializer: Any, body: dict[str, Any]) -> Iterator[str]:
    """Yield each text of a body that a removal of texts cleans: no ids, words and references."""
    for property_ in properties(serializer).values():
        value = body.get(property_.name)
        if value is None or property_.name == "id" or property_.is_reference or property_.words:
            continue
        if property_.inner is not None:
            for item in value if property_.many else [value]:
                yield from body_texts(property_.inner, item)
        elif isinstance(value, str):
            yield value


def column_fact(row: models.Model, name: str) -> str | None:
    """Return the fact that a column of a row states; None if it is empty."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if isinstance(value, str) and not field.is_relation:
        value = field.to_python(value)  # imports and forms may have set a text
    if value in _EMPTY:
        return None
    return f"{_label(row)}.{name}\0{normalize_value(value)}"


def row_facts(row: models.Model) -> Iterator[tuple[str, str]]:
    """Yield the facts of a row: of each column with its name, and of the row as a whole."""
    for field in _columns(type(row)):
        if fact := column_fact(row, field.name):
            yield field.name, fact
    yield from (("", fact) for facts in identities(row)[1:] for fact in facts)


def column_labels(model: type[models.Model]) -> Iterator[str]:
    """Yield what the facts of the text columns of a model begin with."""
    for field in _columns(model):
        if isinstance(field, models.CharField | models.TextField):
            yield f"{model._meta.label_lower}.{field.name}"


def identities(row: models.Model) -> list[set[str]]:
    """Return facts that identify a row, each set more specific than the one before.

    The first set has the texts that name the row, the second its references if it has no such
    text, the third all columns together.
    """
    columns = _columns(type(row))
    names = {fact for name in naming_columns(row) if (fact := column_fact(row, name))}
    references = [
        fact for field in columns if is_reference(field) and (fact := column_fact(row, field.name))
    ]
    values = [
        fact
        for field in columns
        if field.name != "internal_note" and (fact := column_fact(row, field.name))
    ]
    return [
        names,
        {f"{_label(row)} references\0" + "\0".join(references)}
        if references and not names
        else set(),
        {f"{_label(row)} row\0" + "\0".join(values)},
    ]


def naming_columns(row: models.Model) -> list[str]:
    """Return the columns with the text that names a row, if it has any."""
    return list(getattr(row, "identified_by", ())) or [
        field.name
        for field in _columns(type(row))
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, WordField | EdtfField | LanguageField)
        and not field.blank
    ]


def values_at(value: Any, path: list[str]) -> Iterator[str]:
    """Yield the values at a path of a body or a document: texts, ids of references, whole rows."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, path)
    elif path:
        if isinstance(value, dict):
            yield from values_at(value.get(path[0]), path[1:])
    elif isinstance(value, dict):
        values = {
            key: list(values_at(inner, [])) for key, inner in value.items() if key != "citations"
        }
        yield value["id"] if "id" in value else str(values)
    elif value not in _EMPTY:
        yield normalize_value(value)


def is_word(model: type[models.Model], name: str) -> bool:
    """Return whether a column has words of a vocabulary or booleans."""
    field = model._meta.get_field(name)
    return isinstance(field, WordField | WordsField | models.BooleanField)


def _label(row: models.Model) -> str:
    return row._meta.label_lower


@cache
def _columns(model: type[models.Model]) -> list[Any]:
    """Return the columns that people and imports fill, without the key of the parent."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and not (
            isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
        )
    ]


def is_reference(field: Any) -> bool:
    """Return whether a column references another record."""
    return field.is_relation and field.remote_field.on_delete is models.PROTECT
