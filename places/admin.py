"""The admin of places, and the page by which a settlement is found by name and added."""

from typing import Any

import pycountry
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from curation.admin import RecordAdmin, RowInline
from editorial.redaction.refusals import refuse_rows
from places.codes import PlaceKind
from places.models import Place, PlaceCitation, PlaceExternalId, PlaceName
from places.settlements import Settlement, load_settlements, search_settlements
from sources.admin import CitationInline, ExternalIdInline
from sources.codes import Scheme


def _countries() -> list[tuple[str, str]]:
    countries = [(c.alpha_2, getattr(c, "common_name", c.name)) for c in pycountry.countries]
    return [("", "choose"), *sorted(countries, key=lambda pair: pair[1])]


class SettlementForm(forms.Form):
    """Which settlement is meant."""

    country = forms.ChoiceField(choices=_countries)
    name = forms.CharField(
        max_length=100,
        help_text="In any script or spelling.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def find_settlement(pages: Any, request: HttpRequest) -> HttpResponse:
    """Search the gazetteer; a settlement that is chosen becomes a place, to be checked."""
    if not pages.has_add_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _add_settlement(pages, request)
    form = SettlementForm(request.GET or None)
    found: list[dict[str, Any]] = []
    if form.is_valid():
        rows = search_settlements(form.cleaned_data["country"], form.cleaned_data["name"])
        there = _find_places(rows)
        found = [{"settlement": row, "place": there.get(str(row.geoname))} for row in rows]
    context = {
        **pages.admin_site.each_context(request),
        "opts": pages.opts,
        "title": "Find a settlement by name",
        "form": form,
        "searched": form.is_valid(),
        "found": found,
        "media": pages.media,
    }
    return TemplateResponse(request, "admin/muster/settlements.html", context)


def _add_settlement(pages: Any, request: HttpRequest) -> HttpResponse:
    country, number = request.POST.get("country", ""), request.POST.get("geoname", "")
    known = country in dict(_countries()) and country
    chosen = (
        [row for row in load_settlements(country) if str(row.geoname) == number] if known else []
    )
    if not chosen:
        raise Http404
    with transaction.atomic(), connection.cursor() as cursor:
        # Two clicks on one settlement wait for each other, so that the second finds the place.
        cursor.execute("SELECT pg_advisory_xact_lock(8, hashtext(%s))", [number])
        place = _find_places(chosen).get(number)
        if place is None:
            try:
                place = create_place(chosen[0])
            except ValidationError as error:  # a redaction removed this place as a whole
                for message in error.messages:
                    messages.error(request, message)
                return HttpResponseRedirect(request.get_full_path())
            pages.log_addition(request, place, "Added from GeoNames.")
            messages.success(
                request, "It was added as GeoNames has it: check its name and what it lies in."
            )
        else:
            messages.info(request, "There is this place already.")
    return HttpResponseRedirect(reverse("admin:places_place_change", args=[place.pk]))


@transaction.atomic
def create_place(settlement: Settlement) -> Place:
    """Make a place of a settlement, in the first-level division that the desk has.

    Raises ValidationError where a redaction removed the place as a whole.
    """
    around = settlement.around
    country = Place.objects.filter(kind=PlaceKind.COUNTRY, country=settlement.country).first()
    place = Place(
        name=settlement.name,
        kind=PlaceKind.SETTLEMENT,
        parent=around or country,
        country=settlement.country,
        admin1=around.admin1 if around else "",
        latitude=f"{settlement.latitude:.6f}",
        longitude=f"{settlement.longitude:.6f}",
    )
    place.full_clean(exclude=["slug"])
    place.save()
    place.external_ids.create(scheme=Scheme.GEONAMES, value=str(settlement.geoname))
    refuse_rows([place])
    return place


def _find_places(rows: list[Settlement]) -> dict[str, Place]:
    """Return the places that the desk has of some settlements, by GeoNames' id."""
    ids = PlaceExternalId.objects.filter(
        scheme=Scheme.GEONAMES, value__in=[str(row.geoname) for row in rows]
    )
    return {row.value: row.place for row in ids.select_related("place")}


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
        "search_key__sounds_like",
        "names__search_key__sounds_like",
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
        return find_settlement(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("parent")

    def label(self, row: Any) -> str:
        around = str(row.parent) if row.parent else row.country
        return f"{row} ({', '.join(filter(None, [row.get_kind_display(), around]))})"
