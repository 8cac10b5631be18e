"""The pages of incidents."""

from typing import Any

from django.contrib import admin

from curation.admin import OCCURRENCE, RecordAdmin
from incidents.admin.assessment import AssessmentInline
from incidents.admin.casualties import CasualtyInline
from incidents.admin.consequences import DuplicateInline, EffectInline, LinkInline
from incidents.admin.involvement import InvolvementInline
from incidents.admin.location import LocationInline
from incidents.admin.statement import StatementInline
from incidents.admin.target import TargetInline
from incidents.admin.weapon import WeaponInline
from incidents.codes import SubType
from incidents.models import Incident, IncidentCitation, IncidentExternalId
from sources.admin import CitationInline, ExternalIdInline


class IncidentExternalIdInline(ExternalIdInline):
    model = IncidentExternalId


class IncidentCitationInline(CitationInline):
    model = IncidentCitation


@admin.register(Incident)
class IncidentAdmin(RecordAdmin):
    """The pages of incidents."""

    list_display = ("title", "date", "what")
    list_filter = ("event_type", "violence", "outcome", "granularity", "property_damage")
    date_hierarchy = "date_start"
    search_fields = ("title", "slug", "summary", "external_ids__value")
    inlines = (
        LocationInline,
        InvolvementInline,
        StatementInline,
        WeaponInline,
        TargetInline,
        CasualtyInline,
        LinkInline,
        EffectInline,
        AssessmentInline,
        IncidentExternalIdInline,
        IncidentCitationInline,
        DuplicateInline,
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
        (
            "What marks it",
            {
                "fields": [
                    "local_time",
                    "motives",
                    ("civilians_targeted", "suicide", "property_damage"),
                    "tags",
                ]
            },
        ),
        ("In words", {"fields": ["summary", "description"]}),
    )
    nothing_yet = "Add the first: a title is enough to begin with; where and who come with it."

    @admin.display(description="type", ordering="event_type")
    def what(self, row: Incident) -> str:
        """Show what happened, as closely as it is known."""
        known = row.sub_type != SubType.UNKNOWN
        return row.get_sub_type_display() if known else row.get_event_type_display()

    def label(self, row: Any) -> str:
        return f"{row} ({row.date or 'undated'})"
