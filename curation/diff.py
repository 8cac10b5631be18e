"""Frozen texts as people read them: indented, compared with the public ones, quotes named."""

import json
import re
from difflib import unified_diff
from typing import Any, NamedTuple

from publishing import documents

_ID = re.compile(r'"id": "([0-9a-f-]{36})"')
_QUOTE = re.compile(r'\{\s+("id": "[0-9a-f-]{36}")\s+\}')


class Line(NamedTuple):
    """A line of a text or of a comparison."""

    kind: str
    """added, removed, same, or gap where lines are left out."""
    text: str
    name: str
    """What the record quoted in this line is called."""


def pretty(value: Any) -> str:
    """Return JSON that people can read; a quote stays on one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return _QUOTE.sub(r"{\1}", text)


def body_of(document: str) -> Any:
    """Return what of a published document compares with a body: no envelope, quotes by id."""
    return documents.strip_references(documents.load(documents.remove_envelope(document.encode())))


def text(body: str, names: dict[str, str]) -> list[Line]:
    """Return a body line by line."""
    return [_line("same", line, names) for line in pretty(documents.load(body)).splitlines()]


def changes(document: str, body: str, names: dict[str, str]) -> list[Line]:
    """Return what a body changes in a published document, with three lines around each change."""
    before, after = (
        pretty(value).splitlines() for value in (body_of(document), documents.load(body))
    )
    kinds = {"+": "added", "-": "removed", " ": "same", "@": "gap"}
    compared = list(unified_diff(before, after, lineterm=""))[2:]
    return [
        Line("gap", "…", "") if line[0] == "@" else _line(kinds[line[0]], line[1:], names)
        for line in compared
    ]


def _line(kind: str, line: str, names: dict[str, str]) -> Line:
    found = _ID.search(line)
    return Line(kind, line, names.get(found[1], "") if found else "")


def ids(*texts: str) -> set[str]:
    """Return the public ids that stand in some bodies or documents."""
    return {found for told in texts for found in re.findall(r'"id":"([0-9a-f-]{36})"', told)}
