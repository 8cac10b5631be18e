"""The admin of publishers and sources, and the inlines by which everything else cites them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin import AutomaticForm, GuardedForm, RecordAdmin, RowInline, StackedRowInline
from sources.codes import FigureRole
from sources.models import Publisher, Source, SourceExternalId, derive_quantifier


class FigureForm(AutomaticForm):
    """A figure, which is recommended if it is the first, and worded as its numbers are."""

    automatic = {
        "role": "recommended if it is the first of its kind",
        "quantifier": "as the numbers say",
    }
    first_values = (FigureRole.RECOMMENDED.value, FigureRole.SUPPORTING.value)

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        if name == "quantifier":
            numbers = (data.get(bound) for bound in ("low", "best", "high"))
            return derive_quantifier(*numbers).value
        return super().fill_in(name, data)


class CitationForm(GuardedForm):
    """A citation, whose field is picked from those of the row that it supports."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" not in self.fields:
            return
        stored = self.instance.field
        citable = self.instance.citable()
        choices = [("", "the whole row"), *((f.name, str(f.verbose_name)) for f in citable)]
        if stored not in dict(choices):
            choices.append((stored, stored))
        self.fields["field"].widget = forms.Select(choices=choices)


class CitationInline(StackedRowInline):
    """The passages cited for a row; one subclass for each kind of citation."""

    form = CitationForm
    verbose_name_plural = "citations"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "source",
                    ("field", "stance", "locator_kind", "locator"),
                    "quote",
                    ("quote_language", "translation"),
                ]
            },
        )
    ]


class ExternalIdInline(RowInline):
    """What other systems call a record; one subclass for each type of record."""

    verbose_name_plural = "external ids"


@admin.register(Publisher)
class PublisherAdmin(RecordAdmin):
    """The pages of publishers."""

    list_display = ("name", "country", "language", "scale")
    list_filter = ("scale",)
    search_fields = ("name",)
    fields = ("name", ("country", "language"), "scale")
    nothing_yet = "Add the newspapers, agencies and outlets whose pieces are cited."


class SourceExternalIdInline(ExternalIdInline):
    model = SourceExternalId


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """The pages of sources."""

    list_display = ("title", "kind", "publisher", "published", "confidential")
    list_filter = ("kind", "confidential")
    list_select_related = ("publisher",)
    search_fields = ("title", "translated_title", "author", "url", "external_ids__value")
    inlines = (SourceExternalIdInline,)
    fieldsets = (
        (None, {"fields": ["title", "translated_title", ("kind", "language"), "confidential"]}),
        (
            "Who published it, where and when",
            {"fields": ["publisher", "author", ("published", "accessed"), "url", "archive_url"]},
        ),
        ("What was seen", {"fields": ["licence", "sha256"]}),
    )
    nothing_yet = "Add what the desk has read: it can then be cited everywhere."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("publisher")

    def label(self, row: Any) -> str:
        told = [str(row.publisher or ""), row.published]
        more = ", ".join(word for word in told if word)
        return f"{row} ({more})" if more else str(row)
