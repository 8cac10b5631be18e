"""The pages of affiliations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actors.admin.assertions import ASSERTION
from actors.models import Affiliation, AffiliationCitation
from editorial.admin import VALIDITY, RecordAdmin
from sources.admin import CitationInline


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
