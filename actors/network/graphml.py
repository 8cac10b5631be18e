"""Networks as GraphML (graphml.graphdrawing.org), which R, Python, Gephi and others read."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from actors.filters.network import Part
from actors.network import Network
from actors.network.tables import table
from publishing.snapshots import Mark

_TYPES = {"boolean": "boolean", "integer": "long", "number": "double"}
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold, however it is written."""


def graphml(network: Network, mark: Mark) -> bytes:
    """Return a network as of a mark, with a key for each column of its tables.

    All ties are directed, from the subject to the object: readers take no graph that is so in part
    only. `symmetric` says which read alike from both ends.
    """
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    nodes, edges = table(Part.NODES), table(Part.EDGES)
    for domain, told in (("node", nodes), ("edge", edges)):
        for head, type_ in zip(told.heads, told.types, strict=True):
            _key(root, domain, head, _TYPES.get(type_, "string"))
    _key(root, "graph", "horizon", "string")
    _key(root, "graph", "truncated", "boolean")
    graph = SubElement(root, "graph", edgedefault="directed")
    _data(graph, "graph", "horizon", str(mark))
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
