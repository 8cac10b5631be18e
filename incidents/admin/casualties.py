"""The tolls of an incident."""

from typing import Any

from django.contrib import admin

from curation.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import CasualtyFigure, CasualtyFigureCitation
from sources.admin import CitationInline, FigureForm

FIGURE: list[Any] = [
    ("measure", "population", "role"),
    ("low", "best", "high", "quantifier"),
    ("actor", "nationality", "as_of"),
    "note",
]


class CasualtyForm(FigureForm):
    first_of = ("measure", "population", "actor_id", "nationality")


class CasualtyInline(StackedPartInline):
    form = CasualtyForm
    model = CasualtyFigure
    fieldsets = [(None, {"fields": [*FIGURE, "cited"]})]
    verbose_name_plural = "casualties"


class CasualtyCitationInline(CitationInline):
    model = CasualtyFigureCitation


@admin.register(CasualtyFigure)
class CasualtyAdmin(IncidentPartAdmin):
    """The page of a toll."""

    form = CasualtyForm
    fieldsets = ((None, {"fields": ["incident", *FIGURE]}),)
    inlines = (CasualtyCitationInline,)
