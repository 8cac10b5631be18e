"""Synthetic places: a dozen real countries with invented towns."""

from collections.abc import Iterator
from typing import NamedTuple

from exchange.synthetic import names
from exchange.synthetic.documents import (
    SUFFIX,
    Json,
    SyntheticRecord,
    make_citations,
    make_public_id,
    make_random,
    make_record,
    make_row,
)
from exchange.world import ListedPlace, list_places
from places.codes import PlaceKind
from places.models import Place
from places.serializers import PlaceNameSerializer

COUNTRIES = {
    "IQ": "irq",
    "SY": "syr",
    "LB": "lbn",
    "YE": "yem",
    "UA": "ukr",
    "CO": "col",
    "ML": "mli",
    "NG": "nga",
    "PH": "phl",
    "FJ": "fji",
    "SD": "sdn",
    "MM": "mmr",
}
"""The words for countries in slugs, by code; Fiji is on both sides of the antimeridian."""
_DIVISIONS = 4
"""The divisions of each country."""
_TOWNS = 15
"""The towns of each division."""


class Town(NamedTuple):
    """A settlement with its division and country."""

    name: names.SyntheticName
    code: str
    """The code of the country."""
    place: SyntheticRecord
    division: SyntheticRecord
    country: SyntheticRecord
    point: dict[str, float]


class SyntheticPlaces:
    """All places."""

    def __init__(self, seed: int, source: dict[str, str]) -> None:
        self.seed, self.source = seed, source
        self.countries: dict[str, SyntheticRecord] = {}
        self.divisions: list[SyntheticRecord] = []
        self.towns: list[Town] = []
        for place in list_places():
            if place.country in COUNTRIES and place.kind == PlaceKind.COUNTRY:
                self.countries[place.code] = self._make_place(
                    place.slug, place.name, **_make_values(place)
                )
        for country in self.countries:
            for place in _list_divisions(country):
                parent = self.countries[country].reference
                division = self._make_place(
                    place.slug, place.name, parent=parent, **_make_values(place)
                )
                self.divisions.append(division)
                for _ in range(_TOWNS):
                    self.towns.append(self._make_town(len(self.towns), place, division))

    def __iter__(self) -> Iterator[SyntheticRecord]:
        yield from self.countries.values()
        yield from self.divisions
        yield from (town.place for town in self.towns)

    def _make_town(self, number: int, within: ListedPlace, division: SyntheticRecord) -> Town:
        random = make_random(self.seed, "town", number)
        name, values = names.name_town(random, number), _make_values(within)
        point = {
            "latitude": round(values["point"]["latitude"] + random.uniform(-0.8, 0.8), 4),
            "longitude": wrap_longitude(values["point"]["longitude"] + random.uniform(-0.8, 0.8)),
        }
        values |= {
            "kind": PlaceKind.SETTLEMENT.value,
            "parent": division.reference,
            "point": point,
            "names": [
                make_row(PlaceNameSerializer, text=f"{text} {SUFFIX}", language=language)
                for language, text in sorted(name.others.items())
            ],
        }
        place = self._make_place(f"synthetic-town-{number}", name.english, **values)
        return Town(name, within.country, place, division, self.countries[within.country], point)

    def _make_place(self, slug: str, name: str, **values: object) -> SyntheticRecord:
        return make_record(
            Place,
            make_public_id(self.seed, slug, 0),
            slug=slug,
            name=f"{name} {SUFFIX}",
            citations=make_citations(self.source),
            **values,
        )


def wrap_longitude(longitude: float) -> float:
    """Return a longitude between -180 and 180."""
    return round((longitude + 180) % 360 - 180, 4)


def _list_divisions(country: str) -> list[ListedPlace]:
    divisions = [
        place
        for place in list_places()
        if place.country == country and place.kind == PlaceKind.ADMIN1 and place.point
    ]
    return divisions[:_DIVISIONS]


def _make_values(place: ListedPlace) -> Json:
    assert place.point
    latitude, longitude = map(float, place.point)
    return {
        "kind": place.kind.value,
        "country": place.country,
        "admin1": place.code if place.kind == PlaceKind.ADMIN1 else None,
        "point": {"latitude": latitude, "longitude": longitude},
    }
