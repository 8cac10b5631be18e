"""The filters by source, cited by an incident or by any part of it."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from api.filtersets import FilterGroup
from api.parameters import IdsParameter
from incidents.entries import IncidentSourceEntry
from sources.entries import SourceEntry


class CitationFilters(FilterGroup):
    """The filters by source, cited by an incident or by any part of it."""

    source = IdsParameter(
        "Incidents that cite this source, by public id; the id of a merged record also works.",
        method="filter_sources",
    )
    publisher = IdsParameter(
        "Incidents that cite a source of this publisher, by public id; the id of a merged record "
        "also works.",
        method="filter_publishers",
    )

    def filter_sources(self, entries: QuerySet, name: str, ids: list[UUID]) -> QuerySet:
        """Return the incidents that cite one of the sources."""
        sources = self.find_records(name, "source", ids)
        citations = IncidentSourceEntry.objects.filter(seq=OuterRef("seq"), source__in=sources)
        return entries.filter(Exists(citations))

    def filter_publishers(self, entries: QuerySet, name: str, ids: list[UUID]) -> QuerySet:
        """Return the incidents that cite a source of one of the publishers."""
        publishers = self.find_records(name, "publisher", ids)
        sources = SourceEntry.objects.at(self.snapshot.seq).filter(publisher__in=publishers)
        citations = IncidentSourceEntry.objects.filter(
            seq=OuterRef("seq"), source__in=sources.values("record")
        )
        return entries.filter(Exists(citations))

    def find_cited(self, name: str) -> QuerySet:
        """Return citations with a `source` or a `publisher`, of those that the request names."""
        rows = IncidentSourceEntry.objects.all()
        if name == "publisher":
            cited = SourceEntry.objects.at(self.snapshot.seq).filter(record=OuterRef("source"))
            rows = rows.annotate(publisher=Subquery(cited.values("publisher")[:1]))
            rows = rows.filter(publisher__isnull=False)
        if self.params[name] is None:
            return rows
        return rows.filter(**{f"{name}__in": self.find_records(name, name, self.params[name])})
