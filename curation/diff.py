"""Bodies and documents line by line: indented, with labels, and compared with each other."""

import json
import re
from difflib import unified_diff
from typing import Any, NamedTuple

from publishing import completion, documents
from publishing.models import Edition
from publishing.registry import record_types

_ID = re.compile(r'"id": "([0-9a-f-]{36})"')
_REFERENCE = re.compile(r'\{\s+("id": "[0-9a-f-]{36}")\s+\}')
_KINDS = {"+": "added", "-": "removed", " ": "same"}


class Line(NamedTuple):
    """A line of a text or of a comparison."""

    kind: str
    """added, removed, same, or gap where lines are left out."""
    text: str
    label: str
    """The label of the record that the line refers to, if any."""


def list_lines(body: str | bytes, labels: dict[str, str]) -> list[Line]:
    """Return a body line by line; `labels` has the labels of records by their public ids."""
    return [_label("same", line, labels) for line in _indent(documents.load(body)).splitlines()]


def compare(edition: Edition, body: str | bytes, labels: dict[str, str]) -> list[Line]:
    """Return how a body differs from a public edition, with three lines around each change.

    Both are completed first: a property that only newer software writes is not a change.
    """
    serializer = record_types()[edition.type].serializer
    new = completion.complete(serializer, documents.load(body), refs=False)
    old = documents.load(completion.read_body(edition))
    compared = unified_diff(_indent(old).splitlines(), _indent(new).splitlines(), lineterm="")
    return [
        Line("gap", "…", "") if line[0] == "@" else _label(_KINDS[line[0]], line[1:], labels)
        for line in list(compared)[2:]
    ]


def find_ids(*texts: str) -> set[str]:
    """Return the public ids in some bodies or documents."""
    return {id_ for text in texts for id_ in re.findall(r'"id":"([0-9a-f-]{36})"', text)}


def _indent(value: Any) -> str:
    """Return indented JSON in which each reference is on one line."""
    return _REFERENCE.sub(r"{\1}", json.dumps(value, indent=2, ensure_ascii=False))


def _label(kind: str, line: str, labels: dict[str, str]) -> Line:
    match = _ID.search(line)
    return Line(kind, line, labels.get(match[1], "") if match else "")
