"""Parts: the lists of rows in documents, each of which can be exported as a table of its own.

They follow from the serializers. Rows of the same kind are one table wherever they stand: that of
`citations` has those of the record and those of its other parts.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from rest_framework import serializers

from publishing import completion
from publishing.completion import Property
from publishing.serializers import DerivedField

Path = tuple[str, ...]
Row = dict[str, Any]


class Part(NamedTuple):
    """A list of rows in the documents of one type of record."""

    name: str
    record: str
    """The column of the public id of the record."""
    paths: tuple[Path, ...]
    """The paths of the lists with its rows, in the order of the document."""
    properties: dict[str, Property]
    """The properties of a row: those that identify it first, then its own."""
    described_by: type
    """The serializer of its own properties."""

    @property
    def is_nested(self) -> bool:
        """Whether rows may belong to a row of another part."""
        return any(len(path) > 1 for path in self.paths)

    @property
    def parent(self) -> str | None:
        """The only part that its rows belong to; None if they belong to several, or the record."""
        parents = {path[-2] if len(path) > 1 else None for path in self.paths}
        return parents.pop() if len(parents) == 1 else None

    def list_rows(self, document: Row) -> Iterator[Row]:
        """Yield the rows of a document, numbered in its order."""
        record = document["id"]
        for number, (parent, parent_number, item) in enumerate(self._find(document), 1):
            row = {self.record: record, "row": number}
            if self.is_nested:
                row |= {"part": parent, "part_row": parent_number}
            yield row | item

    def _find(self, document: Row) -> Iterator[tuple[str | None, int | None, Row]]:
        """Yield the rows, each with the name and the number of the row that it belongs to."""
        numbers = dict[str, int]()
        for path in self.paths:
            yield from _find_below(document, path, None, None, numbers)


def _find_below(
    parent: Row, path: Path, name: str | None, number: int | None, numbers: dict[str, int]
) -> Iterator[tuple[str | None, int | None, Row]]:
    first, *rest = path
    for item in parent[first]:
        if not rest:
            yield name, number, item
            continue
        numbers[first] = numbers.get(first, 0) + 1
        yield from _find_below(item, tuple(rest), first, numbers[first], numbers)


@cache
def list_parts(serializer: Any, type_name: str) -> dict[str, Part]:
    """Return the parts of the documents that a serializer renders, by name."""
    paths: dict[str, list[Path]] = {}
    rows: dict[str, Any] = {}
    for path, inner in _list_paths(serializer, ()):
        name = path[-1]
        if type(rows.setdefault(name, inner)) is not type(inner):
            raise TypeError(
                f"The rows of {name} are not of one kind in {type(serializer).__name__}."
            )
        paths.setdefault(name, []).append(path)
    return {
        name: Part(
            name,
            f"{type_name}_id",
            tuple(paths[name]),
            _list_properties(type_name, rows[name], nested=any(len(p) > 1 for p in paths[name])),
            type(rows[name]),
        )
        for name in sorted(paths, key=lambda name: _get_position(serializer, paths[name]))
    }


def is_part(known: Property) -> bool:
    """Return whether a property is a list of rows that follow from no others."""
    is_rows = known.many and known.inner is not None and not known.is_reference
    return is_rows and not isinstance(known.field, DerivedField)


def _list_paths(serializer: Any, before: Path) -> Iterator[tuple[Path, Any]]:
    for name, known in completion.properties(serializer).items():
        if is_part(known):
            yield (*before, name), known.inner
            yield from _list_paths(known.inner, (*before, name))


def _get_position(serializer: Any, paths: list[Path]) -> tuple[int, int]:
    """Return the place of a part among the others: those of the record come first."""
    names = list(completion.properties(serializer))
    shortest = min(paths, key=len)
    return names.index(shortest[0]), len(shortest)


def _list_properties(type_name: str, inner: Any, *, nested: bool) -> dict[str, Property]:
    keys: dict[str, serializers.Field] = {
        f"{type_name}_id": serializers.UUIDField(
            read_only=True, help_text=f"The public id of the {type_name}."
        ),
        "row": serializers.IntegerField(
            read_only=True,
            help_text="The number of the row among those of the record in this table, from 1. "
            "Another edition of the record may number its rows in another way.",
        ),
    }
    if nested:
        keys["part"] = serializers.CharField(
            read_only=True,
            allow_null=True,
            help_text="The table with the row that this one belongs to; null if it belongs to the "
            "record itself.",
        )
        keys["part_row"] = serializers.IntegerField(
            read_only=True, allow_null=True, help_text="The `row` there."
        )
    named = type("PartKeySerializer", (serializers.Serializer,), keys)()
    own = completion.properties(inner)
    return completion.properties(named) | {
        name: known for name, known in own.items() if not is_part(known)
    }
