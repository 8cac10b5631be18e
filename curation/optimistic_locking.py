"""Pages whose forms are saved only onto the state that they were made from, and only once."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from psycopg.errors import ForeignKeyViolation

from curation import form_state
from curation.checked_deletion import CheckedDeletion
from curation.comparison import Comparison, FormRows
from curation.form_state import RESTORE, FormState, SavedBefore
from curation.models import SavedForm

_CHANGED = "Nothing was saved: others changed this since you opened it. See what, then save again."
_GONE = "Nothing was saved: it was deleted since you opened it. Saving this form adds it anew."
_UNKNOWN = (
    "Nothing was saved: this form did not say what it was made from. Compare it with what is "
    "stored, then save again."
)
_SAVED_ALREADY = (
    "Nothing was saved: this form was saved before, with other values. Saving it again adds "
    "another {}."
)
_RESTORED = "What you had typed is in the form again. It is not saved yet."


class ShownForms(NamedTuple):
    """Why a form is shown again instead of saved, and how."""

    refusal: str
    state: FormState | None = None
    """What it is made from now; None: what it was made from."""
    comparison: Comparison | None = None


class OptimisticLockingAdmin(CheckedDeletion):
    """A page whose form names, signed, what it was made from.

    When the form comes back, all its rows are locked and read again. Where they differ, nothing is
    written: the page is shown again with the differences and with all that was typed. As the rows
    are locked until the end, what is written back of unchanged fields is what is stored.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show the form again where the database refuses what no form foresaw."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, OperationalError) as error:
            if request.method != "POST":
                raise
            if isinstance(error, IntegrityError):
                why = f"Nothing was saved. {refusal_message(error)}"
            elif form_state.is_busy(error):
                why = form_state.BUSY
            else:
                raise
            _show_again(request, ShownForms(why))
        # Django's own, without the comparison: where that is what waited, it would wait again.
        with transaction.atomic():
            return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        """Compare, before Django reads anything, under locks that last until all is saved."""
        if request.method != "POST" or not self._may_save(request, object_id):
            return super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        subject = self._subject(object_id)
        state = FormState.load(request, subject)
        sent = form_state.sent_digest(request)
        try:
            with form_state.locking():
                saved = state and form_state.refuse_second(state, sent)
                shown = self._compare(request, object_id, state, saved or None)
        except SavedBefore as before:
            return self._answer_second(request, before.saved, object_id)
        if shown is not None:
            _show_again(request, shown)
            if shown.comparison is not None:
                request.POST = shown.comparison.data  # type: ignore[assignment]
                if shown.comparison.gone:
                    object_id, form_url = None, self._url_of("add")
        response = super()._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        row = getattr(request, "saved_row", None)
        if row is not None and state is not None:
            SavedForm.objects.remember(state.token, sent, str(row.pk))
            form_state.mark_saved(request, response, subject)
        return response

    def _compare(
        self,
        request: HttpRequest,
        object_id: str | None,
        state: FormState | None,
        saved: SavedForm | None,
    ) -> ShownForms | None:
        """Return why and how the form is shown again; None where it may be saved."""
        restoring = RESTORE in request.POST
        if object_id is None:
            if state is None:
                return ShownForms(_RESTORED if restoring else _UNKNOWN, FormState())
            if saved is not None:
                return ShownForms(_SAVED_ALREADY.format(self.opts.verbose_name), FormState())
            return ShownForms(_RESTORED) if restoring else None
        now, forms = self._read(request, object_id)
        if state is not None and now.rows == state.rows and self._same_below(request, state, now):
            return ShownForms(_RESTORED) if restoring else None
        comparison = Comparison(request.POST, state, now, forms)
        why = _UNKNOWN if state is None else _GONE if comparison.gone else _CHANGED
        if restoring and state is not None:
            why = f"{_RESTORED} But others changed this since you opened it: see what."
        return ShownForms(why, FormState() if comparison.gone else now, comparison)

    def _read(self, request: HttpRequest, object_id: str) -> tuple[FormState, dict[str, FormRows]]:
        """Lock and read the rows of a form: the record first, then its parts by their keys."""
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
            found: dict[str, Any] = {}
            if row is not None:
                mine = formset.model._base_manager.filter(**{formset.fk.attname: row.pk})
                found = {str(r.pk): r for r in mine.select_for_update().order_by("pk")}
            name = str(inline.verbose_name)
            forms[prefix] = FormRows(formset.form, name, found, formset.fk.name)
            going = _going(request, prefix)
            keys = [r.pk for key, r in found.items() if key in going]
            digests = form_state.digests_below(formset.model, keys, lock=True)
            below |= {f"{prefix}-{key}": digest for key, digest in digests.items()}
        values = {
            prefix: {
                key: form_state.form_values(page.form_class, r) for key, r in page.rows.items()
            }
            for prefix, page in forms.items()
        }
        return FormState(values, below, form_state.newest_redaction()), forms

    def _same_below(self, request: HttpRequest, state: FormState, now: FormState) -> bool:
        """Whether what goes with the rows to be deleted is what it was."""
        going = [
            f"{prefix}-{key}" for prefix in now.rows if prefix for key in _going(request, prefix)
        ]
        return all(now.below.get(key) == state.below.get(key) for key in going)

    def _answer_second(
        self, request: HttpRequest, saved: SavedForm, object_id: str | None
    ) -> HttpResponse:
        """Answer a form that is sent a second time as it was answered the first time."""
        row = self.model._default_manager.filter(pk=saved.object_id).first()
        if row is None:
            messages.warning(
                request, f"This {self.opts.verbose_name} was saved, and deleted since."
            )
            response: HttpResponse = HttpResponseRedirect(self._url_of("changelist"))
        elif object_id is None:
            response = self.response_add(request, row)
        else:
            response = self.response_change(request, row)
        form_state.mark_saved(request, response, self._subject(object_id))
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that is not valid where it is to be shown again."""
        form = super().get_form(request, obj, change=change, **kwargs)
        shown = getattr(request, "shown_again", None)
        return form if shown is None else type("ShownForm", (_ShownForm, form), {})

    def save_related(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Let the database check all foreign keys now, while the form can still be shown again."""
        super().save_related(request, *args, **kwargs)
        connection.check_constraints()
        request.saved_row = args[0].instance  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Sign what the form is made from into it."""
        row = kwargs.get("obj")
        if self._may_save(request, None if row is None else str(row.pk), row):
            context |= self._state(request, context, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def _state(self, request: HttpRequest, context: Any, row: Any) -> dict[str, Any]:
        subject = self._subject(None if row is None else str(row.pk))
        shown: ShownForms | None = getattr(request, "shown_again", None)
        state = shown and shown.state
        if state is None and request.method == "POST":
            state = FormState.load(request, subject)
        if state is None:
            state = _made_from(context, row)
        elif shown and shown.comparison and row is not None:
            # It was read of rows that were to be deleted alone.
            state = FormState(state.rows, _below(context), state.redaction)
        return {
            "form_state": state.sign(request, subject),
            "form_token": state.token,
            "unsaved": request.method == "POST",
            "comparison": shown and shown.comparison,
            "refusal": shown and shown.refusal,
        }

    def _may_save(self, request: HttpRequest, object_id: str | None, row: Any = None) -> bool:
        if object_id is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, row)


class _ShownForm:
    """A form that is shown again instead of saved."""

    shown_again = True

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


def _show_again(request: Any, shown: ShownForms) -> None:
    request.shown_again, request.saved_row = shown, None


def _going(request: HttpRequest, prefix: str) -> set[str]:
    """Return the keys of the rows of a formset that are to be deleted."""
    return {
        request.POST.get(f"{form.removesuffix('DELETE')}id", "")
        for form in request.POST
        if form.startswith(f"{prefix}-") and form.endswith("-DELETE")
    }


def _made_from(context: Any, row: Model | None) -> FormState:
    """Return the state of the very rows that a page shows: read again, they could be others."""
    if row is None:
        return FormState()
    rows = {"": {str(row.pk): form_state.form_values(type(context["adminform"].form), row)}}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        rows[formset.prefix] = {
            str(shown.pk): form_state.form_values(formset.form, shown)
            for shown in formset.get_queryset()
        }
    return FormState(rows, _below(context), form_state.newest_redaction())


def _below(context: Any) -> dict[str, str]:
    """Return a digest of what would go with each row of a page."""
    below: dict[str, str] = {}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        keys = [shown.pk for shown in formset.get_queryset()]
        digests = form_state.digests_below(formset.model, keys)
        below |= {f"{formset.prefix}-{key}": digest for key, digest in digests.items()}
    return below


def refusal_message(error: IntegrityError) -> str:
    """Return why the database refused, in the words of the constraint if it has any."""
    if isinstance(error.__cause__, ForeignKeyViolation):
        return "Something that it refers to was deleted meanwhile: look it up again."
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models() if name else ():
        for constraint in model._meta.constraints:
            if constraint.name == name and isinstance(constraint, models.BaseConstraint):
                return str(constraint.get_violation_error_message())
    return str(getattr(diagnosis, "message_primary", None) or "The database refused it.")
