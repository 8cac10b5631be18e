"""Inlines: rows that are part of a record, with the validation of rules that span rows."""

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any

from django import forms
from django.contrib.admin import StackedInline, TabularInline
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Field, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst

from curation.fields import FormFields, GuardedForm
from curation.uniqueness import Exclusive, conflicts, exclusive_constraints, find_free_values
from curation.widgets import RecordSelect
from editorial.redaction.guards import Guards, find_guards
from publishing.fields import get_cached_relation
from publishing.models.dates import DerivedDates


class _KeyField(forms.ModelChoiceField):
    """The key of a stored row, which its formset has read already: Django reads it once more."""

    def __init__(self, row: Any, field: forms.ModelChoiceField) -> None:
        super().__init__(
            field.queryset, initial=field.initial, required=False, widget=forms.HiddenInput
        )
        self.row = row

    def to_python(self, value: Any) -> Any:
        return self.row if str(value) == str(self.row.pk) else super().to_python(value)


class RowFormSet(BaseInlineFormSet):
    """A formset of the rows of one parent that validates all rows together.

    Django does not check constraints that include the parent, does not compare new rows with each
    other, and compares a row with one that the same form deletes. This formset finds every
    conflict that the database would find when it saves the rows.
    """

    model: Any
    fk: Any
    saving = False

    @classmethod
    def filter_stored(cls, record: Any) -> QuerySet:
        """Return the stored rows of a record, not yet read."""
        return cls.model._base_manager.filter(**{cls.fk.attname: record.pk})

    def _should_delete_form(self, form: Any) -> bool:
        """Return whether the user deletes a row."""
        return bool(super()._should_delete_form(form))  # type: ignore[misc]

    @cached_property
    def empty_form(self) -> Any:
        """The form of a new row, which a page reads ten times: Django makes it each time."""
        return super().empty_form

    @property
    def initial_forms(self) -> list[Any]:
        """The forms of stored rows; while saving, a row that frees a unique value comes first.

        If rows exchange unique values, one of them first gets a free value.
        """
        forms = super().initial_forms
        return list(self._in_saving_order(forms)) if self.saving else forms

    def _in_saving_order(self, forms: list[Any]) -> Iterator[Any]:
        yield from (form for form in forms if self._should_delete_form(form))
        waiting = [form for form in forms if not self._should_delete_form(form)]
        before = {form: _get_row_before(form) for form in waiting if form.has_changed()}
        blockers = {form: set(self._find_blockers(form, before)) for form in waiting}
        while waiting:
            ready = next((form for form in waiting if not blockers[form]), None)
            if ready is None:  # they wait for each other
                ready = next(f for f in waiting if any(f in others for others in blockers.values()))
                self._move_aside(before[ready], [*before.values(), *(f.instance for f in forms)])
            else:
                waiting.remove(ready)
                yield ready
            for others in blockers.values():
                others.discard(ready)

    def _find_blockers(self, form: Any, before: dict[Any, Any]) -> Iterator[Any]:
        """Yield the forms whose stored rows have a unique value that this row takes."""
        halves = [[other for other in before if other is not form]] if form in before else []
        while halves:  # one query for all rows; if it finds a conflict, one for each half
            others = halves.pop()
            if self._has_conflict(form, [before[other] for other in others]):
                if len(others) == 1:
                    yield from others
                else:
                    middle = len(others) // 2
                    halves += [others[:middle], others[middle:]]

    def _has_conflict(self, form: Any, rows: list[Any]) -> bool:
        nothing = self.model._default_manager.none()
        return any(
            conflicts(constraint, form.instance, rows, nothing, self.fk.name)
            for constraint in exclusive_constraints(self.model)
        )

    def _move_aside(self, row: Any, others: list[Any]) -> None:
        """Give a stored row free values for the moment; saving it then writes its own."""
        for constraint in exclusive_constraints(self.model):
            values = find_free_values(constraint, row, others)
            self.model._base_manager.filter(pk=row.pk).update(**values)
            for name, value in values.items():
                setattr(row, name, value)

    def save_existing_objects(self, commit: bool = True) -> Any:
        self.saving = True
        try:
            return super().save_existing_objects(commit)
        finally:
            self.saving = False

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """Give the form its parent, the guards and the earlier rows."""
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.instance.pk:
            setattr(form.instance, self.fk.name, self.instance)
        form.instance.validate_constraints = partial(validate_alone, form)
        form.find_guards = lambda: self.guards
        form.get_earlier_rows = partial(self._get_earlier_rows, i)  # for an `AutomaticForm`
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give each field its related record, which was read for all rows at once."""
        super().add_fields(form, index)
        self.prepare_fields(form)

    def prepare_fields(self, form: Any) -> None:
        """Label the checkbox that deletes the row, and give the fields their related records."""
        key = form.fields.get(self.model._meta.pk.name)
        if form.instance.pk and isinstance(key, forms.ModelChoiceField):
            form.fields[self.model._meta.pk.name] = _KeyField(form.instance, key)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete"
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, RecordSelect):
                widget.row = get_cached_relation(form.instance, name)

    @cached_property
    def guards(self) -> tuple[Guards, str | None]:
        """The guards of the record that the rows are part of, with its public id."""
        return find_guards(self.instance, locking=False)  # it is locked, or new

    def _get_earlier_rows(self, i: int) -> list[Any]:
        return [form.instance for form in self._list_remaining(self.forms[:i])]

    def _list_remaining(self, forms: list[Any]) -> list[Any]:
        """Return the valid forms of rows that will exist after saving."""
        forms = [f for f in forms if f.is_valid() and not self._should_delete_form(f)]
        return [form for form in forms if form.instance.pk or form.has_changed()]

    def clean(self) -> None:
        super().clean()
        rows = self._list_remaining(self.forms)
        changed = [form for form in rows if form.has_changed()]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                self._validate_checks(constraint, changed)
        saved = [form.instance.pk for form in self.initial_forms]
        outside = self.model._default_manager.exclude(pk__in=saved)
        for constraint in exclusive_constraints(self.model):
            self._refuse_conflicts(constraint, rows, outside)

    def _refuse_conflicts(self, constraint: Exclusive, forms: list[Any], outside: Any) -> None:
        """Refuse each changed row that conflicts with an unchanged one, or with one before it."""
        others = [form.instance for form in forms if not form.has_changed()]
        for form in forms:
            if form.has_changed():
                if conflicts(constraint, form.instance, others, outside, self.fk.name):
                    form.add_error(None, constraint.get_violation_error_message())
                others.append(form.instance)

    def _validate_checks(self, constraint: CheckConstraint, forms: list[Any]) -> None:
        for form in forms:
            try:
                constraint.validate(self.model, form.instance)
            except ValidationError as error:
                form.add_error(None, error)


def validate_alone(form: Any, exclude: Any = None) -> None:
    """Validate the constraints of a single row; the formset validates those that span rows.

    An unchanged row is skipped, because each constraint costs a query.
    """
    row = form.instance
    errors: list[ValidationError] = []
    for constraint in row._meta.constraints if form.has_changed() else ():
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(row), row, exclude)
            except ValidationError as error:
                errors.append(error)
    if errors:
        raise ValidationError(errors)


def _get_row_before(form: Any) -> Any:
    """Return the row of a form as it is stored."""
    row, model = form.instance, type(form.instance)
    before = model(**{field.attname: getattr(row, field.attname) for field in model._meta.fields})
    columns = {field.name for field in model._meta.fields}
    for name, value in form.initial.items():
        if name not in columns:  # a field of the form alone
            continue
        setattr(before, model._meta.get_field(name).attname, value)
    if isinstance(before, DerivedDates):
        before.derive()
    return before


class BaseRows(FormFields, InlineModelAdmin):
    """The base of all inlines."""

    formset = RowFormSet
    form = GuardedForm
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read the records that the rows refer to once for all rows."""
        return super().get_queryset(request).prefetch_related(*self.prefetch_references(request))


class RowInline(BaseRows, TabularInline):
    """An inline with one line for each row."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Label each field for screen readers, which do not read the head of its column."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


class StackedRowInline(BaseRows, StackedInline):
    """An inline with one block for each row."""
