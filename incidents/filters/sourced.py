"""By what they are founded on incidents can be asked for."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from api.filters import ListFilters
from api.parameters import Ids
from incidents.entries import IncidentSourceEntry
from publishing.models import Edition
from sources.entries import SourceEntry


class Sourced(ListFilters):
    """The parameters for sources, of any citation of the incident or of a part of it."""

    source = Ids("What it cites, by public id; merges are followed.", method="keep_cited")
    publisher = Ids(
        "Who published what it cites, by public id; merges are followed.", method="keep_published"
    )

    def keep_cited(self, entries: QuerySet, name: str, asked: list[UUID]) -> QuerySet:
        """Keep what cites one of the sources."""
        found = Edition.objects.resolve_keys("source", asked, self.snapshot.seq)
        return entries.filter(Exists(_citing().filter(source__in=found.values())))

    def keep_published(self, entries: QuerySet, name: str, asked: list[UUID]) -> QuerySet:
        """Keep what cites a source that one of the publishers has published."""
        found = Edition.objects.resolve_keys("publisher", asked, self.snapshot.seq)
        standing = SourceEntry.objects.at(self.snapshot.seq)
        sources = standing.filter(publisher__in=found.values()).values("record")
        return entries.filter(Exists(_citing().filter(source__in=sources)))


def _citing() -> QuerySet:
    return IncidentSourceEntry.objects.filter(seq=OuterRef("seq"))
