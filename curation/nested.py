"""Rows of rows: the citations of a part, edited on the page of the record.

All citations of the involvements of an incident are one formset, beside that of the involvements.
Each of its forms names the form of its row in the hidden field `row`. So the state of the page, the
locks and the comparison with the changes of others treat them as they treat all other rows.
"""

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms.models import BaseModelFormSet

from curation.form_state import ROW
from curation.inlines import RowFormSet, validate_alone
from curation.uniqueness import exclusive_constraints

_GONE = "The row that this belongs to is no longer in the form: remove this, or add the row again."
_EMPTY = "The row that this belongs to is empty: fill it in, or remove this."


class _PartField(forms.CharField):
    """The prefix of the form of the part. A row with nothing else in it is empty."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class NestedFormSet(RowFormSet):
    """A formset of the rows of all parts of one kind of a record."""

    part_prefix: ClassVar[str] = ""
    """The prefix of the formset of the parts."""
    record_path: ClassVar[str] = ""
    """The lookup from a row to the record, such as `involvement__incident`."""
    parts: RowFormSet
    """The formset of the parts; set by the admin."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        instance: Any = None,
        save_as_new: bool = False,
        prefix: str | None = None,
        queryset: Any = None,
        **kwargs: Any,
    ) -> None:
        self.instance = instance
        self.save_as_new = False
        self.unique_fields: set[str] = set()
        rows = self.model._default_manager.all() if queryset is None else queryset
        is_stored = instance is not None and instance.pk is not None
        rows = rows.filter(**{self.record_path: instance.pk}) if is_stored else rows.none()
        BaseModelFormSet.__init__(self, data, files, prefix=prefix, queryset=rows, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        return f"{cls.part_prefix}_{cls.fk.remote_field.get_accessor_name(model=cls.model)}"

    @classmethod
    def filter_stored(cls, record: Any) -> QuerySet:
        return cls.model._base_manager.filter(**{cls.record_path: record.pk})

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form: Any = BaseModelFormSet._construct_form(self, i, **kwargs)  # type: ignore[attr-defined]
        form.instance.validate_constraints = partial(validate_alone, form)
        form.find_guards = lambda: self.guards
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        BaseModelFormSet.add_fields(self, form, index)
        form.fields[ROW] = _PartField(required=False)
        self.prepare_fields(form)

    def group_by_part(self) -> dict[str, list[Any]]:
        """Return the forms by the prefix of the form of their part; blank if there is none."""
        stored = {f.instance.pk: f.prefix for f in self.parts.initial_forms if f.instance.pk}
        known = {f.prefix for f in self.parts.forms}
        groups: dict[str, list[Any]] = {}
        for form in self.forms:
            if form.instance.pk:
                prefix = stored.get(getattr(form.instance, self.fk.attname), "")
            else:
                prefix = str(form.data.get(form.add_prefix(ROW), "")) if form.is_bound else ""
            groups.setdefault(prefix if prefix in known else "", []).append(form)
        return groups

    def _should_delete_form(self, form: Any) -> bool:
        """Return whether a row is deleted, by itself or with its part."""
        part = self.part_forms.get(form)
        if part is not None and not part.errors and part.cleaned_data.get("DELETE"):
            return True
        return super()._should_delete_form(form)

    @cached_property
    def part_forms(self) -> dict[Any, Any]:
        """The form of the part of each form; None if there is none."""
        by_prefix = {form.prefix: form for form in self.parts.forms}
        return {
            form: by_prefix.get(prefix)
            for prefix, group in self.group_by_part().items()
            for form in group
        }

    def is_part_saved(self, form: Any) -> bool:
        """Return whether the part of a row exists after saving."""
        part = self.part_forms.get(form)
        return part is not None and bool(part.instance.pk or part.has_changed())

    def clean(self) -> None:
        """Refuse a row whose part is missing or empty."""
        BaseModelFormSet.clean(self)
        for form in self.extra_forms:
            if form.has_changed() and not self._should_delete_form(form):
                if self.part_forms.get(form) is None:
                    form.add_error(None, _GONE)
                elif not self.is_part_saved(form):
                    form.add_error(None, _EMPTY)
        outside = self.model._default_manager.exclude(
            pk__in=[form.instance.pk for form in self.initial_forms]
        )
        for constraint in exclusive_constraints(self.model):
            for group in self._list_groups():
                self._refuse_conflicts(constraint, group, outside)

    def _list_groups(self) -> Iterator[list[Any]]:
        """Yield the remaining forms of each part."""
        remaining = self._list_remaining(self.forms)
        for part in dict.fromkeys(self.part_forms.get(form) for form in remaining):
            group = [form for form in remaining if self.part_forms.get(form) is part]
            key = part and part.instance.pk
            for form in group if key else ():
                setattr(form.instance, self.fk.attname, key)
            yield group

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.part_forms[form].instance)
        return BaseModelFormSet.save_new(self, form, commit)


def nest(inline: Any, part_formset: Any) -> None:
    """Make an inline of the rows of a part one of the rows of all parts of a record."""
    (to_part,) = [
        field.name
        for field in inline.model._meta.fields
        if field.related_model is inline.parent_model
    ]
    inline.formset = type(
        f"Nested{inline.nested_formset.__name__}",
        (inline.nested_formset,),
        {
            "part_prefix": part_formset.get_default_prefix(),
            "record_path": f"{to_part}__{part_formset.fk.name}",
        },
    )
