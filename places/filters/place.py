"""What places can be asked for by."""

from uuid import UUID

from django.db.models import QuerySet

from api.filters import ByName, MapFilters, sort_by
from api.parameters import Flag, Places, Words
from api.texts import Name
from places.codes import PlaceKind
from places.filters.space import InSpace
from places.filters.within import InCountry
from publishing.normalization import fold
from sources.filters import Identified


class PlaceFilters(MapFilters, Identified, InCountry, InSpace):
    """The parameters of /places."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(PlaceKind, "What it is.", "kind")
    name = Name("Is shown by this name; equal after folding.", method="keep_named")
    centroids = Flag(
        "Of GeoJSON: whether places are shown at their centroids, which are all that they have.",
        default=True,
    )
    within = Places(
        "In this place or the place itself, by public id, slug or ISO code (IQ, IQ-AR).",
        method="keep_within",
    )

    place_column = "record"

    def keep_within(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what lies in one of the places, and these themselves."""
        return entries.filter(record__in=self.below(asked))

    def keep_named(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep places of a name."""
        return entries.filter(name_key=fold(asked)[:1000])
