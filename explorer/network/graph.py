"""The network of an actor on a day, and the days on which it differs.

The API gives the affiliations of all times, each with the days on which it counts. The network of
each day is a part of them, so a page needs one request for all days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from explorer.answers import Answers

Row = dict[str, Any]


class Span(NamedTuple):
    """Some days, from the first to the last one."""

    first: date
    last: date


class Edge(NamedTuple):
    """An affiliation, and the days on which it counts."""

    row: Row
    symmetric: bool
    possible: tuple[Span, ...]
    certain: tuple[Span, ...]

    @property
    def ends(self) -> tuple[str, str]:
        """The ids of the subject and the object."""
        return self.row["subject"]["id"], self.row["object"]["id"]


class DayEdge(NamedTuple):
    """An affiliation that counts on a day."""

    row: Row
    symmetric: bool
    is_certain: bool


class DayNetwork(NamedTuple):
    """The actors and the affiliations of a day."""

    actors: dict[str, Row]
    """By public id; the nearest first."""
    edges: list[DayEdge]


class Network:
    """The actors around one, or all, and the affiliations between them at all times."""

    def __init__(self, answer: Mapping[str, Any], depth: int) -> None:
        nodes = answer["nodes"]
        self.actors: dict[str, Row] = {node["actor"]["id"]: node["actor"] for node in nodes}
        self.edges = [
            Edge(
                edge["affiliation"],
                edge["symmetric"],
                _read_days(edge["possible"]),
                _read_days(edge["certain"]),
            )
            for edge in answer["edges"]
        ]
        self.centre: str | None = next(
            (n["actor"]["id"] for n in nodes if n["distance"] == 0), None
        )
        self.depth = depth
        self.is_truncated: bool = answer["truncated"]
        self._shown: dict[date, frozenset[tuple[str, bool]]] = {}

    @cached_property
    def changes(self) -> list[date]:
        """The days on which an affiliation begins to count, or counts no more."""
        days = {
            day
            for edge in self.edges
            for span in (*edge.possible, *edge.certain)
            for day in (span.first, _next_day(span.last))
        }
        return sorted(days - {date.min, date.max})

    def on(self, day: date) -> DayNetwork:
        """Return the network of a day."""
        counted = [edge for edge in self.edges if _is_in(edge.possible, day)]
        near = self._find_near(counted)
        edges = [
            DayEdge(edge.row, edge.symmetric, _is_in(edge.certain, day))
            for edge in counted
            if near.issuperset(edge.ends)
        ]
        return DayNetwork({id_: row for id_, row in self.actors.items() if id_ in near}, edges)

    def find_previous(self, day: date) -> date | None:
        """Return the last day before one on which the network differs."""
        for change in reversed(self.changes[: bisect_right(self.changes, day)]):
            before = change - timedelta(1)
            if self._show(before) != self._show(day):
                return before
        return None

    def find_next(self, day: date) -> date | None:
        """Return the first day after one on which the network differs."""
        later = self.changes[bisect_left(self.changes, _next_day(day)) :]
        return next((change for change in later if self._show(change) != self._show(day)), None)

    def _show(self, day: date) -> frozenset[tuple[str, bool]]:
        """Return what a picture shows of a day."""
        if day not in self._shown:
            edges = self.on(day).edges
            self._shown[day] = frozenset((edge.row["id"], edge.is_certain) for edge in edges)
        return self._shown[day]

    def _find_near(self, edges: list[Edge]) -> set[str]:
        """Return the actors that some affiliations connect with the centre; without one, all."""
        if self.centre is None:
            return {end for edge in edges for end in edge.ends}
        neighbours: dict[str, set[str]] = {}
        for edge in edges:
            subject, object_ = edge.ends
            neighbours.setdefault(subject, set()).add(object_)
            neighbours.setdefault(object_, set()).add(subject)
        near = newest = {self.centre} & self.actors.keys()
        for _ in range(self.depth):
            newest = set().union(*(neighbours.get(id_, ()) for id_ in newest)) - near
            near = near | newest
        return near


def read_network(answers: Answers, actor: str | None, depth: int, limit: int) -> Network:
    """Return the network around an actor, by public id or slug, or that of all actors."""
    around = {"actor": actor, "depth": depth} if actor else {}
    return Network(answers.get("network", **around, limit=limit), depth)


def _read_days(rows: list[Row]) -> tuple[Span, ...]:
    return tuple(
        Span(_parse(row["first"]) or date.min, _parse(row["last"]) or date.max) for row in rows
    )


def _parse(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _next_day(day: date) -> date:
    return day if day == date.max else day + timedelta(1)


def _is_in(days: tuple[Span, ...], day: date) -> bool:
    return any(span.first <= day <= span.last for span in days)


VERTICAL = frozenset(
    {
        "subordinate_of",
        "administratively_under",
        "member_of",
        "wing_of",
        "facade_of",
        "affiliate_of",
        "founder_of",
        "leader_of",
        "deputy_leader_of",
        "commander_of",
        "spokesperson_of",
        "adviser_of",
    }
)
"""The kinds of affiliation that place the subject below the object: those of the hierarchy, and
those of people, who are shown with the group that they belong to."""


class Branch(NamedTuple):
    """An actor in the list of a network, with those below it."""

    actor: Row
    edge: DayEdge | None
    """The affiliation by which it is below the actor above; None at the top."""
    branches: list["Branch"]
    is_repeated: bool
    """Whether the actor has been listed before, with those below it."""
    is_centre: bool


def make_tree(network: DayNetwork, centre: str | None) -> list[Branch]:
    """Return the actors of a day as trees; those at the top that have more below come first."""
    below: dict[str, list[DayEdge]] = {}
    has_above = set[str]()
    for edge in network.edges:
        if edge.row["kind"] in VERTICAL:
            below.setdefault(edge.row["object"]["id"], []).append(edge)
            has_above.add(edge.row["subject"]["id"])
    seen = set[str]()

    def grow(id_: str, edge: DayEdge | None) -> Branch:
        is_repeated = id_ in seen
        seen.add(id_)
        edges = [] if is_repeated else sorted(below.get(id_, ()), key=_edge_key)
        branches = [grow(each.row["subject"]["id"], each) for each in edges]
        return Branch(network.actors[id_], edge, branches, is_repeated, id_ == centre)

    trees = [grow(id_, None) for id_ in network.actors if id_ not in has_above]
    # Affiliations in a circle, which only disputed ones can be, leave no actor at the top.
    trees += [grow(id_, None) for id_ in network.actors if id_ not in seen]
    return sorted(trees, key=lambda tree: (-_count(tree), _name(tree.actor)))


def _edge_key(edge: DayEdge) -> tuple[str, str]:
    return _name(edge.row["subject"]), edge.row["id"]


def _name(row: Row) -> str:
    return str(row["name"] or "").casefold()


def _count(tree: Branch) -> int:
    return 1 + sum(_count(branch) for branch in tree.branches)


def iterate(trees: list[Branch], level: int = 0) -> Iterator[tuple[int, Branch]]:
    """Yield all branches with their levels, from the top."""
    for tree in trees:
        yield level, tree
        yield from iterate(tree.branches, level + 1)
