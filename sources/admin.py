"""The admin of publishers and sources, and the inlines of citations and external ids."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.admin import AutomaticForm, GuardedForm, RecordAdmin, RowInline, StackedRowInline
from sources.codes import FigureRole, Quantifier
from sources.figures import Reading, read_number, write_number
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


class NumberForm(GuardedForm):
    """A form of a row with a number that is written as the source writes it: “at least 10”."""

    columns: ClassVar[tuple[str, str, str]]
    """The columns of the lowest number, the best estimate and the highest number."""
    vague_message: ClassVar[str] = ""
    """Why a vague word is refused; blank if the row has a quantifier for it."""

    number = forms.CharField(
        required=False,
        max_length=60,
        label="Number",
        help_text="As the source writes it: 7, 4-7, at least 10, up to 5, about 30, dozens.",
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            low, best, high = (getattr(self.instance, column) for column in self.columns)
            quantifier = getattr(self.instance, "quantifier", derive_quantifier(low, best, high))
            self.initial["number"] = write_number(low, best, high, quantifier)

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        is_sent = self.add_prefix("number") in self.data
        if is_sent and "number" in self.changed_data and "number" not in self.errors:
            self._read_number(data)
        return data

    def _read_number(self, data: dict[str, Any]) -> None:
        written = [*self.columns, *(["quantifier"] if "quantifier" in self.fields else [])]
        others = [name for name in written if name in self.changed_data]
        text = data.get("number", "")
        if not text and (others or not self.instance.pk):
            return
        try:
            reading = read_number(text) if text else Reading(None, None, None, Quantifier.EXACT)
        except ValueError as error:
            self.add_error("number", str(error))
            data["quantifier"] = Quantifier.UNSPECIFIED.value  # one message is enough
            return
        numbers = [reading.low, reading.best, reading.high]
        if self.vague_message and text and not any(n is not None for n in numbers):
            self.add_error("number", self.vague_message)
            return
        meant = dict(zip(written, [*numbers, reading.quantifier.value], strict=False))
        if any(
            data.get(name) != meant[name] for name in others if data.get(name) not in (None, "")
        ):
            self.add_error("number", "This differs from the numbers below it: write it only once.")
            return
        data.update(meant)


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
    new_kinds = ("",)
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
