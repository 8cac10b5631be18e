"""Matching the countries and first-level divisions of a dataset to published places."""

from functools import cache
from typing import Any

from places.codes import PlaceKind
from places.models import Place
from publishing.models import Edition
from publishing.normalization import fold_text

_KIND_WORDS = {
    *("autonomous", "capital", "city", "county", "department", "district", "division", "federal"),
    *("governorate", "island", "municipality", "oblast", "prefecture", "province", "region"),
    *("republic", "state", "territory", "union"),
}
"""Words for the kind of a division, which only some sources write."""


class Gazetteer:
    """The published countries and first-level divisions, by folded name in any language."""

    def __init__(self) -> None:
        countries = Place.objects.filter(kind=PlaceKind.COUNTRY).exclude(country="")
        self.countries = {place.country: place for place in _filter_public(countries)}
        self.divisions: dict[tuple[str, str], set[int]] = {}
        divisions = Place.objects.filter(kind=PlaceKind.ADMIN1).prefetch_related("names")
        self.by_key: dict[int, Place] = {}
        for place in _filter_public(divisions):
            self.by_key[place.pk] = place
            country = place.country or place.admin1[:2]
            for name in {place.name, *(name.text for name in place.names.all())}:
                for key in {_fold_whole(name), _fold_bare(name)} - {""}:
                    self.divisions.setdefault((country, key), set()).add(place.pk)

    def country(self, code: str) -> Place | None:
        """Return a country by its ISO 3166-1 alpha-2 code."""
        return self.countries.get(code)

    def division(self, code: str, name: str) -> Place | None:
        """Return the only first-level division of a country with a name, in any language."""
        for key in (_fold_whole(name), _fold_bare(name)):
            keys = self.divisions.get((code, key), set())
            if len(keys) == 1:
                return self.by_key[next(iter(keys))]
        return None


def _filter_public(places: Any) -> list[Place]:
    """Return the places that are public, so that records may reference them."""
    listed = list(places)
    editions = Edition.objects.newest_of([place.public_id for place in listed])
    public = set(editions.filter(public=True).values_list("record", flat=True))
    return [place for place in listed if place.public_id in public]


@cache
def _fold_whole(name: str) -> str:
    return fold_text(name).replace(" ", "")


@cache
def _fold_bare(name: str) -> str:
    """Return a folded name without the words for the kind of a division."""
    return "".join(word for word in fold_text(name).split() if word not in _KIND_WORDS)
