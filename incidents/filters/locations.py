"""By where they were incidents can be asked for."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from api.parameters import Places, Word
from incidents.codes import Precision
from incidents.entries import IncidentPlaceEntry
from places.filters import InCountry, InSpace
from sources.filters import Codes

_FROM_FINEST = list(Precision.values)


class Divisions(Codes):
    """One or more first-level divisions, each by its ISO code alone."""

    schema = {"type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$"}
    told = "It is an ISO 3166-2 code, such as IQ-BA."


class Where(InCountry, InSpace):
    """The parameters for where it was.

    All but `place` look at the primary location alone: there an incident is counted.
    """

    admin1 = Divisions(
        "Its place says that it lies in this first-level division, by ISO 3166-2 code.", "admin1"
    )
    place = Places(
        "It, or a part of it, was at this place or in it, by public id, slug or ISO code (IQ, "
        "IQ-AR).",
        method="keep_places",
    )
    precision_min = Word(
        Precision, "Its primary location is told this finely or finer.", method="keep_precise"
    )

    def keep_places(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what was at one of the places, or at one that lies in them."""
        places = IncidentPlaceEntry.objects.filter(seq=OuterRef("seq"), place__in=self.below(asked))
        return entries.filter(Exists(places))

    def keep_precise(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep what is told as finely as asked for."""
        return entries.filter(precision__in=_FROM_FINEST[: _FROM_FINEST.index(asked) + 1])
