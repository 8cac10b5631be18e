"""The pages of what is asserted of an actor, with citations."""

from django.contrib import admin

from actors.admin.assertions import ASSERTION
from actors.models import (
    ActorAssessment,
    ActorAssessmentCitation,
    ActorName,
    ActorNameCitation,
    Classification,
    ClassificationCitation,
    StrengthEstimate,
    StrengthEstimateCitation,
)
from editorial.admin import VALIDITY, PartAdmin
from sources.admin import CitationInline


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


class ActorAssessmentCitationInline(CitationInline):
    model = ActorAssessmentCitation


@admin.register(ActorAssessment)
class ActorAssessmentAdmin(PartAdmin):
    """The page of an assessment."""

    parent = "actor"
    search_fields = ("actor__name",)
    fieldsets = ((None, {"fields": ["actor", ("topic", "as_of"), "text"]}),)
    inlines = (ActorAssessmentCitationInline,)
