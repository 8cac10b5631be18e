"""The admin of places."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from curation.admin import RecordAdmin, RowInline
from places.admin.settlements import find
from places.models import Place, PlaceCitation, PlaceExternalId, PlaceName
from sources.admin import CitationInline, ExternalIdInline


class PlaceNameInline(RowInline):
    model = PlaceName
    verbose_name_plural = "names in other languages, and former ones"


class PlaceExternalIdInline(ExternalIdInline):
    model = PlaceExternalId


class PlaceCitationInline(CitationInline):
    model = PlaceCitation


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    """The pages of places."""

    list_display = ("name", "kind", "parent", "country", "admin1")
    list_filter = ("kind",)
    search_fields = (
        "search_key__sounds",
        "names__search_key__sounds",
        "slug",
        "=country",
        "=admin1",
        "external_ids__value",
    )
    inlines = (PlaceNameInline, PlaceExternalIdInline, PlaceCitationInline)
    fieldsets = (
        (None, {"fields": ["name", ("kind", "slug"), "parent"]}),
        ("Codes", {"fields": [("country", "admin1")]}),
        ("Its point", {"fields": [("latitude", "longitude")]}),
    )
    change_list_template = "admin/muster/places.html"
    add_form_template = "admin/muster/place_add.html"
    nothing_yet = "Add countries first, then what lies in them."

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.settlements_view)
        return [path("settlements/", view, name="places_place_settlements"), *super().get_urls()]

    def settlements_view(self, request: HttpRequest) -> HttpResponse:
        """Find a settlement by name and add it."""
        return find(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("parent")

    def label(self, row: Any) -> str:
        around = str(row.parent) if row.parent else row.country
        return f"{row} ({', '.join(filter(None, [row.get_kind_display(), around]))})"
