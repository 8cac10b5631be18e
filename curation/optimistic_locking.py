"""Optimistic locking: a form is saved once, and only if the rows are still as the page showed them.

The same holds for a page that asks to confirm a deletion.
"""

from typing import Any, ClassVar, NamedTuple

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from psycopg.errors import ForeignKeyViolation

from curation import form_state, open_forms
from curation.comparison import Comparison, FormRows
from curation.form_state import RESTORE, FormState, SavedBefore
from curation.models import SavedForm
from editorial.models import Record
from editorial.redaction.stored_texts import newest_redaction

_CHANGED = (
    "Nothing was saved: others changed this since you opened it. Check their changes, then save "
    "again."
)
_DELETED = (
    "Nothing was saved: it was deleted since you opened it. To create it again, save this form."
)
_UNKNOWN = (
    "Nothing was saved: the form does not say when you opened it. Compare it with the stored "
    "values, then save again."
)
_SAVED_ALREADY = (
    "Nothing was saved: you have already saved this form with other values. If you save it again, "
    "another {} is added."
)
_NOT_KEPT = "This unsaved text is not kept any more: it was saved, discarded or redacted."
_RESTORED = "Your unsaved changes are in the form again. They are not saved yet."


class Refusal(NamedTuple):
    """A refusal to save a form, which is then shown again."""

    message: str
    state: FormState | None = None
    """The state of the new form; None if it is the state of the form that was sent."""
    comparison: Comparison | None = None


class OptimisticLockingAdmin(ModelAdmin):
    """An admin whose forms carry a signed copy of the values that they were made from.

    When a form is sent, its rows are locked and read again. If they differ from the copy, nothing
    is saved: the form is shown again with the differences and with everything that was typed. The
    locks last until all is saved, so a field that was not edited keeps its stored value.
    """

    actions: Any = ("delete_selected",)
    delete_confirmation_template = "admin/muster/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/muster/delete_selected_confirmation.html"
    parent: ClassVar[str] = ""
    """The foreign key to the record that a row is part of; blank for records."""

    @property
    def keeps_forms(self) -> bool:
        """Whether typed text is kept on the server: not for accounts, with their passwords."""
        return bool(self.parent) or issubclass(self.model, Record)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show the form again if the database refuses values that passed validation."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, OperationalError) as error:
            if request.method != "POST":
                raise
            if isinstance(error, IntegrityError):
                message = f"Nothing was saved. {refusal_message(error)}"
            elif form_state.is_busy(error):
                message = form_state.BUSY
            else:
                raise
            _show_again(request, Refusal(message))
        # Without the comparison: if that waited for a lock, it would wait again.
        with transaction.atomic():
            return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        """Compare the rows before Django reads them, under locks that last until all is saved."""
        if request.method != "POST" or not self._may_save(request, object_id):
            return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        subject = self._subject(object_id)
        if open_forms.UNSAVED in request.POST and not open_forms.restore(request, subject):
            messages.warning(request, _NOT_KEPT)
            return HttpResponseRedirect(request.get_full_path())
        state = FormState.load(request, subject)
        sent = form_state.sent_digest(request)
        try:
            with form_state.locking():
                saved = state and form_state.refuse_second(state, sent)
                refusal = self._compare(request, object_id, state, saved or None)
        except SavedBefore as error:
            return self._repeat_response(request, error.saved, object_id)
        if refusal is not None:
            _show_again(request, refusal)
            if refusal.comparison is not None:
                request.POST = refusal.comparison.data  # type: ignore[assignment]
                if refusal.comparison.is_deleted:
                    object_id, form_url = None, self.url_of("add")
        response = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        row = getattr(request, "saved_row", None)
        if row is not None and state is not None:
            SavedForm.objects.remember(state.token, sent, str(row.pk))
            open_forms.forget_saved(request, state)
            form_state.mark_saved(request, response, subject)
        elif row is None:
            transaction.set_rollback(True)  # of new records that only other fields named
        return response

    def _compare(
        self,
        request: HttpRequest,
        object_id: str | None,
        state: FormState | None,
        saved: SavedForm | None,
    ) -> Refusal | None:
        """Return a refusal if the form has to be shown again; None if it can be saved."""
        restoring = RESTORE in request.POST
        if object_id is None:
            if state is None:
                return Refusal(_RESTORED if restoring else _UNKNOWN, FormState())
            if saved is not None:
                return Refusal(_SAVED_ALREADY.format(self.opts.verbose_name), FormState())
            return Refusal(_RESTORED) if restoring else None
        now, forms = self._read(request, object_id)
        if state is not None and now.rows == state.rows and _is_same_below(request, state, now):
            return Refusal(_RESTORED) if restoring else None
        comparison = Comparison(request.POST, state, now, forms)
        is_deleted = comparison.is_deleted
        message = _UNKNOWN if state is None else _DELETED if is_deleted else _CHANGED
        if restoring and state is not None:
            message = f"{_RESTORED} Others changed this since you opened it: check their changes."
        return Refusal(message, FormState() if is_deleted else now, comparison)

    def _read(self, request: HttpRequest, object_id: str) -> tuple[FormState, dict[str, FormRows]]:
        """Lock and read the rows of a form: the record, then its parts in the order of keys."""
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            to_field = None
        row: Any = self.get_object(request, unquote(object_id), to_field)
        row = None if row is None else self.lock_record(row)
        form = self.get_form(
            request, row, change=True, fields=flatten_fieldsets(self.get_fieldsets(request, row))
        )
        rows = {} if row is None else {str(row.pk): row}
        forms = {"": FormRows(form, str(self.opts.verbose_name), rows, self.parent)}
        below: dict[str, str] = {}
        for formset, inline in self.get_formsets_with_inlines(request, row):
            prefix = formset.get_default_prefix()
            stored: dict[str, Any] = {}
            if row is not None:
                parts = formset.filter_stored(row).select_for_update(of=("self",))
                stored = {str(part.pk): part for part in parts.order_by("pk")}
            name = str(inline.verbose_name)
            forms[prefix] = FormRows(formset.form, name, stored, formset.fk.name)
            deleted = _list_deleted(request, prefix)
            keys = [part.pk for key, part in stored.items() if key in deleted]
            digests = form_state.digests_below(formset.model, keys, lock=True)
            below |= {f"{prefix}-{key}": digest for key, digest in digests.items()}
        values = {
            prefix: {
                key: form_state.form_values(page.form_class, r) for key, r in page.rows.items()
            }
            for prefix, page in forms.items()
        }
        return FormState(values, below, newest_redaction()), forms

    def _repeat_response(
        self, request: HttpRequest, saved: SavedForm, object_id: str | None
    ) -> HttpResponse:
        """Return the response to a form that has already been saved."""
        row = self.model._default_manager.filter(pk=saved.object_id).first()
        if row is None:
            messages.warning(
                request, f"This {self.opts.verbose_name} was saved, but then it was deleted."
            )
            response: HttpResponse = HttpResponseRedirect(self.url_of("changelist"))
        elif object_id is None:
            response = self.response_add(request, row)
        else:
            response = self.response_change(request, row)
        form_state.mark_saved(request, response, self._subject(object_id))
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that is never valid if it has to be shown again."""
        form = super().get_form(request, obj, change=change, **kwargs)
        is_refused = getattr(request, "refusal", None) is not None
        return type("RefusedForm", (_RefusedForm, form), {}) if is_refused else form

    def save_related(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Check all foreign keys now, while the form can still be shown again."""
        super().save_related(request, *args, **kwargs)
        connection.check_constraints()
        request.saved_row = args[0].instance  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add the signed state of the form."""
        row = kwargs.get("obj")
        if self._may_save(request, None if row is None else str(row.pk), row):
            context |= self._state_context(request, context, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def _state_context(self, request: HttpRequest, context: Any, row: Any) -> dict[str, Any]:
        subject = self._subject(None if row is None else str(row.pk))
        refusal: Refusal | None = getattr(request, "refusal", None)
        state = refusal and refusal.state
        if state is None and request.method == "POST":
            state = FormState.load(request, subject)
        if state is None:
            state = _read_state(context, row)
        elif refusal and refusal.comparison and row is not None:
            # Until now it has digests only of the rows that the form was to delete.
            state = FormState(state.rows, _read_below(context), state.redaction)
        context = {}
        if self.keeps_forms:
            record = None if row is None else open_forms.record_id(self, row)
            context = open_forms.describe_open_forms(request, subject, record)
        return context | {
            "form_state": state.sign(request, subject),
            "form_token": state.token,
            "unsaved": request.method == "POST",
            "comparison": refusal and refusal.comparison,
            "refusal": refusal and refusal.message,
        }

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Delete a row, if it and its parts are still as the confirmation page showed them."""
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
                context["refusal"] = "You confirmed this before, but it was not deleted."
            request.POST = QueryDict()  # shows the confirmation page again
        if row is not None:
            context["form_state"] = form_state.state_of_rows([row]).sign(request, subject)
        return super().delete_view(request, object_id, context)

    @admin.action(permissions=["delete"], description="Delete the selected %(verbose_name_plural)s")
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete the selected rows, if they are still as the confirmation page showed them."""
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
                messages.info(request, "They have already been deleted.")
                return None
            data = request.POST.copy()
            del data["post"]  # shows the confirmation page again
            request.POST = data  # type: ignore[assignment]
        response: Any = delete_selected(self, request, queryset)
        response.context_data["form_state"] = form_state.state_of_rows(rows).sign(request, subject)
        return response

    def lock_record(self, row: Any) -> Any:
        """Lock first the record that a row is part of, then the row, and return it as stored.

        Adding another part waits for the lock as well, because the foreign key needs it.
        """
        if self.parent:
            record = self.model._meta.get_field(self.parent)
            key = getattr(row, record.attname)
            list(record.related_model._base_manager.select_for_update().filter(pk=key))
        return self.model._base_manager.select_for_update().filter(pk=row.pk).first()

    def _subject(self, object_id: str | None) -> str:
        key = "add" if object_id is None else unquote(object_id)
        return f"{self.opts.label_lower}:{key}"

    def url_of(self, page: str, row: Any = None) -> str:
        """Return the address of a page of a row, or of a page of the model."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=None if row is None else [row.pk])

    def _may_save(self, request: HttpRequest, object_id: str | None, row: Any = None) -> bool:
        if object_id is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, row)


class _RefusedForm:
    """A mixin for a form that is shown again instead of saved."""

    is_refused = True

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


def _show_again(request: Any, refusal: Refusal) -> None:
    request.refusal, request.saved_row = refusal, None


def _is_same_below(request: HttpRequest, state: FormState, now: FormState) -> bool:
    """Return whether the parts of all rows that the form deletes are unchanged."""
    return all(
        now.below.get(f"{prefix}-{key}") == state.below.get(f"{prefix}-{key}")
        for prefix in now.rows
        if prefix
        for key in _list_deleted(request, prefix)
    )


def _list_deleted(request: HttpRequest, prefix: str) -> set[str]:
    """Return the keys of the rows of a formset that the form deletes."""
    return {
        request.POST.get(f"{form.removesuffix('DELETE')}id", "")
        for form in request.POST
        if form.startswith(f"{prefix}-") and form.endswith("-DELETE")
    }


def _read_state(context: Any, row: Model | None) -> FormState:
    """Return the state of the rows that a page shows, without reading them again."""
    if row is None:
        return FormState()
    rows = {"": {str(row.pk): form_state.form_values(type(context["adminform"].form), row)}}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        rows[formset.prefix] = {
            str(part.pk): form_state.form_values(formset.form, part)
            for part in formset.get_queryset()
        }
    return FormState(rows, _read_below(context), newest_redaction())


def _read_below(context: Any) -> dict[str, str]:
    """Return a digest of the parts of each row of a page: deleting the row deletes them."""
    below: dict[str, str] = {}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        keys = [part.pk for part in formset.get_queryset()]
        digests = form_state.digests_below(formset.model, keys)
        below |= {f"{formset.prefix}-{key}": digest for key, digest in digests.items()}
    return below


def refusal_message(error: IntegrityError) -> str:
    """Return why the database refused to save: the message of the constraint if it has one."""
    if isinstance(error.__cause__, ForeignKeyViolation):
        return "A record that it refers to has been deleted: choose another one."
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models() if name else ():
        for constraint in model._meta.constraints:
            if constraint.name == name and isinstance(constraint, models.BaseConstraint):
                return str(constraint.get_violation_error_message())
    return str(getattr(diagnosis, "message_primary", None) or "The database refused to save it.")
