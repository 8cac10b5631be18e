"""What an incident answered, and what it changed."""

from typing import Any

from django.contrib import admin

from curation.admin import PartInline, RowInline, StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import (
    Effect,
    EffectCitation,
    IncidentLink,
    IncidentLinkCitation,
    PossibleDuplicate,
)
from sources.admin import CitationInline

EFFECT: list[Any] = ["kind", "affiliation", ("actor", "classification", "classification_start")]


class LinkInline(PartInline):
    model = IncidentLink
    fk_name = "incident"
    fields = ("kind", "to", "cited")
    verbose_name_plural = "links to earlier or larger incidents"


class EffectInline(StackedPartInline):
    model = Effect
    fieldsets = [(None, {"fields": [*EFFECT, "cited"]})]


class DuplicateInline(RowInline):
    model = PossibleDuplicate
    fk_name = "incident"
    fields = ("of", "note")
    verbose_name_plural = "possible duplicates, for the desk alone"


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
