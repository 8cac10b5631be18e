"""Networks: actors, all or those around one, and the affiliations between them."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.db.models import QuerySet

from actors.affiliation_kinds import SYMMETRIC
from actors.entries import ActorEntry, AffiliationEntry
from actors.explanations import make_days, write_days
from actors.filters.network import NetworkPart
from actors.filters.validity import annotate_days
from api import exports
from api.formats import CSVStream, File
from api.pagination import BY_NAME, NEWEST, page
from api.selections import Selection
from publishing import documents
from publishing.registry import record_types
from publishing.snapshots import Snapshot
from publishing.tables import cells

_GRAPHML_TYPES = {"boolean": "boolean", "integer": "long", "number": "double"}
_NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""The characters that XML 1.0 cannot contain, not even escaped."""


class Network(NamedTuple):
    """Actors and the affiliations between them."""

    nodes: list[dict[str, Any]]
    """Actors, as `actor`, with their `distance` from the centre, if there is one: the nearest
    first, then by name."""
    edges: list[dict[str, Any]]
    """Affiliations, as `affiliation`, whether each is `symmetric`, and the days on which it is
    `possible` and `certain`: the newest first."""
    truncated: bool
    """Whether a limit left out actors or affiliations."""


def render_graphml(network: Network, snapshot: Snapshot) -> bytes:
    """Return a network as GraphML, with a key for each column of its tables.

    All edges are directed from the subject to the object, because readers do not accept graphs
    that are partly directed. `symmetric` marks the edges that mean the same in both directions.
    """
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    nodes, edges = make_table(NetworkPart.NODES), make_table(NetworkPart.EDGES)
    for domain, table in (("node", nodes), ("edge", edges)):
        _add_key(root, domain, "label", "string")
        for head, type_ in zip(table.heads, table.types, strict=True):
            _add_key(root, domain, head, _GRAPHML_TYPES.get(type_, "string"))
    _add_key(root, "graph", "snapshot", "string")
    _add_key(root, "graph", "truncated", "boolean")
    graph = SubElement(root, "graph", edgedefault="directed")
    _add_value(graph, "graph", "snapshot", str(snapshot))
    _add_value(graph, "graph", "truncated", str(network.truncated).lower())
    for node in network.nodes:
        element = SubElement(graph, "node", id=node["actor"]["id"])
        _add_value(element, "node", "label", node["actor"]["name"])
        _add_row(element, "node", nodes.heads, nodes.row(node))
    for edge in network.edges:
        affiliation = edge["affiliation"]
        ends = {"source": affiliation["subject"]["id"], "target": affiliation["object"]["id"]}
        element = SubElement(graph, "edge", id=affiliation["id"], **ends)
        _add_value(element, "edge", "label", affiliation["kind"].replace("_", " "))
        _add_row(element, "edge", edges.heads, edges.row(edge))
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add_key(root: Element, domain: str, name: str, type_: str) -> None:
    attributes = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": type_}
    SubElement(root, "key", attributes)


def _add_row(element: Element, domain: str, heads: list[str], row: list[str]) -> None:
    for head, text in zip(heads, row, strict=True):
        _add_value(element, domain, head, text)


def _add_value(element: Element, domain: str, name: str, text: str) -> None:
    """Add a value as a data element; a value that is not known has none."""
    if text:
        SubElement(element, "data", key=f"{domain}_{name}").text = _NOT_IN_XML.sub("\ufffd", text)


class NetworkTable(NamedTuple):
    """The columns of the nodes or of the edges of networks."""

    heads: list[str]
    types: list[str]
    row: Callable[[dict[str, Any]], list[str]]
    """Returns the cells of a node or an edge."""


@cache
def make_table(part: str) -> NetworkTable:
    """Return the columns of the nodes or of the edges."""
    name = "actor" if part == NetworkPart.NODES else "affiliation"
    known = Selection(record_types()[name]).columns
    heads, types, read = [c.name for c in known], [c.type for c in known], cells(known)
    if part == NetworkPart.NODES:
        return NetworkTable(
            [*heads, "distance"],
            [*types, "integer"],
            lambda node: [
                *read(node["actor"]),
                "" if node["distance"] is None else str(node["distance"]),
            ],
        )
    return NetworkTable(
        ["source", "target", "symmetric", *heads],
        ["string", "string", "boolean", *types],
        lambda edge: [
            edge["affiliation"]["subject"]["id"],
            edge["affiliation"]["object"]["id"],
            str(edge["symmetric"]).lower(),
            *read(edge["affiliation"]),
        ],
    )


MAX_EDGES = 10_000
"""The largest number of affiliations in a network."""


def build_network(
    ego: QuerySet | None, affiliations: QuerySet, seq: int, depth: int, limit: int
) -> Network:
    """Return the network around the actor in the queryset `ego` at the snapshot `seq`.

    It includes the actors at most `depth` affiliations away, in either direction. If there are
    more than `limit`, the nearest are included, and at equal distance the first by name. The
    network is empty if `ego` is. If it is None, the network has all the affiliations.
    """
    nodes: dict[str, dict[str, Any]] = {}
    more = None
    actors = _find_ends(affiliations, affiliations, seq) if ego is None else ego
    for distance in [None] if ego is None else range(depth + 1):
        texts, more = page(actors, BY_NAME, None, limit - len(nodes), detail=False)
        nearest = {
            actor["id"]: {"distance": distance, "actor": actor}
            for actor in map(documents.load, texts)
        }
        nodes |= nearest
        if more or not nearest:
            break
        below = affiliations.filter(subject__in=nearest)
        above = affiliations.filter(object__in=nearest)
        actors = _find_ends(below, above, seq).exclude(record__in=nodes)
    between = affiliations.filter(subject__in=nodes, object__in=nodes)
    texts, more_edges = page(between, NEWEST, None, MAX_EDGES, detail=False)
    affiliations_between = list(map(documents.load, texts))
    days = _read_days([affiliation["seq"] for affiliation in affiliations_between], seq)
    edges = [
        {
            "symmetric": affiliation["kind"] in SYMMETRIC,
            **days[affiliation["seq"]],
            "affiliation": affiliation,
        }
        for affiliation in affiliations_between
    ]
    return Network(list(nodes.values()), edges, bool(more or more_edges))


def _read_days(editions: list[int], seq: int) -> dict[int, dict[str, Any]]:
    """Return the possible and the certain days of affiliations, by edition."""
    rows = annotate_days(AffiliationEntry.objects.filter(seq__in=editions), seq)
    columns = rows.values_list("seq", "possible_days", "certain_days")
    return {
        edition: {
            "possible": list(write_days(make_days(possible))),
            "certain": list(write_days(make_days(certain))),
        }
        for edition, possible, certain in columns
    }


def _find_ends(below: QuerySet, above: QuerySet, seq: int) -> QuerySet:
    """Return the actors that are the objects of some affiliations or the subjects of others."""
    ends = below.values("object").union(above.values("subject"))
    entries: QuerySet = ActorEntry.objects.at(seq).filter(record__in=ends)
    return entries


class NetworkFile(File):
    """A file format for networks."""

    def write(self, network: Network, params: dict[str, Any], snapshot: Snapshot) -> bytes:
        """Return the content of the file for a network at a snapshot."""
        raise NotImplementedError


class GraphMLFile(NetworkFile):
    """A network as GraphML."""

    media_type = content_type = "application/graphml+xml"
    format = "graphml"
    description = (
        "GraphML, with a key for each column of the CSV of actors and of affiliations, for the "
        "`distance` of a node, and for whether an edge is `symmetric`. The `label` of a node is "
        "the name of the actor, that of an edge the kind of affiliation. With `at`, "
        "`classification` is that of the day. All edges are directed from the subject to the "
        "object. The graph has `snapshot` and `truncated`."
    )

    def write(self, network: Network, params: dict[str, Any], snapshot: Snapshot) -> bytes:
        return render_graphml(network, snapshot)


class TableFile(NetworkFile):
    """The nodes or the edges of a network as CSV."""

    media_type = CSVStream.media_type
    content_type = CSVStream.content_type
    format = "csv"
    description = (
        "With `part=nodes`: the columns of /api/v1/actors?format=csv and `distance`; with `at`, "
        "`classification` is that of the day. With "
        "`part=edges`: `source` and `target`, which are the ids of the subject and the object, "
        "`symmetric`, and the columns of /api/v1/affiliations?format=csv. The header "
        "`Muster-Count` gives the number of rows; `Muster-Truncated` is true if a limit left out "
        "others."
    )

    def write(self, network: Network, params: dict[str, Any], snapshot: Snapshot) -> bytes:
        part, table = params["part"], make_table(params["part"])
        rows = map(table.row, getattr(network, part))
        spreadsheet = bool(params["escape"])
        return b"".join(exports.write_csv(table.heads, table.types, rows, spreadsheet=spreadsheet))
