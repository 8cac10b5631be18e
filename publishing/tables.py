"""Tables: objects such as summaries as rows, from which they can be read again without loss.

Each property of an object has its own column (`place_name`, `killed_low`); the object is null if
all of these are empty. Each property of the items of a list has a column with the values of all
items, joined by `|` (`perpetrators_name`). Within a value, `|` is written `\\|` and `\\` is written
`\\\\`; null is empty. A list within a list is JSON. No text in a document is blank, so an empty
cell is null or an empty list.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from csv import writer
from functools import cache
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple

from rest_framework import serializers

from publishing import completion, documents
from publishing.completion import Property
from publishing.serializers import EnvelopeSerializer, GrowingWordField

_ENVELOPE: Any = EnvelopeSerializer()

Tree = dict[str, "Tree"]
"""The names of properties, each with those below it; none below means all of it."""

_SIGNS = r"=＝﹦⁼₌+＋﹢⁺₊－﹣⁻₋−@＠﹫\-"
"""The signs that start a formula in spreadsheets, in every Unicode form."""
_FORMULA = re.compile(
    rf"""(?:^|(?<=[;\t\r\n]))(?:[^\S\t\r\n]|["\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])*[{_SIGNS}']"""
    r"|^[\t\r]"
)
"""The start of a part of a cell that a spreadsheet may take for a formula.

A part starts at the start of the cell and, in case the file is read with other separators, after
semicolons, tabs and line breaks. Spaces, quotes and invisible characters before the formula do not
count. A part that starts with ' is protected too, so that removing one ' from each protected part
gives the original text."""
_TYPES: dict[type, str] = {
    serializers.BooleanField: "boolean",
    serializers.IntegerField: "integer",
    serializers.FloatField: "number",
    serializers.DateTimeField: "datetime",
    serializers.DateField: "date",
}


class Column(NamedTuple):
    """A column: the path from an object to a value."""

    name: str
    """The name in the header row."""
    steps: tuple[Property, ...]
    """The properties of the path; the last one is the value."""

    @property
    def path(self) -> str:
        """The path in the object, with `[]` after a list."""
        return ".".join(step.name + "[]" * _listed(step) for step in self.steps)

    @property
    def many(self) -> bool:
        """Whether a cell holds the values of a list."""
        return any(map(_listed, self.steps))

    @property
    def type(self) -> str:
        """The type of one value; json for a list within a list."""
        if sum(map(_listed, self.steps)) > 1 or self.steps[-1].inner:
            return "json"
        return self.value_type

    @property
    def value_type(self) -> str:
        """The type of one value in JSON."""
        return next((w for field, w in _TYPES.items() if isinstance(self._field, field)), "string")

    @property
    def meaning(self) -> str:
        """The meanings of the properties of the path."""
        return " ".join(step.meaning for step in self.steps)

    @property
    def words(self) -> list[str]:
        """The words of one value, if it is of a vocabulary."""
        return list(getattr(self._field, "choices", ()))

    @property
    def grows(self) -> bool:
        """Whether new words may be added within v1 of the API."""
        return isinstance(self._field, GrowingWordField)

    @property
    def required(self) -> bool:
        """Whether its cells are never empty."""
        return not self.many and not any(step.nullable for step in self.steps)

    @property
    def _field(self) -> Any:
        field = self.steps[-1].described_by
        return field.child if isinstance(field, serializers.ListField) else field


def list_columns(properties: Mapping[str, Property], tree: Tree) -> tuple[Column, ...]:
    """Return the columns of the properties in a tree.

    If the joined name of a property of an object is that of a property beside the object, it is
    joined by `__`: `speaker__type` is that of the reference, beside `speaker_type`.
    """
    return tuple(_list_columns(properties, tree, "", frozenset(), (), listed=False))


@cache
def list_stored_properties(serializer: Any) -> dict[str, Property]:
    """Return the properties of documents, with those of the envelope, by name and in order."""
    return completion.properties(serializer) | completion.properties(_ENVELOPE)


@cache
def summary_cells(serializer: Any) -> Callable[[dict[str, Any]], list[str]]:
    """Return a function that makes a row of a summary, or of a document, of a type of record."""
    stored = list_stored_properties(serializer)
    return cells(list_columns(stored, {name: {} for name in stored if name in serializer.summary}))


def join_cells(row: list[str]) -> str:
    """Return a row as a line of CSV, without its end.

    Joining costs a fraction of `csv`, if no cell needs quotes.
    """
    line = ",".join(row)
    if '"' in line or "\n" in line or "\r" in line or line.count(",") >= len(row):
        buffer = StringIO()
        writer(buffer, lineterminator="").writerow(row)
        return buffer.getvalue()
    return line


def protect(type_: str, cell: str) -> str:
    """Return a cell with ' before each part that a spreadsheet would take for a formula."""
    if type_ not in ("string", "json") or not cell:
        return cell
    if cell[0].isalnum() and not any(sign in cell for sign in ";\t\r\n"):  # nearly all
        return cell
    return _FORMULA.sub(r"'\g<0>", cell)


def _list_columns(
    properties: Mapping[str, Property],
    tree: Tree,
    before: str,
    taken: frozenset[str],
    steps: tuple[Property, ...],
    *,
    listed: bool,
) -> Iterator[Column]:
    """Yield the columns of an object at some steps, whose names begin with `before`."""
    for name, known in properties.items():
        if tree and name not in tree:
            continue
        label, path = before + "_" * (name in taken) + name, (*steps, known)
        if known.inner is None or (listed and known.many):
            yield Column(label, path)
            continue
        inner = completion.properties(known.inner)
        yield from _list_columns(
            inner,
            tree.get(name, {}),
            f"{label}_",
            frozenset(each for each in inner if f"{name}_{each}" in properties),
            path,
            listed=listed or known.many,
        )


def _listed(step: Property) -> bool:
    return step.many or isinstance(step.described_by, serializers.ListField)


class _Branch(NamedTuple):
    """A property of a summary, and its columns."""

    name: str
    blank: list[str]
    """The cells of its columns if it is null or empty."""
    paths: list[tuple[str, ...]]
    """The path from the property to the value of each column."""
    inner: "tuple[_Branch, ...]"
    """The properties of its object."""


def cells(table: tuple[Column, ...]) -> Callable[[dict[str, Any]], list[str]]:
    """Return a function that makes a row of a summary, visiting each object once."""
    branches = tuple(_branches(table, 0))

    def row(summary: dict[str, Any]) -> list[str]:
        texts: list[str] = []
        _append_cells(summary, branches, texts)
        return texts

    return row


def _branches(table: tuple[Column, ...], depth: int) -> Iterator[_Branch]:
    for name, adjacent in groupby(table, lambda column: column.steps[depth].name):
        group = tuple(adjacent)
        paths = [tuple(step.name for step in column.steps[depth + 1 :]) for column in group]
        inner = tuple(_branches(group, depth + 1)) if paths != [()] else ()
        yield _Branch(name, [""] * len(group), paths, inner)


def _append_cells(value: dict[str, Any], branches: tuple[_Branch, ...], row: list[str]) -> None:
    # To make texts of the values that `_append_values` reads takes 1.7 times as long.
    for name, blank, paths, inner in branches:
        inside = value.get(name)
        if inside is None or inside == []:
            row += blank
        elif isinstance(inside, list):
            row += ["|".join([_escape(_item(item, path)) for item in inside]) for path in paths]
        elif inner:
            _append_cells(inside, inner, row)
        else:
            row.append(_text(inside))


def _item(item: Any, path: tuple[str, ...]) -> str:
    value = _read(item, path)
    return "" if value is None else _text(value)


def _read(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name)
        if value is None:
            return None
    return value


def flatten(table: tuple[Column, ...]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that makes a flat object of a summary: the JSON values by column.

    The values of a list are a list.
    """
    branches = tuple(_branches(table, 0))
    names = [column.name for column in table]

    def flat(summary: dict[str, Any]) -> dict[str, Any]:
        values: list[Any] = []
        _append_values(summary, branches, values)
        return dict(zip(names, values, strict=True))

    return flat


def _append_values(
    value: dict[str, Any] | None, branches: tuple[_Branch, ...], row: list[Any]
) -> None:
    for name, _, paths, inner in branches:
        inside = None if value is None else value.get(name)
        if isinstance(inside, list):
            row += [[_read(item, path) for item in inside] for path in paths]
        elif inner:
            _append_values(inside, inner, row)
        else:
            row.append(inside)


def _escape(text: str) -> str:
    if "|" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("|", "\\|")
    return text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else documents.dump(value).decode()
