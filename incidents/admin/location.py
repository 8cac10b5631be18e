"""The locations of an incident."""

from typing import Any

from django.contrib import admin

from curation.admin import AutomaticForm, StackedPartInline
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


class LocationForm(AutomaticForm):
    automatic = {"primary": "yes if it is the first"}


class LocationInline(StackedPartInline):
    form = LocationForm
    model = IncidentLocation
    fieldsets = [(None, {"fields": [*LOCATION, "cited"]})]
    verbose_name_plural = "locations"


class LocationCitationInline(CitationInline):
    model = IncidentLocationCitation


@admin.register(IncidentLocation)
class LocationAdmin(IncidentPartAdmin):
    """The page of a location."""

    form = LocationForm
    fieldsets = ((None, {"fields": ["incident", *LOCATION]}),)
    inlines = (LocationCitationInline,)
