"""What rows and bodies say, as text in which equal things are equal: what guards compare."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from editorial.redaction import matching
from publishing.completion import properties
from publishing.fields import EdtfField, LanguageField, WordField, WordsField
from publishing.normalization import fold_text

_SILENT: tuple[Any, ...] = (None, "", "unknown", "[redacted]", [], ["unknown"], {})
"""Values that say nothing."""


def normalize_value(value: Any) -> str:
    """Return a value as text: of letters their folded form, of numbers one way to write them."""
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, date):
        value = value.isoformat()
    text = str(value)
    return fold_text(text) or matching.space_words(text).strip()


def row_texts(row: models.Model) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each column that a redaction of texts cleans."""
    for field in _columns(type(row)):
        value = getattr(row, field.attname)
        if isinstance(value, str) and value and not isinstance(field, WordField):
            yield field.name, value


def body_texts(serializer: Any, body: dict[str, Any]) -> Iterator[str]:
    """Yield each text of a body that a redaction of texts cleans: no ids, words and quotes."""
    for known in properties(serializer).values():
        value = body.get(known.name)
        if value is None or known.name == "id" or known.is_reference or known.words:
            continue
        if known.inner is not None:
            for item in value if known.many else [value]:
                yield from body_texts(known.inner, item)
        elif isinstance(value, str):
            yield value


def column_fact(row: models.Model, name: str) -> str | None:
    """Return the fact that a column of a row states; None where it says nothing."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if isinstance(value, str) and not field.is_relation:
        value = field.to_python(value)  # a number or a day, as imports and forms write it
    if value in _SILENT:
        return None
    return f"{_label(row)}.{name}\0{normalize_value(value)}"


def row_facts(row: models.Model) -> Iterator[tuple[str, str]]:
    """Yield the facts of a row: of each column, with its name, and of the row as a whole."""
    for field in _columns(type(row)):
        if fact := column_fact(row, field.name):
            yield field.name, fact
    yield from (("", fact) for facts in identities(row)[1:] for fact in facts)


def column_labels(model: type[models.Model]) -> Iterator[str]:
    """Yield what the facts of the texts of a row begin with."""
    for field in _columns(model):
        if isinstance(field, models.CharField | models.TextField):
            yield f"{model._meta.label_lower}.{field.name}"


def identities(row: models.Model) -> list[set[str]]:
    """Return facts by which a row is known again, each set narrower than the one before.

    First its text or quote that no such row lacks, then the records that it quotes, at last all
    of its columns together.
    """
    columns = _columns(type(row))
    own = {fact for name in naming_columns(row) if (fact := column_fact(row, name))}
    quotes = [
        fact for field in columns if _quotes(field) and (fact := column_fact(row, field.name))
    ]
    every = [
        fact
        for field in columns
        if field.name != "internal_note" and (fact := column_fact(row, field.name))
    ]
    return [
        own,
        {f"{_label(row)} quotes\0" + "\0".join(quotes)} if quotes and not own else set(),
        {f"{_label(row)} row\0" + "\0".join(every)},
    ]


def naming_columns(row: models.Model) -> list[str]:
    """Return the columns with the text that names a row; a list without any has none."""
    return list(getattr(row, "identified_by", ())) or [
        field.name
        for field in _columns(type(row))
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, WordField | EdtfField | LanguageField)
        and not field.blank
    ]


def values_at(shown: Any, path: list[str]) -> Iterator[str]:
    """Yield what a body or a document says at a path: texts, quotes by their ids, whole rows."""
    if isinstance(shown, list):
        for item in shown:
            yield from values_at(item, path)
    elif path:
        if isinstance(shown, dict):
            yield from values_at(shown.get(path[0]), path[1:])
    elif isinstance(shown, dict):
        known = {
            key: list(values_at(value, [])) for key, value in shown.items() if key != "citations"
        }
        yield shown["id"] if "id" in shown else str(known)
    elif shown not in _SILENT:
        yield normalize_value(shown)


def is_word(model: type[models.Model], name: str) -> bool:
    """Return whether a column holds words of a vocabulary, or yes and no."""
    field = model._meta.get_field(name)
    return isinstance(field, WordField | WordsField | models.BooleanField)


def _label(row: models.Model) -> str:
    return row._meta.label_lower


@cache
def _columns(model: type[models.Model]) -> list[Any]:
    """Return the columns that are written by people and imports, but for the way to the record."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and not (
            isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
        )
    ]


def _quotes(field: Any) -> bool:
    return field.is_relation and field.remote_field.on_delete is models.PROTECT
