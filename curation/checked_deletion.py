"""Pages that delete only what they showed when they asked."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from curation import form_state
from curation.form_state import SavedBefore


class CheckedDeletion(ModelAdmin):
    """A page that locks and reads again what it is to delete, with all that goes with it."""

    actions: Any = ("delete_selected",)
    delete_confirmation_template = "admin/muster/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/muster/delete_selected_confirmation.html"
    parent: ClassVar[str] = ""
    """The foreign key to the record that a row is part of; blank where it is none."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Delete only what the page showed that asked."""
        row = self.get_object(request, unquote(object_id))
        subject = f"{self._subject(object_id)}:delete"
        context = dict(extra_context or {})
        if request.method == "POST" and row is not None:
            try:
                with transaction.atomic():
                    form_state.confirm(request, subject, [self.lock_record(row) or row])
                    return super().delete_view(request, object_id, extra_context)
            except ValidationError as error:
                context["refusal"] = error.messages[0]
            except SavedBefore:
                context["refusal"] = "It was not deleted when you confirmed it before: see why."
            request.POST = QueryDict()  # asks again
        if row is not None:
            context["form_state"] = form_state.state_of_rows([row]).sign(request, subject)
        return super().delete_view(request, object_id, context)

    @admin.action(permissions=["delete"], description="Delete the selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete the selected rows as they were when the page asked; else ask."""
        rows = list(queryset.order_by("pk"))
        subject = f"{self._subject('')}:delete_selected"
        if "post" in request.POST:
            try:
                with transaction.atomic():
                    form_state.confirm(request, subject, rows)
                    return delete_selected(self, request, queryset)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            except SavedBefore:
                messages.info(request, "They were deleted when you confirmed it first.")
                return None
            asked = request.POST.copy()
            del asked["post"]  # asks again
            request.POST = asked  # type: ignore[assignment]
        response: Any = delete_selected(self, request, queryset)
        response.context_data["form_state"] = form_state.state_of_rows(rows).sign(request, subject)
        return response

    def lock_record(self, row: Any) -> Any:
        """Lock a row, and before it the record that it is part of; return it as it is now.

        Whoever adds a part waits for the lock too: the check of its foreign key shares it.
        """
        if self.parent:
            record = self.model._meta.get_field(self.parent)
            key = getattr(row, record.attname)
            list(record.related_model._base_manager.select_for_update().filter(pk=key))
        return self.model._base_manager.select_for_update().filter(pk=row.pk).first()

    def _subject(self, object_id: str | None) -> str:
        key = "add" if object_id is None else unquote(object_id)
        return f"{self.opts.label_lower}:{key}"

    def _url_of(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
