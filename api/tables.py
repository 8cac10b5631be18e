"""Tables: summaries as rows, from which they can be read again without loss.

Each property of an object has its own column (`place_name`, `killed_low`); the object is null if
all of these are empty. Each property of the items of a list has a column with the values of all
items, joined by `|` (`perpetrators_name`). Within a value, `|` is written `\\|` and `\\` is written
`\\\\`; null is empty. A list within a list is JSON. No text in a document is blank, so an empty
cell is null or an empty list.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from rest_framework import serializers

from publishing import completion, documents
from publishing.completion import Property
from publishing.serializers import ENVELOPE, EnvelopeSerializer, GrowingWordField

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
    """A column: the path from a summary to a value."""

    steps: tuple[Property, ...]
    """The properties of the path; the last one is the value."""

    @property
    def name(self) -> str:
        """The name in the header row."""
        return "_".join(step.name for step in self.steps)

    @property
    def path(self) -> str:
        """The path in the summary, with `[]` after a list."""
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


@cache
def columns(serializer: Any) -> tuple[Column, ...]:
    """Return the columns of the summaries that a serializer renders."""
    known = completion.properties(serializer) | completion.properties(_ENVELOPE)
    return tuple(
        column for name in serializer.summary for column in _columns((known[name],), listed=False)
    )


def protect(type_: str, cell: str) -> str:
    """Return a cell with ' before each part that a spreadsheet would take for a formula."""
    if type_ not in ("string", "json") or not cell:
        return cell
    if cell[0].isalnum() and not any(sign in cell for sign in ";\t\r\n"):  # nearly all
        return cell
    return _FORMULA.sub(r"'\g<0>", cell)


_ENVELOPE: Any = EnvelopeSerializer()
assert set(_ENVELOPE.fields) == set(ENVELOPE)


def _columns(steps: tuple[Property, ...], listed: bool) -> Iterator[Column]:
    last = steps[-1]
    if last.inner is None or (listed and last.many):
        yield Column(steps)
        return
    for inner in completion.properties(last.inner).values():
        yield from _columns((*steps, inner), listed or last.many)


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
    for name in path:
        item = item.get(name)
        if item is None:
            return ""
    return _text(item)


def _escape(text: str) -> str:
    if "|" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("|", "\\|")
    return text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else documents.dump(value).decode()
