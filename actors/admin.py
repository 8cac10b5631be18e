"""The admin of actors, affiliations and their parts."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.codes import ActorKind, NameKind
from actors.models import (
    Actor,
    ActorAssessment,
    ActorAssessmentCitation,
    ActorAttribute,
    ActorAttributeCitation,
    ActorCitation,
    ActorExternalId,
    ActorName,
    ActorNameCitation,
    Affiliation,
    AffiliationCitation,
    Classification,
    ClassificationCitation,
    Designation,
    DesignationCitation,
    Presence,
    PresenceCitation,
    StrengthEstimate,
    StrengthEstimateCitation,
    Support,
    SupportCitation,
)
from curation.admin import (
    VALIDITY,
    AutomaticForm,
    PartAdmin,
    PartInline,
    RecordAdmin,
    StackedPartInline,
)
from sources.admin import CitationInline, ExternalIdInline, FigureForm

ASSESSMENT: tuple[str, Any] = (
    "Assessment",
    {"fields": [("assessment", "confidence"), "note", "internal_note"]},
)
VALIDITY_ROWS: list[Any] = [("start", "start_kind"), ("end", "end_kind"), "last_verified"]


_MAIN_KINDS = {NameKind.OFFICIAL, NameKind.COMMON, NameKind.TRANSLATION}
"""The kinds of name that are suitable to show."""


class ActorNameForm(AutomaticForm):
    """A form for a name, which is preferred if it is the first suitable one in its language."""

    automatic = {"preferred": "yes if it is the first"}
    same_columns = ("language",)

    def is_candidate(self, row: Any) -> bool:
        return bool(row.language) and (row.preferred is True or row.kind in _MAIN_KINDS)


class ClassificationForm(AutomaticForm):
    """A form for a classification, which is primary unless another may hold at the same time."""

    automatic = {"primary": "yes unless another may hold at the same time"}

    def is_same_kind(self, row: Any, other: Any) -> bool:
        """Return whether the two may hold on the same day."""
        if row.certain is None or other.certain is None:
            return True
        (first, last), (start, end) = _get_bounds(row.certain), _get_bounds(other.certain)
        return first <= end and start <= last


def _get_bounds(days: Any) -> tuple[date, date]:
    """Return the first and the last day; the upper bound is the last day until the row is saved."""
    last = days.upper if days.upper is None or days.upper_inc else days.upper - timedelta(days=1)
    return days.lower or date.min, last or date.max


class StrengthEstimateForm(FigureForm):
    """A form for an estimate, which is recommended if it is the first of its measure and date."""

    same_columns = ("measure", "as_of")


class ActorNameInline(PartInline):
    form = ActorNameForm
    model = ActorName
    fields = ("text", "kind", "language", "preferred", "meaning", "cited")
    verbose_name_plural = "other names (the dates of a name are on its own page)"


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
    verbose_name_plural = "attributes (ideology, goals, activities)"
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
    verbose_name_plural = "designations (lists of sanctions or terrorists)"
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
    verbose_name_plural = "presences"
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
    new_kinds = (
        *(ActorKind.ARMED_ORGANISATION, ActorKind.INDIVIDUAL, ActorKind.GOVERNMENT_BODY),
        *(ActorKind.UNIT, ActorKind.COLLECTIVE, ActorKind.POLITICAL_ORGANISATION),
        *(ActorKind.MEDIA_OUTLET, ActorKind.POPULATION_GROUP, ActorKind.STATE),
        *(ActorKind.INTERNATIONAL_ORGANISATION, ActorKind.SOCIAL_ORGANISATION),
        *(ActorKind.COALITION, ActorKind.COMPANY),
    )
    search_fields = (
        "search_key__sounds_like",
        "names__search_key__sounds_like",
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
        ("Description", {"fields": ["summary", "description"]}),
        ("Existence", VALIDITY[1]),
        (
            "Only for individuals",
            {"classes": ["collapse"], "fields": [("life_status", "gender"), ("birth", "death")]},
        ),
    )
    empty_message = "Add the first actor: a name and a kind are enough to begin with."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("country", "publisher")

    def label(self, row: Any) -> str:
        return f"{row} ({row.get_kind_display()})"


class SupportInline(StackedPartInline):
    model = Support
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("type", "basis", "against"),
                    *VALIDITY_ROWS,
                    "jointly",
                    ("assessment", "confidence", "cited"),
                    "note",
                ]
            },
        )
    ]
    verbose_name_plural = "support (only for the kind “sponsored by”)"
    classes = ("collapse",)


class AffiliationCitationInline(CitationInline):
    model = AffiliationCitation


@admin.register(Affiliation)
class AffiliationAdmin(RecordAdmin):
    """The pages of affiliations."""

    list_display = ("sentence", "start", "end", "basis", "assessment")
    list_filter = ("kind", "basis", "assessment", "confidence")
    search_fields = (
        "subject__search_key__sounds_like",
        "subject__names__search_key__sounds_like",
        "object__search_key__sounds_like",
        "object__names__search_key__sounds_like",
        "title",
    )
    inlines = (SupportInline, AffiliationCitationInline)
    fieldsets = (
        (None, {"fields": ["subject", "kind", "object", ("closeness", "basis")]}),
        VALIDITY,
        ("Reasons", {"fields": ["start_reason", "end_reason"]}),
        ("Only for individuals", {"classes": ["collapse"], "fields": [("title", "rank")]}),
        (ASSESSMENT[0], {"fields": [("assessment", "confidence"), "note"]}),
    )
    empty_message = "Add both actors first: an affiliation reads as subject, kind, object."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("subject", "object")

    @admin.display(description="affiliation", ordering="subject__name")
    def sentence(self, row: Affiliation) -> str:
        """Return subject, kind and object as a sentence."""
        return self.label(row)


class SupportCitationInline(CitationInline):
    model = SupportCitation


@admin.register(Support)
class SupportAdmin(PartAdmin):
    """The page of a support."""

    parent = "affiliation"
    search_fields = ("affiliation__subject__name", "affiliation__object__name")
    fieldsets = (
        (None, {"fields": ["affiliation", ("type", "basis"), "against", "jointly"]}),
        ("Dates of the support", VALIDITY[1]),
        ASSESSMENT,
    )
    inlines = (SupportCitationInline,)


class ActorNameCitationInline(CitationInline):
    model = ActorNameCitation


@admin.register(ActorName)
class ActorNameAdmin(PartAdmin):
    """The page of a name."""

    form = ActorNameForm
    parent = "actor"
    search_fields = ("search_key__sounds_like",)
    fieldsets = (
        (None, {"fields": ["actor", "text", ("kind", "language", "preferred"), "meaning"]}),
        ("Dates of use", VALIDITY[1]),
    )
    inlines = (ActorNameCitationInline,)


class ClassificationCitationInline(CitationInline):
    model = ClassificationCitation


@admin.register(Classification)
class ClassificationAdmin(PartAdmin):
    """The page of a classification."""

    form = ClassificationForm
    parent = "actor"
    search_fields = ("actor__search_key__sounds_like",)
    fieldsets = (
        (None, {"fields": ["actor", ("classification", "primary", "basis")]}),
        VALIDITY,
        ASSESSMENT,
    )
    inlines = (ClassificationCitationInline,)


class StrengthEstimateCitationInline(CitationInline):
    model = StrengthEstimateCitation


@admin.register(StrengthEstimate)
class StrengthEstimateAdmin(PartAdmin):
    """The page of an estimate of strength."""

    form = StrengthEstimateForm
    parent = "actor"
    search_fields = ("actor__search_key__sounds_like",)
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
        ASSESSMENT,
    )
    inlines = (StrengthEstimateCitationInline,)


class ActorAssessmentCitationInline(CitationInline):
    model = ActorAssessmentCitation


@admin.register(ActorAssessment)
class ActorAssessmentAdmin(PartAdmin):
    """The page of an assessment."""

    parent = "actor"
    search_fields = ("actor__search_key__sounds_like",)
    fieldsets = ((None, {"fields": ["actor", ("topic", "as_of"), "text"]}),)
    inlines = (ActorAssessmentCitationInline,)


class ActorAttributeCitationInline(CitationInline):
    model = ActorAttributeCitation


@admin.register(ActorAttribute)
class ActorAttributeAdmin(PartAdmin):
    """The page of an attribute."""

    parent = "actor"
    search_fields = ("actor__name", "value")
    fieldsets = ((None, {"fields": ["actor", "kind", "value"]}), VALIDITY, ASSESSMENT)
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
        ("Dates of the listing", VALIDITY[1]),
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
        ASSESSMENT,
    )
    inlines = (PresenceCitationInline,)
