"""The editor of a record: all of its parts and their citations on one page, each part one line."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.admin import StackedInline
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field
from django.forms import Media
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from curation.form_state import ROW
from curation.inlines import BaseRows, RowFormSet
from curation.nested import NestedFormSet, nest
from curation.records import RecordAdmin

SUBMIT_REVIEW = "_submit_review"
"""The name of the button that saves, then opens the page that submits."""


class PartRows(BaseRows, StackedInline):
    """The parts of one kind, each one line that reads as a sentence and opens for editing."""

    usual: ClassVar[tuple[str, ...]] = ()
    """The fields that are shown at once, in the order in which they are filled in."""
    more: ClassVar[tuple[str, ...]] = ()
    """The fields that one key shows."""
    nested: ClassVar[tuple[type["PartRows"], ...]] = ()
    """The rows of each part, such as its citations."""
    nested_formset: ClassVar[type[NestedFormSet]] = NestedFormSet
    formset: Any = RowFormSet
    is_citation: ClassVar[bool] = False
    """Whether the rows are citations, without which a part is marked."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": [*self.usual, *self.more]})]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the buttons beside a related record: a new one is made in the field itself."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    @property
    def media(self) -> Media:
        """Leave out the scripts of other inlines: the editor adds rows by its own."""
        return Media()

    def sentence(self, row: Any) -> str:
        """Return a part in plain words."""
        return str(row)


class EditorAdmin(RecordAdmin):
    """The admin of a record whose parts and citations are edited on one page."""

    change_form_template = "admin/muster/editor.html"

    class Media:
        css = {"all": ["curation/editor.css"]}
        js = [Script("curation/editor.js", defer=True)]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return each inline, followed by those of the rows of its parts."""
        inlines: list[Any] = []
        for inline in super().get_inline_instances(request, obj):
            inlines.append(inline)
            for nested in getattr(inline, "nested", ()):
                rows = nested(inline.model, self.admin_site)
                if rows.has_view_or_change_permission(request, obj):
                    if not rows.has_add_permission(request, obj):
                        rows.max_num = 0
                    inlines.append(rows)
        return inlines

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: Any = None
    ) -> Iterator[tuple[Any, Any]]:
        formsets: dict[Any, Any] = {}
        for inline in self.get_inline_instances(request, obj):
            if inline.parent_model is not self.model:
                nest(inline, formsets[inline.parent_model])
            formset = formsets[inline.model] = inline.get_formset(request, obj)
            yield formset, inline

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Join the rows of parts to the forms of their parts."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        by_prefix = {formset.prefix: formset for formset in formsets}
        for formset in formsets:
            if isinstance(formset, NestedFormSet):
                formset.parts = by_prefix[formset.part_prefix]
        return formsets, inlines

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._go_on(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._go_on(request, obj) or super().response_post_save_change(request, obj)

    def _go_on(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect | None:
        """Return the way to the page that submits, if the button for that was pressed."""
        if SUBMIT_REVIEW not in request.POST:
            return None
        return HttpResponseRedirect(self.url_of("submit", obj))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add the parts as the page shows them."""
        context |= {"parts": list_parts(context["inline_admin_formsets"])}
        return super().render_change_form(request, context, *args, **kwargs)


class Row:
    """A part, or a row of a part, as the page shows it."""

    def __init__(self, rows: "Rows", form: Any, is_empty: bool = False) -> None:
        self.rows, self.form, self.is_empty = rows, form, is_empty
        self.prefix = form.prefix
        self.is_new = not form.instance.pk
        self.is_open = is_empty or bool(form.errors) or self.is_new
        self.nested: list[tuple[Rows, list[Row]]] = []

    @property
    def sentence(self) -> str:
        """The row in plain words; blank for a row that is not stored."""
        return "" if self.is_new else self.rows.inline.sentence(self.form.instance)

    @property
    def is_uncited(self) -> bool:
        """Whether a stored part has no citation."""
        return any(rows.inline.is_citation and not below for rows, below in self.nested)

    @property
    def own_url(self) -> str:
        """The address of the page of the row, with its history; blank if it has none."""
        meta = self.rows.inline.model._meta
        if self.is_new or not self.rows.inline.has_registered_model:
            return ""
        return reverse(
            f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.form.instance.pk]
        )

    @property
    def usual(self) -> SafeString:
        """The usual fields."""
        return self._render(self.rows.inline.usual)

    @property
    def more(self) -> SafeString:
        """The other fields."""
        return self._render(self.rows.inline.more)

    @property
    def more_is_open(self) -> bool:
        """Whether one of the other fields has an error."""
        return bool(set(self.form.errors) & set(self.rows.inline.more))

    @property
    def hidden(self) -> SafeString:
        """The key of the row, and the row that it belongs to."""
        fields = [self.form[name] for name in ("id", ROW) if name in self.form.fields]
        return format_html_join("", "{}", ((str(field),) for field in fields))

    @property
    def delete(self) -> SafeString:
        """The checkbox that deletes the row."""
        return render_field(self.form["DELETE"]) if "DELETE" in self.form.fields else SafeString("")

    def _render(self, names: tuple[str, ...]) -> SafeString:
        fields = (render_field(self.form[name]) for name in names if name in self.form.fields)
        return SafeString("".join(fields))


class Rows:
    """The parts of one kind, as the page shows them."""

    def __init__(self, inline_formset: Any) -> None:
        self.inline, self.formset = inline_formset.opts, inline_formset.formset
        self.prefix = self.formset.prefix
        self.can_change = inline_formset.has_change_permission
        self.can_add = inline_formset.has_add_permission
        self.name = str(self.inline.verbose_name)
        self.title = capfirst(str(self.inline.verbose_name_plural))
        self.nested: list[Rows] = []
        self.orphans: list[Row] = []
        self.items: list[Row] = []

    @property
    def empty(self) -> Row:
        """A row to be added."""
        row = Row(self, self.formset.empty_form, is_empty=True)
        row.nested = [(rows, []) for rows in self.nested]
        return row


def list_parts(inline_formsets: list[Any]) -> list[Rows]:
    """Return the parts of a page, each with its rows and their rows."""
    parts: list[Rows] = []
    by_prefix: dict[str, Rows] = {}
    for inline_formset in inline_formsets:
        rows = Rows(inline_formset)
        by_prefix[rows.prefix] = rows
        if not isinstance(rows.formset, NestedFormSet):
            parts.append(rows)
            rows.items = [Row(rows, form) for form in rows.formset.forms]
            continue
        part = by_prefix[rows.formset.part_prefix]
        part.nested.append(rows)
        groups = rows.formset.group_by_part()
        for item in part.items:
            below = [Row(rows, form) for form in groups.pop(item.prefix, ())]
            item.nested.append((rows, below))
            item.is_open = item.is_open or any(row.form.errors for row in below)
        rows.orphans = [Row(rows, form) for group in groups.values() for form in group]
    return parts


def render_field(field: Any) -> SafeString:
    """Return a field with its label, its errors and its explanation."""
    if field.is_hidden:
        return SafeString(str(field))
    errors = field.errors
    described = ""
    if field.help_text:
        explanation = conditional_escape(field.help_text)
        described = f'<p class="help" id="{field.auto_id}_helptext">{explanation}</p>'
    label = conditional_escape(capfirst(str(field.label)))
    return SafeString(
        f'<div class="field field-{field.name}{" errors" if errors else ""}">'
        f'<label for="{field.id_for_label}">{label}</label>{field}'
        f"{errors if errors else ''}{described}</div>"
    )
