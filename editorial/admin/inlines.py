"""Inlines: the rows that are part of another, held to the rules that span them."""

from typing import Any

from django.contrib.admin import StackedInline, TabularInline
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Field, QuerySet, UniqueConstraint
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst

from editorial.admin.fields import FormFields, refuse
from editorial.admin.widgets import PickWidget
from editorial.fields import at_hand
from editorial.redaction.guards import of_row


class RowFormSet(BaseInlineFormSet):
    """The rows of one parent.

    Django leaves out the constraints that name the parent, and those that two new rows break
    between themselves: they are checked here, so that the database need not refuse the save.
    """

    model: Any
    saving = False

    @property
    def initial_forms(self) -> list[Any]:
        """While saving, rows that go or give up a unique place come before those that take it."""
        forms = super().initial_forms
        return sorted(forms, key=_takes) if self.saving else forms

    def save_existing_objects(self, commit: bool = True) -> Any:
        self.saving = True
        try:
            return super().save_existing_objects(commit)
        finally:
            self.saving = False

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """Let the rows of a parent share it."""
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.instance.pk:
            setattr(form.instance, self.fk.name, self.instance)
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        """Hand each field what it quotes, which was read for all rows at once."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete"
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, PickWidget):
                widget.row = at_hand(form.instance, name)

    def clean(self) -> None:
        super().clean()
        rows = [
            form
            for form in self.forms
            if form.is_valid() and not _goes(form) and (form.instance.pk or form.has_changed())
        ]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                self._refuse_twins(constraint, rows)
            elif isinstance(constraint, CheckConstraint) and self.instance.pk:
                self._refuse_each(constraint, rows)
        self._refuse_redacted([form for form in rows if form.has_changed()])

    def _refuse_redacted(self, rows: list[Any]) -> None:
        """Refuse what a redaction removed from the record that the rows are part of."""
        if rows:
            guards, record = of_row(self.instance)
            for form in rows if guards else ():
                for violation in guards.row(record, form.instance):
                    refuse(form, violation)

    def _refuse_twins(self, constraint: UniqueConstraint, rows: list[Any]) -> None:
        seen = set()
        for form in rows:
            place = _place(constraint, form.instance)
            if place and place in seen:
                form.add_error(None, constraint.get_violation_error_message())
            seen.add(place)

    def _refuse_each(self, constraint: CheckConstraint, rows: list[Any]) -> None:
        for form in rows:
            try:
                constraint.validate(self.model, form.instance)
            except ValidationError as error:
                form.add_error(None, error)


def _goes(form: Any) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def _takes(form: Any) -> int:
    """Return when a row is saved: 0 what goes, 1 what takes no unique place, 2 what does."""
    if _goes(form):
        return 0
    conditional = [
        constraint
        for constraint in form.instance._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.condition
    ]
    return 2 if any(_place(constraint, form.instance) for constraint in conditional) else 1


def _place(constraint: UniqueConstraint, row: Any) -> tuple[Any, ...] | None:
    """Return the place that `row` takes where only one can be; None if it takes none."""
    expressions: Any = constraint.expressions
    names = [column.name for column in expressions] or constraint.fields
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    if constraint.condition is not None:
        values = {name: getattr(row, attname) for name, attname in columns.items()}
        if not constraint.condition.check(values):
            return None
    return tuple(getattr(row, columns[name]) for name in names)


class _Rows(FormFields, InlineModelAdmin):
    formset = RowFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read what the rows quote once for all of them."""
        return super().get_queryset(request).prefetch_related(*self.quoting(request))


class RowInline(_Rows, TabularInline):
    """Child rows, one line each."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Label each field to who does not see the head of its column."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


class StackedRowInline(_Rows, StackedInline):
    """Child rows of many columns, one block each."""
