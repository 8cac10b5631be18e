"""The files that networks are taken away as."""

from typing import Any

from actors.network import Network
from actors.network.graphml import graphml
from actors.network.tables import table
from api import exports
from api.formats import CSVStream, File
from publishing.snapshots import Mark


class NetworkFile(File):
    """A file that holds a network."""

    def write(self, network: Network, asked: dict[str, Any], mark: Mark) -> bytes:
        """Return a network, or what is asked for of it, as of a mark."""
        raise NotImplementedError


class GraphMLFile(NetworkFile):
    """A network as GraphML."""

    media_type = content_type = "application/graphml+xml"
    format = "graphml"
    description = (
        "GraphML, with a key for each column of the CSV of actors and of affiliations, for the "
        "`distance` of a node and for whether an edge is `symmetric`. All edges are directed, from "
        "the subject to the object. Of the graph it tells `horizon` and `truncated`."
    )

    def write(self, network: Network, asked: dict[str, Any], mark: Mark) -> bytes:
        return graphml(network, mark)


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

    def write(self, network: Network, asked: dict[str, Any], mark: Mark) -> bytes:
        part, told = asked["part"], table(asked["part"])
        rows = map(told.row, getattr(network, part))
        spreadsheet = bool(asked["escape"])
        return b"".join(exports.written(told.heads, told.types, rows, spreadsheet=spreadsheet))
