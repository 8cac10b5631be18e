"""Inlines: the rows that are part of another, held to the rules that span them."""

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any

from django.contrib.admin import StackedInline, TabularInline
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Field, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst

from curation.fields import FormFields, GuardedForm
from curation.uniqueness import Exclusive, conflicts, exclusive_constraints, free_place
from curation.widgets import RecordSelect
from editorial.redaction.guards import Guards, find_guards
from publishing.fields import get_cached_relation
from publishing.models.dates import DerivedDates


class RowFormSet(BaseInlineFormSet):
    """The rows of one parent.

    Django leaves out the constraints that name the parent, does not hold new rows against each
    other, and holds a row against one that the same form deletes. All rows are held here to what
    the database would say of them together, so that it need not refuse the save.
    """

    model: Any
    saving = False

    @property
    def initial_forms(self) -> list[Any]:
        """While saving, rows that go or give up a unique place come before those that take it.

        Of rows that exchange their places, one is moved to a free place first.
        """
        forms = super().initial_forms
        return list(self._in_saving_order(forms)) if self.saving else forms

    def _in_saving_order(self, forms: list[Any]) -> Iterator[Any]:
        yield from (form for form in forms if _goes(form))
        waiting = [form for form in forms if not _goes(form)]
        before = {form: _before(form) for form in waiting if form.has_changed()}
        blockers = {form: set(self._in_the_way(form, before)) for form in waiting}
        while waiting:
            freed = next((form for form in waiting if not blockers[form]), None)
            if freed is None:  # they wait for each other
                freed = next(f for f in waiting if any(f in others for others in blockers.values()))
                self._move_aside(before[freed], [*before.values(), *(f.instance for f in forms)])
            else:
                waiting.remove(freed)
                yield freed
            for others in blockers.values():
                others.discard(freed)

    def _in_the_way(self, form: Any, before: dict[Any, Any]) -> Iterator[Any]:
        """Yield the rows that have a place which a row takes, until they are saved."""
        halves = [[other for other in before if other is not form]] if form in before else []
        while halves:  # all of them are asked about at once, then ever fewer
            others = halves.pop()
            if self._is_in_the_way(form, [before[other] for other in others]):
                if len(others) == 1:
                    yield from others
                else:
                    middle = len(others) // 2
                    halves += [others[:middle], others[middle:]]

    def _is_in_the_way(self, form: Any, rows: list[Any]) -> bool:
        nothing = self.model._default_manager.none()
        return any(
            conflicts(constraint, form.instance, rows, nothing, self.fk.name)
            for constraint in exclusive_constraints(self.model)
        )

    def _move_aside(self, row: Any, others: list[Any]) -> None:
        """Give a stored row values for now that are in nobody's way; saving it writes its own."""
        for constraint in exclusive_constraints(self.model):
            values = free_place(constraint, row, others)
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
        """Let the rows of a parent share it."""
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.instance.pk:
            setattr(form.instance, self.fk.name, self.instance)
        form.instance.validate_constraints = partial(_validate_alone, form)
        form.find_guards = lambda: self.guards
        form.earlier = partial(self._rows_before, i)  # for an `AutomaticForm`
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        """Hand each field what it quotes, which was read for all rows at once."""
        super().add_fields(form, index)
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

    def _rows_before(self, i: int) -> list[Any]:
        return [form.instance for form in self._sound(self.forms[:i])]

    def _sound(self, forms: list[Any]) -> list[Any]:
        """Return the forms of rows that will be there once these are saved."""
        forms = [form for form in forms if form.is_valid() and not _goes(form)]
        return [form for form in forms if form.instance.pk or form.has_changed()]

    def clean(self) -> None:
        super().clean()
        rows = self._sound(self.forms)
        changed = [form for form in rows if form.has_changed()]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                self._refuse_each(constraint, changed)
        saved = [form.instance.pk for form in self.initial_forms]
        outside = self.model._default_manager.exclude(pk__in=saved)
        for constraint in exclusive_constraints(self.model):
            self._refuse_conflicts(constraint, rows, outside)

    def _refuse_conflicts(self, constraint: Exclusive, forms: list[Any], outside: Any) -> None:
        """Refuse each changed row that conflicts with an unchanged one, or with one before it."""
        beside = [form.instance for form in forms if not form.has_changed()]
        for form in forms:
            if form.has_changed():
                if conflicts(constraint, form.instance, beside, outside, self.fk.name):
                    form.add_error(None, constraint.get_violation_error_message())
                beside.append(form.instance)

    def _refuse_each(self, constraint: CheckConstraint, forms: list[Any]) -> None:
        for form in forms:
            try:
                constraint.validate(self.model, form.instance)
            except ValidationError as error:
                form.add_error(None, error)


def _validate_alone(form: Any, exclude: Any = None) -> None:
    """Hold a row to the rules that it can break alone; its formset knows the rows beside it.

    An unchanged row is not written, and the database held it to them: each rule is a query.
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


def _goes(form: Any) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def _before(form: Any) -> Any:
    """Return the row of a form as it was when the form was made."""
    row, model = form.instance, type(form.instance)
    before = model(**{field.attname: getattr(row, field.attname) for field in model._meta.fields})
    for name, value in form.initial.items():
        setattr(before, model._meta.get_field(name).attname, value)
    if isinstance(before, DerivedDates):
        before.derive()
    return before


class _Rows(FormFields, InlineModelAdmin):
    formset = RowFormSet
    form = GuardedForm
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
