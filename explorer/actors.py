"""The page of an actor."""

from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext

from api.snapshots import PublicState
from explorer.answers import Answers
from explorer.drawing import Dated, draw_chart, make_time_axis
from explorer.maps import MAX_LISTED, map_incidents
from explorer.network.graph import Network, read_network
from explorer.network.pages import (
    DEPTH_BESIDE,
    MAX_ACTORS_BESIDE,
    ActorPageFilterSet,
    pin_fields,
    view_network,
)
from explorer.rollups import MAX_COUNTED, read_rollup
from explorer.views import RecordPage, day_of

Row = dict[str, Any]
MAX_AFFILIATIONS = 200
MAX_INCIDENTS = 20
MAX_STATEMENTS = 20
"""The largest numbers of rows that the page shows; it links to the others."""
_FINDINGS = ("court_finding", "investigation_finding")
_PERIODS = ("names", "classifications", "attributes", "designations", "presences")
"""The lists of a document whose rows have a period."""


class Said(NamedTuple):
    """A statement, and the incident that it is about."""

    incident: Row
    row: Row


class ActorPage(RecordPage):
    """The page of an actor."""

    type_name, base, template = "actor", "actors", "explorer/actor.html"
    filterset_class = ActorPageFilterSet

    def find_parts(self, answers: Answers, state: PublicState, document: Row) -> Row:
        actor, day = document["id"], day_of(state)
        affiliations = answers.get("affiliations/documents", actor=actor, limit=MAX_AFFILIATIONS)
        related = affiliations["results"]
        taken_part = {"participant": actor}
        counted = {"count": "true", "count_limit": MAX_COUNTED}
        incidents = answers.get("incidents", **taken_part, **counted, limit=MAX_LISTED)
        by = {"participant": actor, "group_by": ["year", "month"], "links": "false"}
        statistics = answers.get("statistics", **by)
        periods = [row["validity"] for row in related] + [document["existence"]]
        periods += [row["validity"] for name in _PERIODS for row in document[name]]
        axis = make_time_axis(periods, day)

        def draw(rows: list[Row]) -> list[Dated]:
            return [
                Dated(row, axis.draw(row["validity"]) if axis and _is_drawn(row) else None)
                for row in rows
            ]

        made = _read_statements(answers, actor, statement_by=actor)
        findings = _read_statements(answers, actor, statement_about=actor, statement_kind=_FINDINGS)
        about = _read_statements(answers, actor, statement_about=actor)
        network = read_network(answers, actor, DEPTH_BESIDE, MAX_ACTORS_BESIDE)
        view = view_network(
            answers,
            network,
            self.filters.params["at"] or day,
            day,
            MAX_ACTORS_BESIDE,
            f"/actors/{document.get('slug') or actor}",
            pin_fields(self.filters.request, state),
            "#network",
        )
        return {
            "contents": list_contents(),
            "network": view,
            "rollup": read_rollup(
                answers, actor, incidents["count"], has_below=has_below(network, actor)
            ),
            "axis": axis,
            "existence": Dated(document, axis.draw(document["existence"]) if axis else None),
            "scripts": group_names(draw(document["names"])),
            "classifications": draw(document["classifications"]),
            "attributes": draw(document["attributes"]),
            "designations": draw(document["designations"]),
            "presences": draw(document["presences"]),
            "above": draw([row for row in related if row["subject"]["id"] == actor]),
            "below": draw([row for row in related if row["subject"]["id"] != actor]),
            "support": [(row, given) for row in related for given in row["support"]],
            "has_more_affiliations": affiliations["next"] is not None,
            "incidents": incidents["results"][:MAX_INCIDENTS],
            "has_more_incidents": len(incidents["results"]) > MAX_INCIDENTS,
            "map": map_incidents(answers, incidents["results"], **taken_part),
            "incident_total": statistics["total"],
            "chart": draw_chart(statistics["groups"], day),
            "made": made,
            "findings": findings,
            "naming": [said for said in about if said.row["kind"] not in _FINDINGS],
            "findings_query": urlencode({"statement_kind": _FINDINGS}, doseq=True),
            "statistics_address": answers.address("statistics", **by),
            "incidents_address": answers.address("incidents", participant=actor),
        }


def _read_statements(answers: Answers, actor: str, **filters: Any) -> list[Said]:
    """Return the statements by or about an actor in the newest incidents that match filters.

    Its own statements are not among those about it.
    """
    found = answers.get("incidents/documents", **filters, limit=MAX_STATEMENTS)["results"]
    is_by = "statement_by" in filters
    kinds = filters.get("statement_kind")
    return [
        Said(incident, row)
        for incident in found
        for row in incident["statements"]
        if (kinds is None or row["kind"] in kinds)
        and (_is_by(row, actor) if is_by else _names(row, actor) and not _is_by(row, actor))
    ]


def _is_by(row: Row, actor: str) -> bool:
    return bool(row["speaker"]) and row["speaker"]["id"] == actor


def _names(row: Row, actor: str) -> bool:
    """Return whether a statement names an actor, or says that another acted on its behalf."""
    refs = [party[end] for party in row["responsible"] for end in ("actor", "on_behalf_of")]
    return any(ref and ref["id"] == actor for ref in refs)


def has_below(network: Network, actor: str) -> bool:
    """Return whether any actor may be below one: if not, no affiliation has it as its object."""
    return network.is_truncated or any(edge.ends[1] == actor for edge in network.edges)


def _is_drawn(row: Row) -> bool:
    return row.get("assessment") != "rejected"


def list_contents() -> list[tuple[str, str]]:
    """Return the sections of the page that are always there, by their ids."""
    return [
        ("names", gettext("Names")),
        ("classification", gettext("Existence and classification")),
        ("affiliations", gettext("Affiliations")),
        ("network", gettext("Network of a day")),
        ("incidents", gettext("Incidents")),
        ("rollup", gettext("With everything below it")),
        ("statements", gettext("Statements")),
        ("support", gettext("Support")),
        ("designations", gettext("Designations")),
        ("strength", gettext("Strength")),
        ("presence", gettext("Presence")),
        ("sources", gettext("Sources")),
        ("editions", gettext("Editions of this page")),
    ]


def group_names(names: list[Dated]) -> list[tuple[str | None, list[Dated]]]:
    """Return names by script; the scripts in order of their codes, unknown last."""
    ordered = sorted(names, key=_script_key)
    return [(script, list(rows)) for script, rows in groupby(ordered, key=_script)]


def _script(dated: Dated) -> str | None:
    script: str | None = dated.row["script"]
    return script


def _script_key(dated: Dated) -> str:
    return _script(dated) or "~"
