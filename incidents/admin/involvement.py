"""Who took part in an incident."""

from typing import Any

from django.contrib import admin

from editorial.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import Involvement, InvolvementCitation
from sources.admin import CitationInline

INVOLVEMENT: list[Any] = [
    ("role", "side", "primary", "certainty"),
    ("actor", "label"),
    "on_behalf_of",
    "rationale",
]


class InvolvementInline(StackedPartInline):
    model = Involvement
    fieldsets = [(None, {"fields": [*INVOLVEMENT, ("assessment", "cited"), "note"]})]


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
