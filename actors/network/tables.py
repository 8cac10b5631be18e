"""Networks as tables: a row for each actor, and one for each tie.

The columns are those of the CSV of actors and of affiliations. Programs that draw graphs take the
first column of the one as who somebody is, and the first two of the other as whom a tie joins.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from actors.filters.network import Part
from api.columns import cells, columns
from publishing.registry import record_types


class Table(NamedTuple):
    """How the nodes or the edges of networks are written."""

    heads: list[str]
    types: list[str]
    row: Callable[[dict[str, Any]], list[str]]
    """What stands in the columns for a node or an edge."""


@cache
def table(part: str) -> Table:
    """Return how a part of a network is written."""
    name = "actor" if part == Part.NODES else "affiliation"
    known = columns(record_types()[name].serializer)
    heads, types, read = [c.name for c in known], [c.type for c in known], cells(known)
    if part == Part.NODES:
        return Table(
            [*heads, "distance"],
            [*types, "integer"],
            lambda node: [*read(node["actor"]), str(node["distance"])],
        )
    return Table(
        ["source", "target", "symmetric", *heads],
        ["string", "string", "boolean", *types],
        lambda edge: [
            edge["affiliation"]["subject"]["id"],
            edge["affiliation"]["object"]["id"],
            str(edge["symmetric"]).lower(),
            *read(edge["affiliation"]),
        ],
    )
