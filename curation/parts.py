"""Parts: the child rows that have citations, and so a page of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from curation.base import MusterAdmin
from curation.inlines import RowInline, StackedRowInline


class PartAdmin(MusterAdmin):
    """The page of a part, where its citations are entered; found from its record, not the index."""

    change_form_template = "admin/muster/part.html"
    nothing_yet = "Parts are added on the page of the record that they belong to."

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Keep it off the index."""
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("__str__", self.parent)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read what the part quotes: its name tells of it."""
        return super().get_queryset(request).prefetch_related(*self.quoting(request))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let a part stay with its record; as a field, so that constraints which name it hold."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj is not None and self.parent in form.base_fields:
            field = form.base_fields[self.parent]
            field.disabled = True
            field.widget.can_add_related = field.widget.can_change_related = False
        return form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Offer the way back to the record."""
        part = kwargs.get("obj")
        if part is not None:
            record = getattr(part, self.parent)
            context |= {"record": record, "record_url": self._record_url(part)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._record_url(obj))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._record_url(obj))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Return to the record after a part is deleted."""
        part = self.get_object(request, object_id)
        response = super().delete_view(request, object_id, extra_context)
        if part is not None and isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(self._record_url(part))
        return response

    def _record_url(self, part: Any) -> str:
        record = getattr(part, self.parent)._meta
        key = getattr(part, f"{self.parent}_id")
        return reverse(f"admin:{record.app_label}_{record.model_name}_change", args=[key])


class _Cited(admin.options.InlineModelAdmin):
    """Shows beside each part how often it is cited, and leads to its page."""

    show_change_link = True
    readonly_fields = ("cited",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(cited=Count("citations"))

    @admin.display(description="citations", empty_value="—")
    def cited(self, part: Any) -> Any:
        """Lead to the citations, which are entered on the page of the part."""
        if part.pk is None:
            return "on its own page, once it is saved"
        meta = part._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[part.pk])
        told = f"{part.cited}, on its own page" if part.cited else "none yet: add the first"
        return format_html('<a href="{}#citations-group">{}</a>', url, told)


class PartInline(_Cited, RowInline):
    """Parts, one line each."""


class StackedPartInline(_Cited, StackedRowInline):
    """Parts of many columns, one block each."""
