"""The filters by location."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, PlacesParameter
from incidents.codes import Precision
from incidents.entries import IncidentPlaceEntry
from places.filters import find_places_below
from sources.filters import CountryCodesParameter

_FINEST_FIRST = list(Precision.values)


class DivisionCodesParameter(CountryCodesParameter):
    """One or more first-level divisions, each by its ISO 3166-2 code only."""

    schema = {"type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$"}
    advice = "Use an ISO 3166-2 code, such as IQ-BA."


class LocationFilters(FilterGroup):
    """The filters by location.

    Only `place` looks at all locations. The others look at the primary one, by which an incident is
    counted.
    """

    admin1 = DivisionCodesParameter(
        "Incidents whose primary location lies in this first-level division, by ISO 3166-2 code.",
        "admin1",
    )
    place = PlacesParameter(
        "Incidents with a location at this place or in it, by public id, slug or ISO code (IQ, "
        "IQ-AR).",
        method="filter_places",
    )
    precision_min = ChoiceParameter(
        Precision,
        "Incidents whose primary location is known at least this precisely.",
        method="filter_precision",
    )

    def filter_places(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the incidents with a location at one of the places, or in one of them."""
        places = find_places_below(keys, self.snapshot.seq)
        rows = IncidentPlaceEntry.objects.filter(seq=OuterRef("seq"), place__in=places)
        return entries.filter(Exists(rows))

    def filter_precision(self, entries: QuerySet, name: str, coarsest: str) -> QuerySet:
        """Return the incidents that are located this precisely or more."""
        precisions = _FINEST_FIRST[: _FINEST_FIRST.index(coarsest) + 1]
        return entries.filter(precision__in=precisions)
