"""The admin of actors and affiliations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.models import (
    Actor,
    ActorCitation,
    ActorExternalId,
    ActorName,
    ActorNameCitation,
    Affiliation,
    AffiliationCitation,
    Classification,
    ClassificationCitation,
    StrengthEstimate,
    StrengthEstimateCitation,
)
from editorial.admin import VALIDITY, PartAdmin, PartInline, RecordAdmin, StackedPartInline
from sources.admin import CitationInline, ExternalIdInline

ASSERTION: tuple[str, Any] = (
    "What the desk holds of it",
    {"fields": [("assessment", "confidence"), "note", "internal_note"]},
)
_VALIDITY_ROWS: list[Any] = [("start", "start_kind"), ("end", "end_kind"), "last_verified"]


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
                    *_VALIDITY_ROWS,
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


class AffiliationCitationInline(CitationInline):
    model = AffiliationCitation


@admin.register(Affiliation)
class AffiliationAdmin(RecordAdmin):
    """The pages of affiliations."""

    list_display = ("sentence", "start", "end", "basis", "assessment")
    list_filter = ("kind", "basis", "assessment", "confidence")
    search_fields = (
        "subject__name",
        "subject__names__text",
        "object__name",
        "object__names__text",
        "title",
    )
    inlines = (AffiliationCitationInline,)
    fieldsets = (
        (None, {"fields": ["subject", "kind", "object", ("closeness", "basis")]}),
        VALIDITY,
        ("Why", {"fields": ["start_reason", "end_reason"]}),
        ("Individuals alone", {"classes": ["collapse"], "fields": [("title", "rank")]}),
        (ASSERTION[0], {"fields": [("assessment", "confidence"), "note"]}),
    )
    nothing_yet = "Add both actors first; an affiliation reads subject, kind, object."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("subject", "object")

    def label(self, row: Any) -> str:
        return f"{row.subject} – {row.get_kind_display()} – {row.object}"

    @admin.display(description="affiliation", ordering="subject__name")
    def sentence(self, row: Affiliation) -> str:
        """Show subject, kind and object as a sentence."""
        return self.label(row)


class ActorNameCitationInline(CitationInline):
    model = ActorNameCitation


@admin.register(ActorName)
class ActorNameAdmin(PartAdmin):
    """The page of a name."""

    parent = "actor"
    search_fields = ("text",)
    fieldsets = (
        (None, {"fields": ["actor", "text", ("kind", "language", "preferred"), "meaning"]}),
        ("When it was borne", VALIDITY[1]),
    )
    inlines = (ActorNameCitationInline,)


class ClassificationCitationInline(CitationInline):
    model = ClassificationCitation


@admin.register(Classification)
class ClassificationAdmin(PartAdmin):
    """The page of a classification."""

    parent = "actor"
    search_fields = ("actor__name",)
    fieldsets = (
        (None, {"fields": ["actor", ("classification", "primary", "basis")]}),
        VALIDITY,
        ASSERTION,
    )
    inlines = (ClassificationCitationInline,)


class StrengthEstimateCitationInline(CitationInline):
    model = StrengthEstimateCitation


@admin.register(StrengthEstimate)
class StrengthEstimateAdmin(PartAdmin):
    """The page of an estimate of strength."""

    parent = "actor"
    search_fields = ("actor__name",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "actor",
                    ("measure", "as_of", "role"),
                    ("quantifier", "low", "best", "high"),
                    "method",
                ]
            },
        ),
        ASSERTION,
    )
    inlines = (StrengthEstimateCitationInline,)
