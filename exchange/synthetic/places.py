"""Where it happens: a dozen countries as they are, with towns that are not."""

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
"""By code, how slugs call them; Fiji lies on both sides of the antimeridian."""
_DIVISIONS = 4
"""How many divisions of a country there are."""
_TOWNS = 15
"""How many towns there are in each."""


class Town(NamedTuple):
    """A settlement and what it lies in."""

    name: names.SyntheticName
    code: str
    """That of the country."""
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
                self.countries[place.code] = self._place(
                    place.slug, place.name, **_make_values(place)
                )
        for country in self.countries:
            for place in _list_divisions(country):
                parent = self.countries[country].quote
                division = self._place(place.slug, place.name, parent=parent, **_make_values(place))
                self.divisions.append(division)
                for _ in range(_TOWNS):
                    self.towns.append(self._town(len(self.towns), place, division))

    def __iter__(self) -> Iterator[SyntheticRecord]:
        yield from self.countries.values()
        yield from self.divisions
        yield from (town.place for town in self.towns)

    def _town(self, number: int, within: ListedPlace, division: SyntheticRecord) -> Town:
        luck = make_random(self.seed, "town", number)
        name, values = names.name_town(luck, number), _make_values(within)
        point = {
            "latitude": round(values["point"]["latitude"] + luck.uniform(-0.8, 0.8), 4),
            "longitude": wrap_longitude(values["point"]["longitude"] + luck.uniform(-0.8, 0.8)),
        }
        values |= {
            "kind": PlaceKind.SETTLEMENT.value,
            "parent": division.quote,
            "point": point,
            "names": [
                make_row(PlaceNameSerializer, text=f"{text} {SUFFIX}", language=language)
                for language, text in name.others.items()
            ],
        }
        place = self._place(f"synthetic-town-{number}", name.english, **values)
        return Town(name, within.country, place, division, self.countries[within.country], point)

    def _place(self, slug: str, name: str, **values: object) -> SyntheticRecord:
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
    found = [
        place
        for place in list_places()
        if place.country == country and place.kind == PlaceKind.ADMIN1 and place.point
    ]
    return found[:_DIVISIONS]


def _make_values(place: ListedPlace) -> Json:
    assert place.point
    latitude, longitude = map(float, place.point)
    return {
        "kind": place.kind.value,
        "country": place.country,
        "admin1": place.code if place.kind == PlaceKind.ADMIN1 else None,
        "point": {"latitude": latitude, "longitude": longitude},
    }
