"""Columns: summaries as rows of a table that reads back without loss.

An object is spread over columns by its path (`place_name`, `killed_low`) and is null where all of
them are empty. Of a list each property of its items is a column that holds the values of all of
them, joined by `|` (`perpetrators_name`); in a value `|` is written `\\|` and `\\` is written
`\\\\`, and null is empty. A list within a list is JSON. Nothing in a document is blank text, so an
empty cell is null, or an empty list.
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
"""What a spreadsheet may take for the start of a formula, in every width and height."""
_FORMULA = re.compile(
    rf"""(?:^|(?<=[;\t\r\n]))(?:[^\S\t\r\n]|["\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])*[{_SIGNS}']"""
    r"|^[\t\r]"
)
"""Where a part of a cell begins that may be taken for a formula: at the start of the cell and, if
the file is read with semicolons or tabs between cells or line by line, behind those. Spaces, quotes
and invisible signs before the formula do not count. What begins with the protecting sign is
protected as well, so that taking one off from each such part gives the text again."""
_TYPES: dict[type, str] = {
    serializers.BooleanField: "boolean",
    serializers.IntegerField: "integer",
    serializers.FloatField: "number",
    serializers.DateTimeField: "datetime",
    serializers.DateField: "date",
}


class Column(NamedTuple):
    """One column: the way from a summary to its value."""

    steps: tuple[Property, ...]
    """The properties on the way, the last of which is told."""

    @property
    def name(self) -> str:
        """What its head says."""
        return "_".join(step.name for step in self.steps)

    @property
    def path(self) -> str:
        """Where it stands in the summary, with `[]` behind a list."""
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
        return next((w for field, w in _TYPES.items() if isinstance(self._told, field)), "string")

    @property
    def meaning(self) -> str:
        """What it tells, from the outside to the inside."""
        return " ".join(step.meaning for step in self.steps)

    @property
    def words(self) -> list[str]:
        """The words that one value may be, if it is an enumeration."""
        return list(getattr(self._told, "choices", ()))

    @property
    def grows(self) -> bool:
        """Whether more words may come within v1 of the API."""
        return isinstance(self._told, GrowingWordField)

    @property
    def required(self) -> bool:
        """Whether no cell of it is ever empty."""
        return not self.many and not any(step.nullable for step in self.steps)

    @property
    def _told(self) -> Any:
        told = self.steps[-1].described_by
        return told.child if isinstance(told, serializers.ListField) else told


@cache
def columns(serializer: Any) -> tuple[Column, ...]:
    """Return the columns of the summaries that a serializer renders."""
    known = completion.properties(serializer) | completion.properties(_ENVELOPE)
    return tuple(
        column for name in serializer.summary for column in _columns((known[name],), listed=False)
    )


def protected(type_: str, cell: str) -> str:
    """Return a cell of which no spreadsheet takes any part for a formula, marked by `'`."""
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
    """A property, and the columns that it is told in."""

    name: str
    blank: list[str]
    """What stands in its columns where there is nothing."""
    ways: list[tuple[str, ...]]
    """By column, the way from its value to what is told."""
    inner: "tuple[_Branch, ...]"
    """The properties of its object."""


def cells(table: tuple[Column, ...]) -> Callable[[dict[str, Any]], list[str]]:
    """Return what reads a row of a table from a summary, going through each object once."""
    branches = tuple(_branches(table, 0))

    def row(summary: dict[str, Any]) -> list[str]:
        found: list[str] = []
        _read(summary, branches, found)
        return found

    return row


def _branches(table: tuple[Column, ...], depth: int) -> Iterator[_Branch]:
    for name, group in groupby(table, lambda column: column.steps[depth].name):
        some = tuple(group)
        ways = [tuple(step.name for step in column.steps[depth + 1 :]) for column in some]
        inner = tuple(_branches(some, depth + 1)) if ways != [()] else ()
        yield _Branch(name, [""] * len(some), ways, inner)


def _read(shown: dict[str, Any], branches: tuple[_Branch, ...], found: list[str]) -> None:
    for name, blank, ways, inner in branches:
        value = shown.get(name)
        if value is None or value == []:
            found += blank
        elif isinstance(value, list):
            found += ["|".join([_joined(_item(item, way)) for item in value]) for way in ways]
        elif inner:
            _read(value, inner, found)
        else:
            found.append(_text(value))


def _item(item: Any, way: tuple[str, ...]) -> str:
    for name in way:
        item = item.get(name)
        if item is None:
            return ""
    return _text(item)


def _joined(text: str) -> str:
    if "|" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("|", "\\|")
    return text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else documents.dump(value).decode()
