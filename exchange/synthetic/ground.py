"""Where it happens: a dozen countries as they are, with towns that are not."""

from collections.abc import Iterator
from typing import NamedTuple

from exchange.synthetic import names
from exchange.synthetic.shown import MARK, Shown, Told, chance, cited, public_id, row, told
from exchange.world import Listed, listed
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

    name: names.Name
    code: str
    """That of the country."""
    place: Told
    division: Told
    country: Told
    point: dict[str, float]


class Ground:
    """All places."""

    def __init__(self, seed: int, source: dict[str, str]) -> None:
        self.seed, self.source = seed, source
        self.countries: dict[str, Told] = {}
        self.divisions: list[Told] = []
        self.towns: list[Town] = []
        for place in listed():
            if place.country in COUNTRIES and place.kind == PlaceKind.COUNTRY:
                self.countries[place.code] = self._place(place.slug, place.name, **_values(place))
        for country in self.countries:
            for place in _divisions_of(country):
                parent = self.countries[country].quote
                division = self._place(place.slug, place.name, parent=parent, **_values(place))
                self.divisions.append(division)
                for _ in range(_TOWNS):
                    self.towns.append(self._town(len(self.towns), place, division))

    def __iter__(self) -> Iterator[Told]:
        yield from self.countries.values()
        yield from self.divisions
        yield from (town.place for town in self.towns)

    def _town(self, number: int, within: Listed, division: Told) -> Town:
        luck = chance(self.seed, "town", number)
        name, values = names.town(luck, number), _values(within)
        point = {
            "latitude": round(values["point"]["latitude"] + luck.uniform(-0.8, 0.8), 4),
            "longitude": turned(values["point"]["longitude"] + luck.uniform(-0.8, 0.8)),
        }
        values |= {
            "kind": PlaceKind.SETTLEMENT.value,
            "parent": division.quote,
            "point": point,
            "names": [
                row(PlaceNameSerializer, text=f"{text} {MARK}", language=language)
                for language, text in name.others.items()
            ],
        }
        place = self._place(f"synthetic-town-{number}", name.english, **values)
        return Town(name, within.country, place, division, self.countries[within.country], point)

    def _place(self, slug: str, name: str, **values: object) -> Told:
        return told(
            Place,
            public_id(self.seed, slug, 0),
            slug=slug,
            name=f"{name} {MARK}",
            citations=cited(self.source),
            **values,
        )


def turned(longitude: float) -> float:
    """Return a longitude between -180 and 180."""
    return round((longitude + 180) % 360 - 180, 4)


def _divisions_of(country: str) -> list[Listed]:
    found = [
        place
        for place in listed()
        if place.country == country and place.kind == PlaceKind.ADMIN1 and place.point
    ]
    return found[:_DIVISIONS]


def _values(place: Listed) -> Shown:
    assert place.point
    latitude, longitude = map(float, place.point)
    return {
        "kind": place.kind.value,
        "country": place.country,
        "admin1": place.code if place.kind == PlaceKind.ADMIN1 else None,
        "point": {"latitude": latitude, "longitude": longitude},
    }
