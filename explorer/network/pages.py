"""The page `/network`, and what the page of an actor shows of its network."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from rest_framework.request import Request

from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import FirstDayParameter, IntegerParameter, RecordParameter
from api.problems import Problem
from api.snapshots import PINS, PublicState
from explorer.answers import Answers
from explorer.network.drawing import Picture, draw_network
from explorer.network.graph import (
    VERTICAL,
    Branch,
    DayEdge,
    DayNetwork,
    Network,
    make_tree,
    read_network,
)
from explorer.views import PageView, day_of
from publishing.presentation.frames import percent

MAX_ACTORS = 300
"""The largest number of actors of a network that is drawn."""
MAX_ACTORS_BESIDE = 100
"""The largest number on the page of an actor."""
DEPTH = 2
"""The number of affiliations that are followed unless the reader chooses another."""
DEPTH_BESIDE = 1
"""The number on the page of an actor."""


class DayFilters(FilterGroup):
    """The day of a network."""

    at = FirstDayParameter(
        "The day of the network; of a month or a year the first day. Without it, the day of the "
        "snapshot."
    )


class ActorPageFilterSet(DetailFilterSet):
    """The parameters of the page of an actor."""

    groups = (DayFilters, SnapshotFilters)


class NetworkPageFilters(DayFilters):
    """The centre and the size of a network."""

    actor = RecordParameter("The actor at the centre, by public id or slug.")
    depth = IntegerParameter(
        "Maximum number of affiliations between the centre and another actor.",
        1,
        4,
        default=DEPTH,
        requires="actor",
    )


class NetworkPageFilterSet(DetailFilterSet):
    """The parameters of the page."""

    groups = (NetworkPageFilters, SnapshotFilters)


class Step(NamedTuple):
    """Another day, and the address of its network."""

    day: date
    address: str


class Choice(NamedTuple):
    """Which days a reader may choose, for the slider and its scale."""

    first: date
    last: date
    ticks: list[str]
    """Where the network changes, as shares of the width."""

    @property
    def steps(self) -> int:
        """The number of days of the slider, less one."""
        return (self.last - self.first).days


class NetworkView(NamedTuple):
    """The network of a day as a page shows it."""

    day: date
    centre: dict[str, Any] | None
    depth: int
    shown: DayNetwork
    trees: list[Branch]
    side: list[DayEdge]
    """The affiliations that are no level of the hierarchy."""
    picture: Picture | None
    previous: Step | None
    next: Step | None
    choice: Choice | None
    is_truncated: bool
    limit: int
    action: str
    fields: dict[str, str]
    """The fields of the form beside the day."""
    data: str
    """The address of the same network in the API."""

    @property
    def possible_number(self) -> int:
        """The number of affiliations that are merely possible."""
        return sum(not edge.is_certain for edge in self.shown.edges)

    @property
    def certain_number(self) -> int:
        """The number of affiliations that are certain."""
        return sum(edge.is_certain for edge in self.shown.edges)


def view_network(
    answers: Answers,
    network: Network,
    day: date,
    today: date,
    limit: int,
    action: str,
    fields: Mapping[str, str],
    anchor: str = "",
) -> NetworkView:
    """Return the network of a day, with links to the days before and after on which it differs."""
    shown = network.on(day)
    trees = make_tree(shown, network.centre)

    def step(other: date | None) -> Step | None:
        if other is None:
            return None
        query = urlencode({**fields, "at": other.isoformat()})
        return Step(other, f"{action}?{query}{anchor}")

    around = {"actor": network.centre, "depth": network.depth} if network.centre else {}
    return NetworkView(
        day,
        network.actors.get(network.centre or ""),
        network.depth,
        shown,
        trees,
        [edge for edge in shown.edges if edge.row["kind"] not in VERTICAL],
        draw_network(shown, trees),
        step(network.find_previous(day)),
        step(network.find_next(day)),
        _list_choice(network, day, today),
        network.is_truncated,
        limit,
        action + anchor,
        dict(fields),
        answers.address("network", **around, at=day.isoformat(), limit=limit),
    )


def _list_choice(network: Network, day: date, today: date) -> Choice | None:
    if not network.changes:
        return None
    first = min(network.changes[0] - timedelta(1), day)
    last = max(network.changes[-1], day, today)
    length = (last - first).days or 1
    return Choice(
        first, last, [percent((change - first).days / length) for change in network.changes]
    )


def pin_fields(request: Request, state: PublicState) -> dict[str, str]:
    """Return the field that keeps a form in the same past."""
    is_past = any(name in request.query_params for name in PINS)
    return {"snapshot": str(state.snapshot)} if is_past else {}


class NetworkPage(PageView):
    """The network of a day: around an actor, or of all actors."""

    template = "explorer/network.html"
    filterset_class = NetworkPageFilterSet

    def get(self, request: Request) -> Any:
        """Return the page."""
        filters = NetworkPageFilterSet(request)
        state = self.resolve(filters.pin)
        names = ("actor", "depth", "at")
        fields = pin_fields(request, state)
        return self.show(request, state, fields=fields, **{n: filters.params[n] for n in names})

    def find_context(self, answers: Answers, state: PublicState, **context: Any) -> dict[str, Any]:
        key, depth = context["actor"], context["depth"]
        network = read_network(answers, key, depth, MAX_ACTORS)
        centre = network.actors.get(network.centre or "")
        if key and centre is None:
            raise Problem("not-found")
        fields = dict(context["fields"])
        if centre:
            fields |= {"actor": centre["slug"] or centre["id"], "depth": str(depth)}
        today = day_of(state)
        day = context["at"] or today
        view = view_network(answers, network, day, today, MAX_ACTORS, "/network", fields)
        return {"network": view, "data": view.data, "depths": range(1, 5)}
