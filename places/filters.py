"""The filters of places, and the filters by place that other apps use: by country, point or box."""

import math
import re
from functools import reduce
from operator import or_
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Cos, Radians, Sin

from api.codes import read_country, read_place
from api.filters import (
    LIST_GROUPS,
    ByName,
    DetailFilterSet,
    ListFilterSet,
    MapFormatFilters,
    SnapshotFilters,
    SortParameter,
    make_format_filters,
)
from api.filtersets import FilterGroup
from api.formats import MapFormat
from api.parameters import (
    ISO3166,
    BooleanParameter,
    MultipleChoiceParameter,
    Parameter,
    PlacesParameter,
    TextParameter,
)
from places.codes import PlaceKind
from places.entries import PlaceEntry, compute_cell
from places.outlines import WORLD
from publishing.codes import RecordType
from publishing.models import Edition
from publishing.normalization import fold_text
from publishing.presentation.borders import Box
from sources.filters import ExternalIdFilters

Key = UUID | str
"""A public id, a slug or an ISO code of a place."""


def find_places_below(group: FilterGroup, name: str, keys: list[Key]) -> dict[UUID, str]:
    """Return the places of the keys in the parameter `name`, and all places below them.

    They are looked up before the entries, because the planner must know how many there are.
    """
    return _find_below(group, name, *_read_keys(group, name, keys))


def _read_keys(group: FilterGroup, name: str, keys: list[Key]) -> tuple[set[UUID], dict[str, Key]]:
    """Return the public ids that keys mean, and the ISO codes, each with its key.

    A slug that no public place has may be a code in lowercase, such as iq or irq.
    """
    codes: dict[str, Key] = {
        key: key for key in keys if isinstance(key, str) and ISO3166.fullmatch(key)
    }
    others = [key for key in keys if key not in codes]
    if not others:
        return set(), codes
    roots = Edition.objects.resolve_keys("place", others, group.snapshot.seq)
    for key in others:
        if key not in roots:
            if code := read_place(str(key)):
                codes[code] = key
            else:
                group.warn_missing(name, "place", [key])
    return set(roots.values()), codes


def _find_below(
    group: FilterGroup,
    name: str,
    roots: set[UUID],
    codes: dict[str, Key],
    *,
    coded: bool = False,
) -> dict[UUID, str]:
    """Return places and all places below them, with their own codes; warn of unused codes."""
    below = PlaceEntry.objects.find_below(roots, codes, group.snapshot.seq, coded=coded)
    missing = codes.keys() - below.values()
    group.warn_missing(name, "place", [codes[code] for code in missing])
    return below


class CountryFilters(FilterGroup):
    """The filter by country, for all records that have one."""

    country = PlacesParameter(
        "Records in this country, by ISO code, public id or slug. The key of another place means "
        "this place and all places below it.",
        method="filter_countries",
    )

    place_column: ClassVar[str] = "place"
    """The column of the place that an entry lies in."""

    def filter_countries(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the entries in one of the countries, by the country code of their own place."""
        roots, codes = _read_keys(self, name, keys)
        countries = {code for code in codes if code == read_country(code)}
        if not roots and codes.keys() == countries:
            return entries.filter(country__in=countries)
        others = {code: key for code, key in codes.items() if code not in countries}
        below = _find_below(self, name, roots, others, coded=True)
        countries |= {code for code in (*codes, *below.values()) if len(code) == 2}
        places = [place for place, code in below.items() if len(code) != 2]
        return entries.filter(Q(country__in=countries) | Q(**{f"{self.place_column}__in": places}))


EARTH_KM = 6371.0088
"""The mean radius of the earth."""
MAX_RADIUS_KM = 500
"""The largest radius that `near` takes."""

_LATITUDE = r"-?(90(\.0{1,12})?|[1-8]?[0-9](\.[0-9]{1,12})?)"
_LONGITUDE = r"-?(180(\.0{1,12})?|(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,12})?)"
_POINT = f"{_LONGITUDE},{_LATITUDE}"


class BoxParameter(Parameter):
    """A box between two meridians and two parallels."""

    schema = {"type": "string", "pattern": f"^{_POINT},{_POINT}$"}
    example = "42.5,33,45,36.7"

    def parse(self, text: str) -> tuple[float, float, float, float]:
        if not re.fullmatch(f"{_POINT},{_POINT}", text):
            raise ValueError(
                "Use minlon,minlat,maxlon,maxlat in degrees, such as 42.5,33,45,36.7: longitudes "
                "from -180 to 180, latitudes from -90 to 90."
            )
        west, south, east, north = map(float, text.split(","))
        if south > north:
            raise ValueError("The minlat must not be greater than the maxlat.")
        return west, south, east, north


class PointParameter(Parameter):
    """A point on the earth, as longitude and latitude."""

    schema = {"type": "string", "pattern": f"^{_POINT}$"}
    example = "44.36,33.31"

    def parse(self, text: str) -> tuple[float, float]:
        if not re.fullmatch(_POINT, text):
            raise ValueError(
                "Use lon,lat in degrees, such as 44.36,33.31: a longitude from -180 to 180 and a "
                "latitude from -90 to 90."
            )
        longitude, latitude = map(float, text.split(","))
        return longitude, latitude


class KilometresParameter(Parameter):
    """A distance in kilometres."""

    schema = {"type": "number", "minimum": 0.001, "maximum": MAX_RADIUS_KM}
    example = 50

    def parse(self, text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,20})?", text) or not (
            0.001 <= float(text) <= MAX_RADIUS_KM
        ):
            raise ValueError(f"Use a number of kilometres from 0.001 to {MAX_RADIUS_KM}.")
        return float(text)


class PointFilters(FilterGroup):
    """The filters by coordinates, for all records that have a point."""

    bbox = BoxParameter(
        "Records whose point lies in this box: minlon,minlat,maxlon,maxlat. The box crosses the "
        "antimeridian if minlon is greater than maxlon.",
        method="filter_box",
    )
    near = PointParameter(
        "Records whose point lies within `radius_km` of this one: lon,lat.", method="filter_near"
    )
    radius_km = KilometresParameter(
        "The distance for `near`, in kilometres along the surface.", default=10, requires="near"
    )

    @property
    def point_prefixes(self) -> tuple[str, ...]:
        """The prefixes of the columns of each point that may match."""
        return ("",)

    def filter_box(
        self, entries: QuerySet, name: str, box: tuple[float, float, float, float]
    ) -> QuerySet:
        """Return the entries in the box."""
        inside = (_in_box(*box, prefix) for prefix in self.point_prefixes)
        return entries.filter(reduce(or_, inside))

    def filter_near(self, entries: QuerySet, name: str, point: tuple[float, float]) -> QuerySet:
        """Return the entries in the circle: first those in the box around it, by the index."""
        longitude, latitude = point
        angle = self.params["radius_km"] / EARTH_KM
        reach = math.degrees(angle) + _ROUNDING
        west, south, east, north = -180.0, latitude - reach, 180.0, latitude + reach
        if abs(latitude) + reach < 90:  # otherwise it holds a pole, where all meridians meet
            sine = math.sin(math.radians(reach)) / math.cos(math.radians(latitude))
            aside = math.degrees(math.asin(min(sine, 1))) + _ROUNDING
            west, east = _normalize(longitude - aside), _normalize(longitude + aside)
        limit = math.sin(angle / 2) ** 2 + _ROUNDING**2
        inside = Q()
        for prefix in self.point_prefixes:
            distance = f"{prefix}distance"
            entries = entries.alias(**{distance: _haversine(longitude, latitude, prefix)})
            box = _in_box(west, south, east, north, prefix)
            inside |= box & Q(**{f"{distance}__lte": limit})
        return entries.filter(inside)


_ROUNDING = 1e-9
"""Degrees that do not matter: a tenth of a millimetre."""
_EAST = math.nextafter(180, 0)
"""The largest longitude that is stored."""
_MAX_ROWS = 45
"""A box with more rows of cells is compared by its bounds only: cells would not narrow it down."""


def _in_box(west: float, south: float, east: float, north: float, prefix: str) -> Q:
    """Return the condition for points in a box, whose columns have a prefix.

    The antimeridian is stored as -180. A point lies in a cell of one degree that is inside the box,
    or in a cell that the box touches and within its bounds. The planner has statistics of cells, so
    it only has to guess along the edges of the box.
    """
    if west == 180:
        return _in_box(-180, south, -180 if east == 180 else east, north, prefix)
    if west > east:
        return _in_box(west, south, 180, north, prefix) | _in_box(-180, south, east, north, prefix)
    if east == 180 and west > -180:
        rest = _in_box(-180, south, -180, north, prefix)
        return _in_box(west, south, _EAST, north, prefix) | rest
    bounds = _between(f"{prefix}latitude", south, north)
    bounds &= _between(f"{prefix}longitude", west, east)
    cell = f"{prefix}cell"
    first, last = max(math.floor(south), -90), min(math.floor(north), 90)
    if last - first >= _MAX_ROWS:
        return bounds
    inside, touched = Q(), Q()
    for row in range(first, last + 1):
        ends = compute_cell(row, math.floor(west)), compute_cell(row, math.floor(east))
        touched |= _between(cell, *ends)
        start, end = math.ceil(west), math.floor(east) - 1
        if south <= row and row + 1 <= north and start <= end:
            inside |= _between(cell, compute_cell(row, start), compute_cell(row, end))
    return inside | touched & bounds


def _between(column: str, low: float, high: float) -> Q:
    return Q(**{f"{column}__range": (low, high)})


def _normalize(longitude: float) -> float:
    """Return a longitude as it is stored, from -180 to below 180."""
    return (longitude + 180) % 360 - 180


def _haversine(longitude: float, latitude: float, prefix: str) -> Any:
    """Return the square of half the chord from a point on the unit sphere, as an expression."""
    north = Sin(Radians(F(f"{prefix}latitude") - latitude) / 2)
    east = Sin(Radians(F(f"{prefix}longitude") - longitude) / 2)
    return north * north + (
        Cos(Radians(F(f"{prefix}latitude"))) * math.cos(math.radians(latitude)) * east * east
    )


class PlaceFormatFilters(MapFormatFilters):
    """The format of the list of places."""

    centroids = BooleanParameter(
        "For GeoJSON: whether places are shown at their centroids, which are their only points.",
        default=True,
        only_format=MapFormat.GEOJSON,
    )


class PlaceCountryFilters(CountryFilters):
    """The filter by country, for places."""

    place_column = "record"


class PlaceFilters(FilterGroup):
    """The filters of places alone."""

    kind = MultipleChoiceParameter(PlaceKind, "Places of this kind.", "kind")
    name = TextParameter(
        "Places with this name, whatever the case, the accents or the form of the letters.",
        method="filter_names",
    )
    within = PlacesParameter(
        "This place and all places in it, by public id, slug or ISO code (IQ, IQ-AR).",
        method="filter_within",
    )

    def filter_within(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the places of the keys and all places in them."""
        return entries.filter(record__in=find_places_below(self, name, keys))

    def filter_names(self, entries: QuerySet, name: str, text: str) -> QuerySet:
        """Return the places with a name that folds to the same text."""
        return entries.filter(name_key=fold_text(text)[:1000])


class PlaceFilterSet(ListFilterSet):
    """The parameters of /places."""

    groups = (
        *LIST_GROUPS,
        make_format_filters(RecordType.PLACE, PlaceFormatFilters),
        ExternalIdFilters,
        PlaceCountryFilters,
        PointFilters,
        PlaceFilters,
    )
    sort = SortParameter(ByName, ByName.NAME)


class BorderFilters(FilterGroup):
    """Which part of the world a map shows."""

    bbox = BoxParameter(
        "Only lines in this box, cut off at its edge: minlon,minlat,maxlon,maxlat. The box crosses "
        "the antimeridian if minlon is greater than maxlon."
    )

    @property
    def boxes(self) -> list[Box]:
        """The requested box, or its two parts if it crosses the antimeridian."""
        west, south, east, north = self.params["bbox"] or WORLD
        if west <= east:
            return [Box(west, south, east, north)]
        return [Box(west, south, 180, north), Box(-180, south, east, north)]


class BorderFilterSet(DetailFilterSet):
    """The parameters of /borders."""

    groups = (SnapshotFilters, BorderFilters)
