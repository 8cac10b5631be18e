"""The pages of what is asserted of an actor, with citations."""

from django.contrib import admin

from actors.admin.assertions import ASSERTION
from actors.admin.forms import ActorNameForm, ClassificationForm, StrengthEstimateForm
from actors.models import (
    ActorAssessment,
    ActorAssessmentCitation,
    ActorAttribute,
    ActorAttributeCitation,
    ActorName,
    ActorNameCitation,
    Classification,
    ClassificationCitation,
    Designation,
    DesignationCitation,
    Presence,
    PresenceCitation,
    StrengthEstimate,
    StrengthEstimateCitation,
)
from curation.admin import VALIDITY, PartAdmin
from sources.admin import CitationInline


class ActorNameCitationInline(CitationInline):
    model = ActorNameCitation


@admin.register(ActorName)
class ActorNameAdmin(PartAdmin):
    """The page of a name."""

    form = ActorNameForm
    parent = "actor"
    search_fields = ("search_key__sounds",)
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

    form = ClassificationForm
    parent = "actor"
    search_fields = ("actor__search_key__sounds",)
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

    form = StrengthEstimateForm
    parent = "actor"
    search_fields = ("actor__search_key__sounds",)
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
    search_fields = ("actor__search_key__sounds",)
    fieldsets = ((None, {"fields": ["actor", ("topic", "as_of"), "text"]}),)
    inlines = (ActorAssessmentCitationInline,)


class ActorAttributeCitationInline(CitationInline):
    model = ActorAttributeCitation


@admin.register(ActorAttribute)
class ActorAttributeAdmin(PartAdmin):
    """The page of an attribute."""

    parent = "actor"
    search_fields = ("actor__name", "value")
    fieldsets = ((None, {"fields": ["actor", "kind", "value"]}), VALIDITY, ASSERTION)
    inlines = (ActorAttributeCitationInline,)


class DesignationCitationInline(CitationInline):
    model = DesignationCitation


@admin.register(Designation)
class DesignationAdmin(PartAdmin):
    """The page of a designation."""

    parent = "actor"
    search_fields = ("actor__name", "listed_name", "entry_id")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "actor",
                    ("regime", "status"),
                    ("listed_name", "entry_id"),
                    "legal_basis",
                    "url",
                ]
            },
        ),
        ("From its listing to its delisting", VALIDITY[1]),
    )
    inlines = (DesignationCitationInline,)


class PresenceCitationInline(CitationInline):
    model = PresenceCitation


@admin.register(Presence)
class PresenceAdmin(PartAdmin):
    """The page of a presence."""

    parent = "actor"
    search_fields = ("actor__name", "place__name")
    fieldsets = (
        (None, {"fields": ["actor", "place", ("kind", "control")]}),
        VALIDITY,
        ASSERTION,
    )
    inlines = (PresenceCitationInline,)
