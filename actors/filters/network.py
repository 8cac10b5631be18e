"""What the network around an actor can be asked for by."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, TextChoices

from actors.codes import AffiliationKind
from actors.entries import ActorEntry
from actors.filters.dates import Held
from actors.filters.ties import counted
from api.filters import DetailFilters, Escaping
from api.parameters import Records, Whole, Word, Words
from api.problems import Fault
from publishing.models import Edition


class NetworkFormat(TextChoices):
    """The words of the parameter `format` of a network."""

    JSON = "json"
    GRAPHML = "graphml"
    CSV = "csv"


class Part(TextChoices):
    """The words of the parameter `part`."""

    NODES = "nodes"
    EDGES = "edges"


class Ego(Records):
    """One actor, by public id or slug."""

    repeatable = False


class NetworkFilters(Held, DetailFilters):
    """The parameters of /network."""

    actor = Ego("The actor in its midst, by public id or slug.", needed=True)
    depth = Whole("By how many ties, at the most, an actor is away from it.", 1, 4, default=1)
    kind = Words(AffiliationKind, "Only ties of these kinds.")
    limit = Whole("How many actors, at the most: the nearest ones.", 1, 1000, default=500)
    format = Word(
        NetworkFormat,
        "JSON, or a file of GraphML or CSV. It wins over Accept; without it, Accept chooses.",
    )
    part = Word(Part, "Of CSV: which of its two tables.")
    escape = Escaping()

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        table = self.request.accepted_renderer.format == NetworkFormat.CSV
        if table and asked["part"] is None:
            yield Fault("contradiction", "part", "CSV holds one of two tables: say nodes or edges.")
        for name in ("part", "escape"):
            if asked[name] is not None and not table:
                yield Fault("contradiction", name, "It goes with format=csv alone.")

    def ego(self, seq: int) -> QuerySet:
        """Return the actor in the midst, merges followed, if it is public and existed then."""
        asked = self.asked["actor"]
        found = Edition.objects.resolve_keys("actor", [asked], seq)
        actors = ActorEntry.objects.at(seq).filter(record__in=found.values())
        return (
            actors if self.asked["at"] is None else self.keep_held(actors, "at", self.asked["at"])
        )

    def ties(self, seq: int) -> QuerySet:
        """Return the ties that lead from one actor to another."""
        ties = counted(self.asked["dates"], seq, self.asked["at"])
        return ties if self.asked["kind"] is None else ties.filter(kind__in=self.asked["kind"])
