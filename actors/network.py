"""Networks: an actor, those around it, and all affiliations between any two of them."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.db.models import QuerySet

from actors.affiliation_kinds import SYMMETRIC
from actors.entries import ActorEntry
from actors.filters.network import NetworkPart
from api import exports
from api.formats import CSVStream, File
from api.pagination import BY_NAME, NEWEST, page
from api.tables import cells, columns
from publishing import documents
from publishing.registry import record_types
from publishing.snapshots import Snapshot

_TYPES = {"boolean": "boolean", "integer": "long", "number": "double"}
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold, however it is written."""


class Network(NamedTuple):
    """Actors, and the ties between them."""

    nodes: list[dict[str, Any]]
    """Summaries of `actor`, each with the `distance` in ties; the nearest first, then by name."""
    edges: list[dict[str, Any]]
    """Summaries of `affiliation`, each with whether it is `symmetric`; the newest first."""
    truncated: bool
    """Whether there would be more."""


def graphml(network: Network, snapshot: Snapshot) -> bytes:
    """Return a network as of a snapshot, with a key for each column of its tables.

    All ties are directed, from the subject to the object: readers take no graph that is so in part
    only. `symmetric` says which read alike from both ends.
    """
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    nodes, edges = table(NetworkPart.NODES), table(NetworkPart.EDGES)
    for domain, told in (("node", nodes), ("edge", edges)):
        for head, type_ in zip(told.heads, told.types, strict=True):
            _key(root, domain, head, _TYPES.get(type_, "string"))
    _key(root, "graph", "snapshot", "string")
    _key(root, "graph", "truncated", "boolean")
    graph = SubElement(root, "graph", edgedefault="directed")
    _data(graph, "graph", "snapshot", str(snapshot))
    _data(graph, "graph", "truncated", str(network.truncated).lower())
    for node in network.nodes:
        element = SubElement(graph, "node", id=node["actor"]["id"])
        _all(element, "node", nodes.heads, nodes.row(node))
    for edge in network.edges:
        tie = edge["affiliation"]
        ends = {"source": tie["subject"]["id"], "target": tie["object"]["id"]}
        element = SubElement(graph, "edge", id=tie["id"], **ends)
        _all(element, "edge", edges.heads, edges.row(edge))
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _key(root: Element, domain: str, name: str, type_: str) -> None:
    told = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": type_}
    SubElement(root, "key", told)


def _all(element: Element, domain: str, heads: list[str], row: list[str]) -> None:
    for head, text in zip(heads, row, strict=True):
        _data(element, domain, head, text)


def _data(element: Element, domain: str, name: str, text: str) -> None:
    """Say what is known; null has no element."""
    if text:
        SubElement(element, "data", key=f"{domain}_{name}").text = _ILLEGAL.sub("\ufffd", text)


class Table(NamedTuple):
    """How the nodes or the edges of networks are written."""

    heads: list[str]
    types: list[str]
    row: Callable[[dict[str, Any]], list[str]]
    """What stands in the columns for a node or an edge."""


@cache
def table(part: str) -> Table:
    """Return how a part of a network is written."""
    name = "actor" if part == NetworkPart.NODES else "affiliation"
    known = columns(record_types()[name].serializer)
    heads, types, read = [c.name for c in known], [c.type for c in known], cells(known)
    if part == NetworkPart.NODES:
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


MOST = 10_000
"""How many ties there may be."""


def around(ego: QuerySet, ties: QuerySet, seq: int, depth: int, limit: int) -> Network:
    """Return the network around the actor that `ego` holds, if it does, as of an Edition `seq`.

    Ties are walked in either direction. Of those who are away by as many, the first by name are
    kept where there are more actors than `limit`.
    """
    nodes: dict[str, dict[str, Any]] = {}
    found, more = ego, None
    for distance in range(depth + 1):
        texts, more = page(found, BY_NAME, None, limit - len(nodes), detail=False)
        actors = map(documents.load, texts)
        nearest = {actor["id"]: {"distance": distance, "actor": actor} for actor in actors}
        nodes |= nearest
        if more or not nearest:
            break
        there = ties.filter(subject__in=nearest).values("object")
        back = ties.filter(object__in=nearest).values("subject")
        neighbours = ActorEntry.objects.at(seq).filter(record__in=there.union(back))
        found = neighbours.exclude(record__in=nodes)
    between = ties.filter(subject__in=nodes, object__in=nodes)
    texts, many = page(between, NEWEST, None, MOST, detail=False)
    edges = [
        {"symmetric": tie["kind"] in SYMMETRIC, "affiliation": tie}
        for tie in map(documents.load, texts)
    ]
    return Network(list(nodes.values()), edges, bool(more or many))


class NetworkFile(File):
    """A file that holds a network."""

    def write(self, network: Network, asked: dict[str, Any], snapshot: Snapshot) -> bytes:
        """Return a network, or what is asked for of it, as of a snapshot."""
        raise NotImplementedError


class GraphMLFile(NetworkFile):
    """A network as GraphML."""

    media_type = content_type = "application/graphml+xml"
    format = "graphml"
    description = (
        "GraphML, with a key for each column of the CSV of actors and of affiliations, for the "
        "`distance` of a node and for whether an edge is `symmetric`. All edges are directed, from "
        "the subject to the object. Of the graph it tells `snapshot` and `truncated`."
    )

    def write(self, network: Network, asked: dict[str, Any], snapshot: Snapshot) -> bytes:
        return graphml(network, snapshot)


class TableFile(NetworkFile):
    """The nodes or the edges of a network as CSV."""

    media_type = CSVStream.media_type
    content_type = CSVStream.content_type
    format = "csv"
    description = (
        "With `part=nodes` the columns of /api/v1/actors?format=csv and `distance`; with "
        "`part=edges` `source` and `target`, which are the ids of the subject and the object, "
        "`symmetric`, and the columns of /api/v1/affiliations?format=csv. The header "
        "`Muster-Count` says how many rows there are, `Muster-Truncated` whether there would be "
        "more."
    )

    def write(self, network: Network, asked: dict[str, Any], snapshot: Snapshot) -> bytes:
        part, told = asked["part"], table(asked["part"])
        rows = map(told.row, getattr(network, part))
        spreadsheet = bool(asked["escape"])
        return b"".join(exports.write_csv(told.heads, told.types, rows, spreadsheet=spreadsheet))
