"""The admin of places, and a page to find a settlement by name and add it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from curation.admin import RecordAdmin, RowInline
from editorial.redaction.validation import check_records
from places.codes import PlaceKind
from places.models import Place, PlaceCitation, PlaceExternalId, PlaceName
from places.settlements import Settlement, load_settlements, search_settlements
from publishing.countries import list_countries
from sources.admin import CitationInline, ExternalIdInline
from sources.codes import Scheme


def _list_countries() -> list[tuple[str, str]]:
    countries = [(country.alpha_2, country.short_name) for country in list_countries()]
    return [("", "choose"), *sorted(countries, key=lambda pair: pair[1])]


class SettlementForm(forms.Form):
    """The form to search for a settlement."""

    country = forms.ChoiceField(choices=_list_countries)
    name = forms.CharField(
        max_length=100,
        help_text="The name in any script or spelling, such as Mosul or الموصل.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def find_settlement(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Search the gazetteer; add the chosen settlement as a place, for the editor to check."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _add_settlement(model_admin, request)
    form = SettlementForm(request.GET or None)
    results: list[dict[str, Any]] = []
    if form.is_valid():
        rows = search_settlements(form.cleaned_data["country"], form.cleaned_data["name"])
        places = _find_places(rows)
        results = [{"settlement": row, "place": places.get(str(row.geoname))} for row in rows]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Find a settlement by name",
        "form": form,
        "searched": form.is_valid(),
        "results": results,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/muster/settlements.html", context)


def _add_settlement(model_admin: Any, request: HttpRequest) -> HttpResponse:
    country, number = request.POST.get("country", ""), request.POST.get("geoname", "")
    known = country in dict(_list_countries()) and country
    chosen = (
        [row for row in load_settlements(country) if str(row.geoname) == number] if known else []
    )
    if not chosen:
        raise Http404
    with transaction.atomic(), connection.cursor() as cursor:
        # Two requests for one settlement wait for each other, so the second finds the place.
        cursor.execute("SELECT pg_advisory_xact_lock(8, hashtext(%s))", [number])
        place = _find_places(chosen).get(number)
        if place is None:
            try:
                place = create_place(chosen[0])
            except ValidationError as error:  # a redaction removed this place
                for message in error.messages:
                    messages.error(request, message)
                return HttpResponseRedirect(request.get_full_path())
            model_admin.log_addition(request, place, "Added from GeoNames.")
            messages.success(
                request, "The place was added from GeoNames: check its name and its parent."
            )
        else:
            messages.info(request, "This place already exists.")
    return HttpResponseRedirect(reverse("admin:places_place_change", args=[place.pk]))


@transaction.atomic
def create_place(settlement: Settlement) -> Place:
    """Create a place from a settlement, below its first-level division or its country.

    Raises ValidationError if a redaction removed the place.
    """
    division = settlement.find_division()
    country = Place.objects.filter(kind=PlaceKind.COUNTRY, country=settlement.country).first()
    place = Place(
        name=settlement.name,
        kind=PlaceKind.SETTLEMENT,
        parent=division or country,
        country=settlement.country,
        admin1=division.admin1 if division else "",
        latitude=f"{settlement.latitude:.6f}",
        longitude=f"{settlement.longitude:.6f}",
    )
    place.full_clean(exclude=["slug"])
    place.save()
    place.external_ids.create(scheme=Scheme.GEONAMES, value=str(settlement.geoname))
    check_records([place])
    return place


def _find_places(rows: list[Settlement]) -> dict[str, Place]:
    """Return the existing places of some settlements, by GeoNames id."""
    ids = PlaceExternalId.objects.filter(
        scheme=Scheme.GEONAMES, value__in=[str(row.geoname) for row in rows]
    )
    return {row.value: row.place for row in ids.select_related("place")}


class PlaceNameInline(RowInline):
    model = PlaceName
    verbose_name_plural = "names in other languages and former names"


class PlaceExternalIdInline(ExternalIdInline):
    model = PlaceExternalId


class PlaceCitationInline(CitationInline):
    model = PlaceCitation


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    """The admin pages of places."""

    list_display = ("name", "kind", "parent", "country", "admin1")
    list_filter = ("kind",)
    new_kinds = (
        *(PlaceKind.SETTLEMENT, PlaceKind.BASE, PlaceKind.FACILITY, PlaceKind.ADMIN1),
        *(PlaceKind.ADMIN2, PlaceKind.NEIGHBOURHOOD, PlaceKind.MARITIME, PlaceKind.OTHER),
    )
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
        ("Point", {"fields": [("latitude", "longitude")]}),
    )
    change_list_template = "admin/muster/places.html"
    add_form_template = "admin/muster/place_add.html"
    empty_message = "Add countries first, then the places in them."

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.settlements_view)
        return [path("settlements/", view, name="places_place_settlements"), *super().get_urls()]

    def settlements_view(self, request: HttpRequest) -> HttpResponse:
        """Find a settlement by name and add it."""
        return find_settlement(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("parent")

    def label(self, row: Any) -> str:
        parent = str(row.parent) if row.parent else row.country
        return f"{row} ({', '.join(filter(None, [row.get_kind_display(), parent]))})"
