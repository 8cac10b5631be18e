"""The pages of affiliations."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.admin.assertions import ASSERTION, VALIDITY_ROWS
from actors.models import Affiliation, AffiliationCitation, Support, SupportCitation
from curation.admin import VALIDITY, PartAdmin, RecordAdmin, StackedPartInline
from sources.admin import CitationInline


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
    verbose_name_plural = "support (of a sponsorship: with what, when, against whom)"
    classes = ("collapse",)


class AffiliationCitationInline(CitationInline):
    model = AffiliationCitation


@admin.register(Affiliation)
class AffiliationAdmin(RecordAdmin):
    """The pages of affiliations."""

    list_display = ("sentence", "start", "end", "basis", "assessment")
    list_filter = ("kind", "basis", "assessment", "confidence")
    search_fields = (
        "subject__search_key__sounds",
        "subject__names__search_key__sounds",
        "object__search_key__sounds",
        "object__names__search_key__sounds",
        "title",
    )
    inlines = (SupportInline, AffiliationCitationInline)
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

    @admin.display(description="affiliation", ordering="subject__name")
    def sentence(self, row: Affiliation) -> str:
        """Show subject, kind and object as a sentence."""
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
        ("When it was given", VALIDITY[1]),
        ASSERTION,
    )
    inlines = (SupportCitationInline,)
