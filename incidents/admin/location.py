"""The locations of an incident."""

from typing import Any

from django.contrib import admin

from editorial.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import IncidentLocation, IncidentLocationCitation
from sources.admin import CitationInline

LOCATION: list[Any] = [
    ("role", "primary"),
    ("precision", "public_precision"),
    ("place", "private_place"),
    ("latitude", "longitude"),
    "description",
]


class LocationInline(StackedPartInline):
    model = IncidentLocation
    fieldsets = [(None, {"fields": [*LOCATION, "cited"]})]
    verbose_name_plural = "locations"


class LocationCitationInline(CitationInline):
    model = IncidentLocationCitation


@admin.register(IncidentLocation)
class LocationAdmin(IncidentPartAdmin):
    """The page of a location."""

    fieldsets = ((None, {"fields": ["incident", *LOCATION]}),)
    inlines = (LocationCitationInline,)
