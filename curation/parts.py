"""The admin of parts: rows with citations of their own, and so with a page of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from curation.base import MusterAdmin
from curation.inlines import RowInline, StackedRowInline


class PartAdmin(MusterAdmin):
    """The page of a part, for its citations. Only the page of the record links to it."""

    change_form_template = "admin/muster/part.html"
    empty_message = "To add a part, open the page of its record."

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide the list from the index."""
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("__str__", self.parent)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read the records that the rows refer to, whose names are part of their own."""
        return super().get_queryset(request).prefetch_related(*self.prefetch_references(request))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Disable the field of the record, but keep it, so that its constraints are checked."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj is not None and self.parent in form.base_fields:
            field = form.base_fields[self.parent]
            field.disabled = True
            field.widget.can_add_related = field.widget.can_change_related = False
        return form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add a link back to the record."""
        part = kwargs.get("obj")
        if part is not None:
            record = getattr(part, self.parent)
            context |= {"record": record, "record_url": self._record_url(part)}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._record_url(obj))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._record_url(obj))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lead to the history of the record, which has the changes of its parts."""
        part = self.get_object(request, object_id)
        if part is None:
            return super().history_view(request, object_id, extra_context)
        record: Any = getattr(part, self.parent)
        model_admin: Any = self.admin_site.get_model_admin(type(record))
        return HttpResponseRedirect(model_admin.url_of("history", record))

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
    """An inline that shows how many citations each part has, with a link to them."""

    show_change_link = True
    readonly_fields = ("cited",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(cited=Count("citations"))

    @admin.display(description="citations", empty_value="—")
    def cited(self, part: Any) -> Any:
        """Return a link to the citations, which are on the page of the part."""
        if part.pk is None:
            return "save first, then add them on its own page"
        meta = part._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[part.pk])
        text = f"{part.cited} (on its own page)" if part.cited else "none: add the first"
        return format_html('<a href="{}#citations-group">{}</a>', url, text)


class PartInline(_Cited, RowInline):
    """An inline of parts with one line for each."""


class StackedPartInline(_Cited, StackedRowInline):
    """An inline of parts with one block for each."""
