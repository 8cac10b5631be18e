"""Who took part in an incident."""

from typing import Any

from django.contrib import admin

from curation.admin import AutomaticForm, StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.codes import Certainty
from incidents.models import Involvement, InvolvementCitation
from sources.admin import CitationInline

INVOLVEMENT: list[Any] = [
    ("role", "side", "primary", "certainty"),
    ("actor", "label"),
    "on_behalf_of",
    "rationale",
]


class InvolvementForm(AutomaticForm):
    automatic = {"primary": "yes if it is the first of its role and side"}
    first_of = ("role", "side")

    def is_held(self, row: Any) -> bool:
        return super().is_held(row) and row.certainty != Certainty.RULED_OUT


class InvolvementInline(StackedPartInline):
    form = InvolvementForm
    model = Involvement
    fieldsets = [(None, {"fields": [*INVOLVEMENT, ("assessment", "cited"), "note"]})]


class InvolvementCitationInline(CitationInline):
    model = InvolvementCitation


@admin.register(Involvement)
class InvolvementAdmin(IncidentPartAdmin):
    """The page of an involvement."""

    form = InvolvementForm
    fieldsets = (
        (None, {"fields": ["incident", *INVOLVEMENT]}),
        ("What the desk holds of it", {"fields": ["assessment", "note", "internal_note"]}),
    )
    inlines = (InvolvementCitationInline,)
