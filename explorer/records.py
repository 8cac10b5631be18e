"""The pages of sources, publishers, places and affiliations, and of what cites or lies in them."""

from typing import Any

from api.snapshots import PublicState
from explorer.answers import Answers
from explorer.drawing import Dated, make_time_axis
from explorer.maps import MAX_LISTED, map_incidents
from explorer.views import RecordPage, day_of
from publishing.presentation.borders import find_outline

Row = dict[str, Any]
MAX_ROWS = 50
"""The largest number of rows of a list on these pages."""


def read_lists(answers: Answers, **lists: dict[str, Any]) -> dict[str, Any]:
    """Return the first rows of some lists, each by its name with its filters."""
    found = {}
    for name, filters in lists.items():
        answer = answers.get(name, **filters, limit=MAX_ROWS)
        address = answers.address(name, **filters)
        found[name] = {"rows": answer["results"], "has_more": answer["next"], "address": address}
    return found


class SourcePage(RecordPage):
    """The page of a source: all records that cite it."""

    type_name, base, template = "source", "sources", "explorer/source.html"

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        cites = {"source": document["id"]}
        return {"lists": read_lists(answers, incidents=cites, actors=cites, affiliations=cites)}


class PublisherPage(RecordPage):
    """The page of a publisher: its sources, and the incidents that cite them."""

    type_name, base, template = "publisher", "publishers", "explorer/publisher.html"

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        of = {"publisher": document["id"]}
        return {"lists": read_lists(answers, sources=of, incidents=of)}


class PlacePage(RecordPage):
    """The page of a place: the incidents, the presences and the places in it."""

    type_name, base, template = "place", "places", "explorer/place.html"

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        place = document["id"]
        answer = answers.get("incidents", place=place, limit=MAX_LISTED)
        incidents = {
            "rows": answer["results"][:MAX_ROWS],
            "has_more": len(answer["results"]) > MAX_ROWS,
            "address": answers.address("incidents", place=place),
        }
        lists = {"actors": {"present_in": place}, "places": {"within": place}}
        found = {"incidents": incidents} | read_lists(answers, **lists)
        rows = found["places"]["rows"]
        found["places"]["rows"] = [row for row in rows if row["id"] != place]  # it lies in itself
        shown = map_incidents(answers, answer["results"], document["point"], place=place)
        outline = None
        if find_outline(document["slug"], document["country"]):
            outline = answers.address(f"places/{place}/outline")
        return {"lists": found, "map": shown, "outline": outline}


class AffiliationPage(RecordPage):
    """The page of an affiliation."""

    type_name, base, template = "affiliation", "affiliations", "explorer/affiliation.html"

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        periods = [document["validity"], *(row["validity"] for row in document["support"])]
        axis = make_time_axis(periods, day_of(state))
        support = [
            Dated(row, axis.draw(row["validity"]) if axis else None) for row in document["support"]
        ]
        bar = axis.draw(document["validity"]) if axis else None
        return {"axis": axis, "bar": bar, "support": support}
