"""The admin of incidents."""

from typing import Any

from django.contrib import admin

from editorial.admin import (
    OCCURRENCE,
    PartAdmin,
    PartInline,
    RecordAdmin,
    StackedPartInline,
)
from incidents.models import (
    CasualtyFigure,
    CasualtyFigureCitation,
    Effect,
    EffectCitation,
    Incident,
    IncidentCitation,
    IncidentExternalId,
    IncidentLink,
    IncidentLinkCitation,
    IncidentLocation,
    IncidentLocationCitation,
    Involvement,
    InvolvementCitation,
    Target,
    TargetCitation,
)
from sources.admin import CitationInline, ExternalIdInline

LOCATION: list[Any] = [
    ("role", "primary"),
    ("precision", "public_precision"),
    ("place", "private_place"),
    ("latitude", "longitude"),
    "description",
]
INVOLVEMENT: list[Any] = [
    ("role", "side", "primary", "certainty"),
    ("actor", "label"),
    "on_behalf_of",
    "rationale",
]
FIGURE: list[Any] = [
    ("measure", "population", "role"),
    ("low", "best", "high", "quantifier"),
    ("actor", "nationality", "as_of"),
    "note",
]
EFFECT: list[Any] = ["kind", "affiliation", ("actor", "classification", "classification_start")]


class LocationInline(StackedPartInline):
    model = IncidentLocation
    fieldsets = [(None, {"fields": [*LOCATION, "cited"]})]
    verbose_name_plural = "locations"


class InvolvementInline(StackedPartInline):
    model = Involvement
    fieldsets = [(None, {"fields": [*INVOLVEMENT, ("assessment", "cited"), "note"]})]


class TargetInline(PartInline):
    model = Target
    fields = ("type", "name", "place", "nationality", "hit", "intended", "cited")
    verbose_name_plural = "things hit or meant"


class CasualtyInline(StackedPartInline):
    model = CasualtyFigure
    fieldsets = [(None, {"fields": [*FIGURE, "cited"]})]
    verbose_name_plural = "casualties"


class LinkInline(PartInline):
    model = IncidentLink
    fk_name = "incident"
    fields = ("kind", "to", "cited")
    verbose_name_plural = "links to earlier or larger incidents"


class EffectInline(StackedPartInline):
    model = Effect
    fieldsets = [(None, {"fields": [*EFFECT, "cited"]})]


class IncidentExternalIdInline(ExternalIdInline):
    model = IncidentExternalId


class IncidentCitationInline(CitationInline):
    model = IncidentCitation


@admin.register(Incident)
class IncidentAdmin(RecordAdmin):
    """The pages of incidents."""

    list_display = ("title", "slug", "date", "event_type", "sub_type")
    list_filter = ("event_type", "violence", "outcome", "granularity")
    date_hierarchy = "date_start"
    search_fields = ("title", "slug", "summary", "external_ids__value")
    inlines = (
        LocationInline,
        InvolvementInline,
        TargetInline,
        CasualtyInline,
        LinkInline,
        EffectInline,
        IncidentExternalIdInline,
        IncidentCitationInline,
    )
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "title",
                    ("event_type", "sub_type"),
                    ("violence", "outcome"),
                    ("granularity", "slug"),
                ]
            },
        ),
        OCCURRENCE,
        ("In words", {"fields": ["summary", "description"]}),
    )
    nothing_yet = "Add the first: a title is enough to begin with; where and who come with it."

    def label(self, row: Any) -> str:
        return f"{row.title} ({row.date or 'undated'})"


class LocationCitationInline(CitationInline):
    model = IncidentLocationCitation


class IncidentPartAdmin(PartAdmin):
    """The page of a part of an incident."""

    parent = "incident"
    search_fields = ("incident__title",)


@admin.register(IncidentLocation)
class LocationAdmin(IncidentPartAdmin):
    """The page of a location."""

    fieldsets = ((None, {"fields": ["incident", *LOCATION]}),)
    inlines = (LocationCitationInline,)


class InvolvementCitationInline(CitationInline):
    model = InvolvementCitation


@admin.register(Involvement)
class InvolvementAdmin(IncidentPartAdmin):
    """The page of an involvement."""

    fieldsets = (
        (None, {"fields": ["incident", *INVOLVEMENT]}),
        ("What the desk holds of it", {"fields": ["assessment", "note", "internal_note"]}),
    )
    inlines = (InvolvementCitationInline,)


class TargetCitationInline(CitationInline):
    model = TargetCitation


@admin.register(Target)
class TargetAdmin(IncidentPartAdmin):
    """The page of a thing that was hit or meant."""

    fields = ("incident", "type", "name", "place", "nationality", ("hit", "intended"))
    inlines = (TargetCitationInline,)


class CasualtyCitationInline(CitationInline):
    model = CasualtyFigureCitation


@admin.register(CasualtyFigure)
class CasualtyAdmin(IncidentPartAdmin):
    """The page of a toll."""

    fieldsets = ((None, {"fields": ["incident", *FIGURE]}),)
    inlines = (CasualtyCitationInline,)


class LinkCitationInline(CitationInline):
    model = IncidentLinkCitation


@admin.register(IncidentLink)
class LinkAdmin(IncidentPartAdmin):
    """The page of a link between incidents."""

    fields = ("incident", "kind", "to")
    inlines = (LinkCitationInline,)


class EffectCitationInline(CitationInline):
    model = EffectCitation


@admin.register(Effect)
class EffectAdmin(IncidentPartAdmin):
    """The page of an effect."""

    fieldsets = ((None, {"fields": ["incident", *EFFECT]}),)
    inlines = (EffectCitationInline,)
