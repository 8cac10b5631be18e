"""The current source of a form: every row that is added on it is cited by it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from curation.admin import EditorAdmin, GuardedForm, NestedFormSet, PartRows, RowFormSet
from curation.widgets import EdtfWidget
from sources.addresses import find_source_at, normalize_address
from sources.admin import CitationForm
from sources.models import Publisher, Source
from sources.reading import read_report

REPORT: tuple[Any, Any] = (
    _("Start from the report"),
    {
        "classes": ["report"],
        "fields": [
            "report",
            "current_source",
            "source_title",
            ("source_publisher", "source_published"),
        ],
    },
)
"""The fields of the current source, for the fieldsets of an editor."""
_NAMES = {"title": "source_title", "publisher": "source_publisher", "published": "source_published"}


class CurrentSourceForm(GuardedForm):
    """A form with a current source: an existing one, or one that is made in the same save."""

    report = forms.CharField(
        required=False,
        label=_("Report: its address, or its text"),
        help_text=_(
            "Paste the address or the text. A source with the same address is found; another one "
            "is made when you save. The text itself is not saved: mark a passage to quote it."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "class": "vLargeTextField"}),
    )
    current_source = forms.Field(required=False)  # the admin replaces it
    source_title = forms.CharField(
        required=False,
        max_length=500,
        label=_("Title of the new source"),
        help_text=_("Only for a source that is not in the list yet."),
        widget=forms.TextInput(attrs={"dir": "auto", "class": "vTextField"}),
    )
    source_publisher = forms.Field(required=False)  # the admin replaces it
    source_published = forms.CharField(
        required=False,
        label=_("Published"),
        help_text=_("The day on which it was published, such as 2025-03-03."),
        widget=EdtfWidget(attrs={"dir": "ltr"}),
    )

    source: Source | None = None
    """The current source, once the form is valid; it may not be saved yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record: Any = self.instance
        record.source_form = self  # the citations of its parts need the current source

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        self.source = data.get("current_source")
        stated = read_report(data.get("report") or "")
        title = data.get("source_title") or ""
        if self.source is None and stated.url:
            self.source = find_source_at(stated.url)
        if self.source is not None or not (stated.url or title):
            return data
        if not title:
            self.add_error(
                "source_title", _("No source has this address yet: give the title of the report.")
            )
            return data
        publisher = data.get("source_publisher")
        if publisher is None and stated.publisher:
            publisher = Publisher.objects.filter(name__iexact=stated.publisher).first()
        source = Source(
            title=title,
            url=stated.url,
            publisher=publisher,
            published=data.get("source_published") or stated.published,
        )
        try:
            source.full_clean(exclude=["slug"])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(_NAMES.get(name, "report"), messages)
        self.source = source
        return data

    def has_source(self) -> bool:
        """Return whether there is a current source, or will be after saving."""
        return self.errors is not None and self.source is not None


class CitedForm(CitationForm):
    """A form of a citation by the current source, unless it names another one."""

    current: CurrentSourceForm | None = None
    """The form with the current source; set by the formset."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and "source" in self.fields:
            self.fields["source"].required = False

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        is_missing = not data.get("source") and "source" not in self.errors
        if is_missing and not (self.current and self.current.has_source()):
            self.add_error("source", _("Choose a source, or give the current source above."))
        return data


class _Citing:
    """What the formsets of citations share: rows without a source get the current one."""

    instance: Any

    @property
    def current(self) -> CurrentSourceForm | None:
        """The form of the record, which has the current source."""
        return getattr(self.instance, "source_form", None)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.current = self.current
        return form

    def save_new(self, form: Any, commit: bool = True) -> Any:
        if form.instance.source_id is None and self.current is not None:
            form.instance.source = self.current.source
        return super().save_new(form, commit)  # type: ignore[misc]


class CitationFormSet(_Citing, RowFormSet):
    """The citations of a record. A new record is cited by the current source."""

    def save_new_objects(self, commit: bool = True) -> Any:
        is_new = getattr(self.instance, "is_new_in_form", False)
        saved = super().save_new_objects(commit)
        source = self.current.source if self.current else None
        if is_new and source is not None and not saved and self.max_num != 0:
            citation = self.model(source=source, **{self.fk.name: self.instance})
            citation.save()
            self.new_objects.append(citation)
        return self.new_objects


class NestedCitationFormSet(_Citing, NestedFormSet):
    """The citations of parts. A new part is cited by the current source."""

    def save_new_objects(self, commit: bool = True) -> Any:
        """Cite each new part that has no other citation and is not to stay without one."""
        saved = super().save_new_objects(commit)
        source = self.current.source if self.current else None
        if source is None or self.max_num == 0:
            return saved
        for part in self.parts.extra_forms:
            if not part.has_changed() or self.parts._should_delete_form(part):
                continue
            below = [form for form, its_part in self.part_forms.items() if its_part is part]
            if not any(form.has_changed() or self._should_delete_form(form) for form in below):
                citation = self.model(source=source, **{self.fk.name: part.instance})
                citation.save()
                self.new_objects.append(citation)
        return self.new_objects


class CitationRows(PartRows):
    """The citations of a record or of its parts; one subclass for each citation model."""

    form = CitedForm
    formset = CitationFormSet
    nested_formset = NestedCitationFormSet
    is_citation = True
    verbose_name: Any = _("citation")
    verbose_name_plural: Any = _("citations")
    usual = ("quote",)
    more = (
        *("source", "field", "stance", "locator_kind", "locator"),
        *("quote_language", "translation"),
    )

    def sentence(self, row: Any) -> str:
        quote = f"“{row.quote}” " if row.quote else ""
        field = f" ({row.field})" if row.field else ""
        stance = "" if row.stance == "supports" else f" {row.get_stance_display()}"
        return format_html("<bdi>{}</bdi><bdi>{}</bdi>{}{}", quote, row.source, field, stance)


class CitingAdmin(EditorAdmin):
    """The editor of a record with a current source."""

    form = CurrentSourceForm

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.report_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_report"
        return [path("report/", view, name=name), *super().get_urls()]

    def report_view(self, request: HttpRequest) -> HttpResponse:
        """Return what a pasted report says about itself, and the source with its address."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        stated = read_report(request.POST.get("text", ""))
        source = find_source_at(stated.url) if stated.url else None
        publisher = Publisher.objects.filter(name__iexact=stated.publisher or " ").first()
        sources = self.admin_site.get_model_admin(Source)
        publishers: Any = self.admin_site.get_model_admin(Publisher)
        offered: dict[str, str] | None = None
        if publisher:
            offered = {"id": str(publisher.pk), "text": publishers.label(publisher)}
        elif stated.publisher and publishers.has_add_permission(request):
            offered = {"id": f"new::{stated.publisher}", "text": f"{stated.publisher} (new)"}
        return JsonResponse(
            {
                "address": normalize_address(stated.url),
                "source": source and {"id": str(source.pk), "text": sources.label(source)},  # type: ignore[attr-defined]
                "publisher": offered,
                "published": stated.published,
            }
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Find the current source and its publisher by searching."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if "current_source" in form.base_fields:
            for name, column, label in (
                ("current_source", self._citations_model()._meta.get_field("source"), _("Source")),
                ("source_publisher", Source._meta.get_field("publisher"), _("Publisher")),
            ):
                field: Any = self.formfield_for_foreignkey(column, request, required=False)
                field.label = label
                form.base_fields[name] = field
            form.base_fields["current_source"].help_text = _(
                "Every row that you add is cited by this source, unless you choose another one."
            )
        return form

    def _citations_model(self) -> Any:
        return self.model._meta.get_field("citations").related_model

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add where the page sends a pasted report to be read."""
        context |= {"report_url": self.url_of("report")}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start with the source of the address, for a form that is opened from a source."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if "source" in initial:
            initial["current_source"] = initial.pop("source")
        return initial

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save a new source before the citations that need it."""
        source = form.source
        if source is not None and source._state.adding:
            self._save_source(request, source)
        form.instance.is_new_in_form = not change
        super().save_related(request, form, formsets, change)

    def _save_source(self, request: HttpRequest, source: Source) -> None:
        sources = self.admin_site.get_model_admin(Source)
        if not sources.has_add_permission(request):
            raise PermissionDenied
        source.save()
        sources.log_addition(request, source, "Added with a record that it is cited for.")
