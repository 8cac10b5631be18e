"""CSV read back: summaries from a table, by what the data package says of its columns."""

import csv
import json
import re
from io import StringIO
from typing import Any

from api.selections import list_computed, list_properties
from publishing import completion

_READ = {
    "boolean": lambda text: {"true": True, "false": False}[text],
    "integer": int,
    "number": float,
}
_BAR = re.compile(r"((?:[^|\\]|\\.)*)(?:\||$)", re.DOTALL)


def read(text: str, fields: list[dict[str, Any]], serializer: Any) -> list[dict[str, Any]]:
    """Return the summaries of a table; `fields` are the columns of its data package."""
    head, *rows = csv.reader(StringIO(text, newline=""), strict=True)
    assert head == [field["name"] for field in fields]
    known = list_properties(serializer)
    names = (*serializer.summary, *list_computed(serializer))
    paths = [field["path"] for field in fields]
    return [
        {name: _value(known[name], [name], cells, False) for name in names}
        for cells in (dict(zip(paths, row, strict=True)) for row in rows)
    ]


def split(cell: str) -> list[str]:
    """Return the values of a list that a cell holds."""
    values, position = [], 0
    while True:
        found = _BAR.match(cell, position)
        assert found
        values.append(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL))
        position = found.end()
        if position == len(cell) and not found[0].endswith("|"):
            return values
        if position == len(cell):
            return [*values, ""]


def _value(member: Any, path: list[str], cells: dict[str, str], listed: bool) -> Any:
    """Return the value at a path of a row."""
    here = ".".join(path)
    plain_list = type(member.described_by).__name__ == "ListField"
    if not listed and (member.many or plain_list):
        return _listed(member, here + "[]", cells)
    if member.many or plain_list:
        return json.loads(cells[here + "[]"] or "null")
    if member.inner is None:
        return _typed(cells[here], member)
    inner = completion.properties(member.inner)
    value = {name: _value(one, [*path, name], cells, listed) for name, one in inner.items()}
    return None if member.nullable and not _any(value) else value


def _listed(member: Any, here: str, cells: dict[str, str]) -> list[Any]:
    below = {path: split(cell) for path, cell in cells.items() if path.startswith(here)}
    if not any(cells[path] for path in below):
        return []
    (count,) = {len(values) for values in below.values()}
    items = [{path: values[number] for path, values in below.items()} for number in range(count)]
    if not member.inner:
        return [item[here] for item in items]
    inner = completion.properties(member.inner)
    return [
        {name: _value(one, [here, name], item, True) for name, one in inner.items()}
        for item in items
    ]


def _any(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_any, value.values()))
    return value is not None


def _typed(text: str, member: Any) -> Any:
    if text == "":
        return None
    bases = {base.__name__ for base in type(member.described_by).__mro__}
    kinds = {"BooleanField": "boolean", "IntegerField": "integer", "FloatField": "number"}
    kind = next((kind for name, kind in kinds.items() if name in bases), None)
    return _READ[kind](text) if kind else text
