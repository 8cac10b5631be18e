"""How records are asked for by a place, which means everything below it."""

from typing import ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from api.filters import ListFilters
from api.parameters import ISO3166, Places
from places.entries import PlaceEntry
from publishing.models import Edition


class ByPlace(ListFilters):
    """What can be asked for by place."""

    def below(self, asked: list[UUID | str], *, coded: bool = False) -> dict[UUID, str]:
        """Return the places below those that a parameter asks for, these included, with codes.

        They are looked up beforehand since the planner must know how many there are.
        """
        codes = {key for key in asked if isinstance(key, str) and ISO3166.fullmatch(key)}
        named, seq = set(asked) - codes, self.horizon.seq
        reached = Edition.objects.reached("place", named, seq) if named else {}
        return PlaceEntry.objects.below(reached.values(), codes, seq, coded=coded)


class InCountry(ByPlace):
    """The parameter `country`, for everything that has one."""

    country = Places(
        "In this country, by ISO code, public id or slug. Another place means what lies below it.",
        method="keep_countries",
    )

    place_column: ClassVar[str] = "place"
    """The column of the place that an entry lies in."""

    def keep_countries(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what lies in one of the countries; the code of a record's place says which."""
        codes = {key for key in asked if isinstance(key, str) and len(key) == 2 and key.isupper()}
        others = [key for key in asked if key not in codes]
        if not others:
            return entries.filter(country__in=codes)
        below = self.below(others, coded=True)
        codes |= {code for code in below.values() if len(code) == 2}
        places = [place for place, code in below.items() if len(code) != 2]
        return entries.filter(Q(country__in=codes) | Q(**{f"{self.place_column}__in": places}))
