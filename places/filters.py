"""What places can be asked for by, and how other records are asked for by place."""

from uuid import UUID

from django.db.models import Q, QuerySet

from editorial.api.filters import ByName, ListFilters, MapFilters, sort_by
from editorial.api.parameters import Flag, Places, Words
from editorial.marks import Mark
from places.codes import PlaceKind
from places.entries import PlaceEntry
from sources.filters import Identified


class InCountry(ListFilters):
    """The parameter `country`, for everything that has one."""

    country = Places("In this country, by ISO code, public id or slug.", method="keep_countries")

    def keep_countries(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what lies in one of the countries; the code of a record's place says which."""
        codes = {key for key in asked if isinstance(key, str) and key.isupper()}
        named = Q(record__in=[key for key in asked if isinstance(key, UUID)]) | Q(
            slug__in=[key for key in asked if isinstance(key, str) and key not in codes]
        )
        if len(codes) < len(asked):
            codes |= set(_countries(self.horizon).filter(named).values_list("country", flat=True))
        return entries.filter(country__in=codes)


def _countries(horizon: Mark) -> QuerySet:
    return PlaceEntry.objects.at(horizon.seq).filter(kind=PlaceKind.COUNTRY).exclude(country="")


class PlaceFilters(MapFilters, Identified, InCountry):
    """The parameters of /places."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(PlaceKind, "What it is.", "kind")
    centroids = Flag(
        "Of GeoJSON: whether places are shown at their centroids, which are all that they have.",
        default=True,
    )
