"""Quality rules for places, and for points in a country."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from editorial.quality import Rule, Severity, working_models
from places.boxes import OutsideCountry
from places.codes import PlaceKind
from places.models import Coordinates, Place

AT_ZERO = Q(latitude=0, longitude=0)
_BEYOND = [PlaceKind.MARITIME, PlaceKind.AIRSPACE]
"""The kinds of place that may lie outside of their country."""


def _find_zero_points() -> Iterator[QuerySet[Any]]:
    for model in working_models(Coordinates):
        yield model._default_manager.filter(AT_ZERO)


def _find_points_abroad() -> Iterator[QuerySet[Any]]:
    inside = Place.objects.exclude(country="").exclude(kind__in=_BEYOND).exclude(AT_ZERO)
    yield inside.filter(OutsideCountry("country", "latitude", "longitude"), latitude__isnull=False)


RULES = [
    Rule(
        "point-at-zero",
        "The point is at 0, 0, as if a missing point had been entered as zeros.",
        Severity.WARNING,
        _find_zero_points,
        "latitude",
    ),
    Rule(
        "place-outside-country",
        "The point lies outside of the country; latitude and longitude may be exchanged.",
        Severity.WARNING,
        _find_points_abroad,
        "latitude",
    ),
]
