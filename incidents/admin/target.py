"""What was hit or meant."""

from django.contrib import admin

from curation.admin import StackedPartInline
from incidents.admin.part import IncidentPartAdmin
from incidents.models import Target, TargetCitation
from sources.admin import CitationInline


class TargetInline(StackedPartInline):
    model = Target
    fields = (("type", "name"), ("place", "nationality"), ("hit", "intended", "cited"))
    verbose_name_plural = "things hit or meant"


class TargetCitationInline(CitationInline):
    model = TargetCitation


@admin.register(Target)
class TargetAdmin(IncidentPartAdmin):
    """The page of a thing that was hit or meant."""

    fields = ("incident", "type", "name", "place", "nationality", ("hit", "intended"))
    inlines = (TargetCitationInline,)
