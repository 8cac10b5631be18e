"""Networks: an actor, those around it by so many ties, and all ties between any two of them."""

from typing import Any, NamedTuple

from django.db.models import QuerySet

from actors.entries import ActorEntry
from actors.matrix import SYMMETRIC
from api.ordering import BY_NAME, NEWEST
from api.pages import page
from publishing import documents

MOST = 10_000
"""How many ties there may be."""


class Network(NamedTuple):
    """Actors, and the ties between them."""

    nodes: list[dict[str, Any]]
    """Summaries of `actor`, each with the `distance` in ties; the nearest first, then by name."""
    edges: list[dict[str, Any]]
    """Summaries of `affiliation`, each with whether it is `symmetric`; the newest first."""
    truncated: bool
    """Whether there would be more."""


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
