"""The pages of actors, with their parts as inlines."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.admin.assertions import VALIDITY_ROWS
from actors.admin.forms import ActorNameForm, ClassificationForm, StrengthEstimateForm
from actors.models import (
    Actor,
    ActorAssessment,
    ActorAttribute,
    ActorCitation,
    ActorExternalId,
    ActorName,
    Classification,
    Designation,
    Presence,
    StrengthEstimate,
)
from curation.admin import VALIDITY, PartInline, RecordAdmin, StackedPartInline
from sources.admin import CitationInline, ExternalIdInline


class ActorNameInline(PartInline):
    form = ActorNameForm
    model = ActorName
    fields = ("text", "kind", "language", "preferred", "meaning", "cited")
    verbose_name_plural = "further names (since and until when each was borne: on its own page)"


class ClassificationInline(StackedPartInline):
    form = ClassificationForm
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


class ActorAttributeInline(StackedPartInline):
    model = ActorAttribute
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "value"),
                    *VALIDITY_ROWS,
                    ("assessment", "confidence", "cited"),
                    "note",
                ]
            },
        )
    ]
    verbose_name_plural = "attributes: what it believes, wants, does or belongs to"
    classes = ("collapse",)


class DesignationInline(StackedPartInline):
    model = Designation
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("regime", "status", "cited"),
                    ("listed_name", "entry_id"),
                    *VALIDITY_ROWS,
                    "legal_basis",
                    "url",
                ]
            },
        )
    ]
    verbose_name_plural = "designations: the lists that it was put on"
    classes = ("collapse",)


class PresenceInline(StackedPartInline):
    model = Presence
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("place", "kind", "control"),
                    *VALIDITY_ROWS,
                    ("assessment", "confidence", "cited"),
                    "note",
                ]
            },
        )
    ]
    verbose_name_plural = "presences: where it was"
    classes = ("collapse",)


class StrengthEstimateInline(StackedPartInline):
    form = StrengthEstimateForm
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
    search_fields = (
        "search_key__sounds",
        "names__search_key__sounds",
        "slug",
        "external_ids__value",
    )
    inlines = (
        ActorNameInline,
        ClassificationInline,
        ActorAttributeInline,
        PresenceInline,
        DesignationInline,
        StrengthEstimateInline,
        ActorAssessmentInline,
        ActorExternalIdInline,
        ActorCitationInline,
    )
    fieldsets = (
        (None, {"fields": ["name", ("kind", "identified"), ("slug", "country"), "publisher"]}),
        ("In words", {"fields": ["summary", "description"]}),
        ("When it existed", VALIDITY[1]),
        (
            "Individuals alone",
            {"classes": ["collapse"], "fields": [("life_status", "gender"), ("birth", "death")]},
        ),
    )
    nothing_yet = "Add the first: a name and a kind are enough to begin with."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("country", "publisher")

    def label(self, row: Any) -> str:
        return f"{row} ({row.get_kind_display()})"
