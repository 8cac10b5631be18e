"""The filters by location."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from api.codes import read_place
from api.filtersets import FilterGroup
from api.formats import MapFormat
from api.parameters import (
    BooleanParameter,
    ChoiceParameter,
    MultipleChoiceParameter,
    Parameter,
    PlacesParameter,
)
from api.problems import Fault
from incidents.codes import Precision
from incidents.entries import IncidentPlaceEntry
from places.filters import BoxParameter, PointFilters, PointParameter, find_places_below

_FINEST_FIRST = list(Precision.values)


class DivisionCodesParameter(Parameter):
    """One or more first-level divisions, each by its ISO 3166-2 code only: IQ-BA, or also iq-ba."""

    repeatable = True

    schema = {"type": "string", "pattern": "^[A-Za-z]{2,3}[-_][A-Za-z0-9]{1,3}$"}
    example = "IQ-BA"

    def parse(self, text: str) -> str:
        code = read_place(text) or text
        if not re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", code, re.ASCII):
            raise ValueError("Use an ISO 3166-2 code, such as IQ-BA.")
        return code


class CentroidsParameter(BooleanParameter):
    """Whether incidents without a point are placed at the centroid of their place."""

    def check(self, name: str, filters: Any) -> Iterator[Fault]:
        on_map = filters.request.accepted_renderer.format == MapFormat.GEOJSON
        if not on_map and not {"bbox", "near"} & set(filters.given):
            detail = f"Use `{name}` only with `bbox`, with `near` or with `format=geojson`."
            yield Fault("contradiction", name, detail)


_POINT = (
    "The point of an incident is the public point of its primary location, or that of its place if "
    "the precision is `exact`, `settlement` or `near_settlement` and the place is as fine (a "
    "settlement or finer; for `exact` finer than a settlement)."
)
_OTHERS = "Other incidents match only with `centroids=true`."


class IncidentPointFilters(PointFilters):
    """The filters by the point of the primary location."""

    bbox = BoxParameter(
        "Incidents whose point lies in this box: minlon,minlat,maxlon,maxlat. The box crosses the "
        f"antimeridian if minlon is greater than maxlon. {_POINT} {_OTHERS}",
        method="filter_box",
    )
    near = PointParameter(
        f"Incidents whose point lies within `radius_km` of this one: lon,lat. {_POINT} {_OTHERS}",
        method="filter_near",
    )
    centroids = CentroidsParameter(
        "Whether an incident without a public point is placed at the centroid of its place, "
        "however large the place is. With `bbox` and `near`, it then matches by this centroid; "
        "GeoJSON shows it there, with `is_centroid` true.",
        default=False,
    )

    @property
    def point_prefixes(self) -> tuple[str, ...]:
        return ("", "centroid_") if self.params["centroids"] else ("",)


class LocationFilters(FilterGroup):
    """The filters by location.

    Only `place` looks at all locations. The others look at the primary one, by which an incident is
    counted.
    """

    admin1 = DivisionCodesParameter(
        "Incidents whose primary location lies in this first-level division, by ISO 3166-2 code.",
        "admin1",
    )
    place = PlacesParameter(
        "Incidents with a location at this place or in it, by public id, slug or ISO code (IQ, "
        "IQ-AR).",
        method="filter_places",
    )
    precision = MultipleChoiceParameter(
        Precision,
        "Incidents whose primary location is known this precisely, as far as is public.",
        "precision",
    )
    precision_min = ChoiceParameter(
        Precision,
        "Incidents whose primary location is known at least this precisely.",
        method="filter_precision",
    )

    def filter_places(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the incidents with a location at one of the places, or in one of them."""
        places = find_places_below(self, name, keys)
        rows = IncidentPlaceEntry.objects.filter(seq=OuterRef("seq"), place__in=places)
        return entries.filter(Exists(rows))

    def filter_precision(self, entries: QuerySet, name: str, coarsest: str) -> QuerySet:
        """Return the incidents that are located this precisely or more."""
        precisions = _FINEST_FIRST[: _FINEST_FIRST.index(coarsest) + 1]
        return entries.filter(precision__in=precisions)
