"""Filters of places, and by place: a country, a place with everything in it, a point, a box."""

import math
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Cos, Radians, Sin

from api.filters import ByName, ListFilters, MapFilters, sort_by
from api.parameters import ISO3166, Flag, Parameter, Places, Words
from api.problems import Fault
from api.texts import Name
from places.codes import PlaceKind
from places.entries import PlaceEntry, compute_cell
from publishing.models import Edition
from publishing.normalization import fold_text
from sources.filters import Identified


class ByPlace(ListFilters):
    """What can be asked for by place."""

    def below(self, asked: list[UUID | str], *, coded: bool = False) -> dict[UUID, str]:
        """Return the places below those that a parameter asks for, these included, with codes.

        They are looked up beforehand since the planner must know how many there are.
        """
        codes = {key for key in asked if isinstance(key, str) and ISO3166.fullmatch(key)}
        named, seq = set(asked) - codes, self.snapshot.seq
        reached = Edition.objects.resolve_keys("place", named, seq) if named else {}
        return PlaceEntry.objects.find_below(reached.values(), codes, seq, coded=coded)


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


EARTH_KM = 6371.0088
"""The mean radius of the earth."""
FARTHEST_KM = 500

_LATITUDE = r"-?(90(\.0{1,12})?|[1-8]?[0-9](\.[0-9]{1,12})?)"
_LONGITUDE = r"-?(180(\.0{1,12})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,12})?)"
_POINT = f"{_LONGITUDE},{_LATITUDE}"


class Box(Parameter):
    """A box between two meridians and two parallels."""

    schema = {"type": "string", "pattern": f"^{_POINT},{_POINT}$"}

    def read(self, text: str) -> tuple[float, float, float, float]:
        if not re.fullmatch(f"{_POINT},{_POINT}", text):
            raise ValueError(
                "It is minlon,minlat,maxlon,maxlat in degrees, as in 42.5,33,45,36.7: longitudes "
                "from -180 to 180, latitudes from -90 to 90."
            )
        west, south, east, north = map(float, text.split(","))
        if south > north:
            raise ValueError("Its minlat is greater than its maxlat.")
        return west, south, east, north


class Point(Parameter):
    """A point on the earth."""

    schema = {"type": "string", "pattern": f"^{_POINT}$"}

    def read(self, text: str) -> tuple[float, float]:
        if not re.fullmatch(_POINT, text):
            raise ValueError(
                "It is lon,lat in degrees, as in 44.36,33.31: a longitude from -180 to 180, a "
                "latitude from -90 to 90."
            )
        longitude, latitude = map(float, text.split(","))
        return longitude, latitude


class Kilometres(Parameter):
    """A distance."""

    schema = {"type": "number", "minimum": 0.001, "maximum": FARTHEST_KM}

    def read(self, text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,20})?", text) or not (
            0.001 <= float(text) <= FARTHEST_KM
        ):
            raise ValueError(f"It is a number of kilometres from 0.001 to {FARTHEST_KM}.")
        return float(text)


class InSpace(ListFilters):
    """The parameters for where on the earth it is, for everything that has a point."""

    bbox = Box(
        "Its point lies in this box: minlon,minlat,maxlon,maxlat. A minlon greater than the maxlon "
        "crosses the antimeridian.",
        method="keep_in_box",
    )
    near = Point("Its point lies within `radius_km` of this one: lon,lat.", method="keep_near")
    radius_km = Kilometres("How near, along the surface; only with `near`.", default=10)

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        if "radius_km" in self.data and asked["near"] is None:
            yield Fault("contradiction", "radius_km", "It goes with “near” alone: give that too.")

    def keep_in_box(
        self, entries: QuerySet, name: str, asked: tuple[float, float, float, float]
    ) -> QuerySet:
        """Keep what lies in the box."""
        return entries.filter(_in_box(*asked))

    def keep_near(self, entries: QuerySet, name: str, asked: tuple[float, float]) -> QuerySet:
        """Keep what lies in the circle: in the box around it first, as the index can tell."""
        longitude, latitude = asked
        angle = self.asked["radius_km"] / EARTH_KM
        reach = math.degrees(angle) + _ROUNDING
        west, south, east, north = -180.0, latitude - reach, 180.0, latitude + reach
        if abs(latitude) + reach < 90:  # else it holds a pole, where all meridians meet
            sine = math.sin(math.radians(reach)) / math.cos(math.radians(latitude))
            aside = math.degrees(math.asin(min(sine, 1))) + _ROUNDING
            west, east = _turned(longitude - aside), _turned(longitude + aside)
        kept = entries.filter(_in_box(west, south, east, north))
        return kept.alias(apart=_haversine(longitude, latitude)).filter(
            apart__lte=math.sin(angle / 2) ** 2 + _ROUNDING**2
        )


_ROUNDING = 1e-9
"""Degrees that are nothing: a tenth of a millimetre."""
_EAST = math.nextafter(180, 0)
"""The last longitude there is."""


_ROWS = 45
"""Boxes of more rows of cells are told by their bounds alone: they hold much, or no cell does."""


def _in_box(west: float, south: float, east: float, north: float) -> Q:
    """In a box; the antimeridian is stored as -180.

    Cells that lie in it as a whole, or cells that it touches, within its bounds: so the planner
    knows how much it holds, save in those along its edges.
    """
    if west == 180:
        return _in_box(-180, south, -180 if east == 180 else east, north)
    if west > east:
        return _in_box(west, south, 180, north) | _in_box(-180, south, east, north)
    if east == 180 and west > -180:
        return _in_box(west, south, _EAST, north) | _in_box(-180, south, -180, north)
    bounds = Q(latitude__range=(south, north), longitude__range=(west, east))
    first, last = max(math.floor(south), -90), min(math.floor(north), 90)
    if last - first >= _ROWS:
        return bounds
    whole, touched = Q(), Q()
    for row in range(first, last + 1):
        touched |= Q(
            cell__range=(compute_cell(row, math.floor(west)), compute_cell(row, math.floor(east)))
        )
        one, other = math.ceil(west), math.floor(east) - 1
        if south <= row and row + 1 <= north and one <= other:
            whole |= Q(cell__range=(compute_cell(row, one), compute_cell(row, other)))
    return whole | touched & bounds


def _turned(longitude: float) -> float:
    """Return a longitude as it is stored, from -180 to below 180."""
    return (longitude + 180) % 360 - 180


def _haversine(longitude: float, latitude: float) -> Any:
    """Return the square of half the chord from a point on the unit sphere, as an expression."""
    up = Sin(Radians(F("latitude") - latitude) / 2)
    aside = Sin(Radians(F("longitude") - longitude) / 2)
    return up * up + Cos(Radians(F("latitude"))) * math.cos(math.radians(latitude)) * aside * aside


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
        return entries.filter(name_key=fold_text(asked)[:1000])
