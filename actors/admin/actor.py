"""The pages of actors, with their parts as inlines."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.admin.assertions import VALIDITY_ROWS
from actors.models import (
    Actor,
    ActorAssessment,
    ActorCitation,
    ActorExternalId,
    ActorName,
    Classification,
    StrengthEstimate,
)
from editorial.admin import VALIDITY, PartInline, RecordAdmin, StackedPartInline
from sources.admin import CitationInline, ExternalIdInline


class ActorNameInline(PartInline):
    model = ActorName
    fields = ("text", "kind", "language", "preferred", "meaning", "start", "end", "cited")
    verbose_name_plural = "further names (their dates in full and citations: on their own pages)"


class ClassificationInline(StackedPartInline):
    model = Classification
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("classification", "primary", "basis"),
                    *VALIDITY_ROWS,
                    ("assessment", "confidence", "cited"),
                    "note",
                ]
            },
        )
    ]


class StrengthEstimateInline(StackedPartInline):
    model = StrengthEstimate
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("measure", "as_of", "role"),
                    ("quantifier", "low", "best", "high"),
                    "method",
                    ("assessment", "confidence", "cited"),
                    "note",
                ]
            },
        )
    ]


class ActorAssessmentInline(StackedPartInline):
    model = ActorAssessment
    fieldsets = [(None, {"fields": [("topic", "as_of", "cited"), "text"]})]
    verbose_name_plural = "assessments"
    classes = ("collapse",)


class ActorExternalIdInline(ExternalIdInline):
    model = ActorExternalId


class ActorCitationInline(CitationInline):
    model = ActorCitation


@admin.register(Actor)
class ActorAdmin(RecordAdmin):
    """The pages of actors."""

    list_display = ("name", "kind", "identified", "country")
    list_filter = ("kind", "identified")
    search_fields = ("name", "slug", "names__text", "external_ids__value")
    inlines = (
        ActorNameInline,
        ClassificationInline,
        StrengthEstimateInline,
        ActorAssessmentInline,
        ActorExternalIdInline,
        ActorCitationInline,
    )
    fieldsets = (
        (None, {"fields": ["name", ("kind", "identified"), ("slug", "country")]}),
        ("In words", {"fields": ["summary", "description"]}),
        ("When it existed", VALIDITY[1]),
        (
            "Individuals alone",
            {"classes": ["collapse"], "fields": [("life_status", "gender"), ("birth", "death")]},
        ),
    )
    nothing_yet = "Add the first: a name and a kind are enough to begin with."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("country")

    def label(self, row: Any) -> str:
        return f"{row.name} ({row.get_kind_display()})"
