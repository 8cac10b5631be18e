"""Networks as tables: a row for each actor, and one for each tie.

The columns are those of the CSV of actors and of affiliations. Programs that draw graphs take the
first column of the one as who somebody is, and the first two of the other as whom a tie joins.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable
from functools import cache
from io import StringIO
from typing import Any, NamedTuple

from actors.filters.network import Part
from actors.network import Network
from editorial.columns import columns, protected
from editorial.models import record_types


class Cell(NamedTuple):
    """What one column says of a node or of an edge."""

    name: str
    type: str
    of: Callable[[dict[str, Any]], str]


@cache
def cells(part: str) -> tuple[Cell, ...]:
    """Return the columns of the nodes or of the edges."""
    if part == Part.NODES:
        return (*_told("actor"), Cell("distance", "integer", lambda node: str(node["distance"])))
    return (
        Cell("source", "string", lambda edge: str(edge["affiliation"]["subject"]["id"])),
        Cell("target", "string", lambda edge: str(edge["affiliation"]["object"]["id"])),
        Cell("symmetric", "boolean", lambda edge: str(edge["symmetric"]).lower()),
        *_told("affiliation"),
    )


def _told(name: str) -> list[Cell]:
    """Return the columns of what stands under a name in a node or an edge."""
    return [
        Cell(column.name, column.type, lambda row, cell=column.cell: cell(row[name]))  # type: ignore[misc]
        for column in columns(record_types()[name].serializer())
    ]


def table(network: Network, part: str, *, spreadsheet: bool) -> bytes:
    """Return the nodes or the edges as CSV; with `spreadsheet` no cell is taken for a formula."""
    text, told = StringIO(), cells(part)
    write = csv.writer(text).writerow
    write([cell.name for cell in told])
    for row in getattr(network, part):
        texts = ((cell.type, cell.of(row)) for cell in told)
        write([protected(*text) if spreadsheet else text[1] for text in texts])
    return (BOM_UTF8 if spreadsheet else b"") + text.getvalue().encode()
