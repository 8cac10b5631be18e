"""The incidents of an actor and everything below it, each with the path by which it counts."""

from typing import Any, NamedTuple

from explorer.answers import Answers
from publishing.presentation.words import count_in_words

Row = dict[str, Any]
MAX_ROWS = 20
"""The largest number of incidents that are explained; the page links to the others."""
MAX_COUNTED = 1_000
"""The number at which counting stops: an umbrella may have more incidents than can be counted."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""An id that nothing has: with it, a page always needs the same queries."""


class Link(NamedTuple):
    """An affiliation of a path."""

    row: Row
    validity: Row | None
    citations: list[Row]


class Reason(NamedTuple):
    """Why an incident counts: an actor of it, and the path from it up to the actor of the page."""

    actor: Row
    is_certain: bool
    path: list[Link]


class Counted(NamedTuple):
    """An incident and the reasons why it counts."""

    incident: Row
    reasons: list[Reason]


class RollUp(NamedTuple):
    """The incidents of an actor and everything below it."""

    rows: list[Counted]
    total: int
    total_words: str
    certain_words: str
    """How many of them certainly count: the whole path was valid on each day of the incident."""
    is_alone: bool
    """Whether the actors below the actor add no incident."""
    has_more: bool
    address: str
    """The address of the whole list."""


def read_rollup(answers: Answers, actor: str, own: int, *, has_below: bool) -> RollUp:
    """Return the newest incidents of an actor and everything below it.

    `own` is the number of its own incidents. Where not all are counted, the numbers cannot say
    whether others add to them, but `has_below` does: whether any actor may be below it.
    """
    scope = {"participant": actor, "participant_scope": "all"}
    counted = {"count": "true", "count_limit": MAX_COUNTED}
    found = answers.get("incidents", **scope, **counted, explain="true", limit=MAX_ROWS)
    certain = answers.get("incidents", **scope, **counted, dates="certain", limit=1)
    rows: list[Row] = found["results"]
    total = found["count"]
    ids = {
        link["affiliation"]
        for row in rows
        for explanation in row["explanation"]
        for link in explanation["path"]
    }
    known = answers.get("affiliations/documents", id=sorted(ids) or [NOBODY], limit=len(ids) or 1)
    by_id = {document["id"]: document for document in known["results"]}
    return RollUp(
        [Counted(row, [_explain(each, by_id) for each in row["explanation"]]) for row in rows],
        total,
        count_in_words(total, is_exact=total < MAX_COUNTED),
        count_in_words(certain["count"], is_exact=certain["count"] < MAX_COUNTED),
        total == own and (total < MAX_COUNTED or not has_below),
        found["next"] is not None,
        answers.address("incidents", **scope, explain="true"),
    )


def _explain(explanation: Row, by_id: dict[str, Row]) -> Reason:
    links = []
    for link in explanation["path"]:
        document = by_id.get(link["affiliation"], {})
        links.append(Link(link, document.get("validity"), document.get("citations", [])))
    return Reason(explanation["actor"], explanation["is_certain"], links)
