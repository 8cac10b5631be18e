"""The admin of publishers and sources, and the inlines of citations and external ids."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin import AutomaticForm, GuardedForm, RecordAdmin, RowInline, StackedRowInline
from sources.codes import FigureRole
from sources.models import Publisher, Source, SourceExternalId, derive_quantifier


class FigureForm(AutomaticForm):
    """A form of a figure that fills in its role and its quantifier."""

    automatic = {
        "role": "recommended if it is the first of its kind",
        "quantifier": "according to the numbers",
    }
    first_values = (FigureRole.RECOMMENDED.value, FigureRole.SUPPORTING.value)

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        if name == "quantifier":
            numbers = (data.get(bound) for bound in ("low", "best", "high"))
            return derive_quantifier(*numbers).value
        return super().fill_in(name, data)


class CitationForm(GuardedForm):
    """A form of a citation, with a choice of the fields that it can be cited for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" not in self.fields:
            return
        stored = self.instance.field
        citable = self.instance.list_citable_fields()
        choices = [("", "the whole row"), *((f.name, str(f.verbose_name)) for f in citable)]
        if stored not in dict(choices):
            choices.append((stored, stored))
        self.fields["field"].widget = forms.Select(choices=choices)


class CitationInline(StackedRowInline):
    """The citations of a row; one subclass for each citation model."""

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
    """The external ids of a record; one subclass for each type of record."""

    verbose_name_plural = "external ids"


@admin.register(Publisher)
class PublisherAdmin(RecordAdmin):
    """The admin pages of publishers."""

    list_display = ("name", "country", "language", "scale")
    list_filter = ("scale",)
    search_fields = ("name",)
    fields = ("name", ("country", "language"), "scale")
    empty_message = "Add the newspapers, agencies and outlets that publish the sources."


class SourceExternalIdInline(ExternalIdInline):
    model = SourceExternalId


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """The admin pages of sources."""

    list_display = ("title", "kind", "publisher", "published", "confidential")
    list_filter = ("kind", "confidential")
    list_select_related = ("publisher",)
    search_fields = ("title", "translated_title", "author", "url", "external_ids__value")
    inlines = (SourceExternalIdInline,)
    fieldsets = (
        (None, {"fields": ["title", "translated_title", ("kind", "language"), "confidential"]}),
        (
            "Publication",
            {"fields": ["publisher", "author", ("published", "accessed"), "url", "archive_url"]},
        ),
        ("The file", {"fields": ["licence", "sha256"]}),
    )
    empty_message = "Add the texts that you have read: every record can then cite them."

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("publisher")

    def label(self, row: Any) -> str:
        details = ", ".join(filter(None, [str(row.publisher or ""), row.published]))
        return f"{row} ({details})" if details else str(row)
