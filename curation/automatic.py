"""Forms with fields that can be left on `automatic`, to be filled in from other rows or numbers."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import CASCADE, Model

from curation.fields import GuardedForm
from dates import DateError
from publishing.models.dates import DerivedDates

AUTOMATIC = ""
YES, NO = "on", "off"


class AutomaticForm(GuardedForm):
    """A form that marks a row, as preferred or primary, if it is the first of its kind.

    A new row starts with `automatic`. A value that an editor chooses is never changed.
    """

    automatic: ClassVar[dict[str, str]] = {}
    """The names of the automatic fields, each with the meaning of `automatic`."""
    first_values: ClassVar[tuple[Any, Any]] = (True, False)
    """The values for the first row of a kind and for the others."""
    same_columns: ClassVar[tuple[str, ...]] = ()
    """The columns whose values are the same in all rows of a kind."""
    get_earlier_rows: Callable[[], Iterable[Model]] | None = None
    """Returns the rows before this one; set by a formset."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, meaning in self.automatic.items():
            if name in self.fields:
                self.fields[name] = _make_automatic(self.fields[name], meaning, self.instance)
                if not self.instance.pk:
                    initial = (kwargs.get("initial") or {}).get(name)
                    self.initial[name] = YES if initial is True else initial or AUTOMATIC

    def clean(self) -> dict[str, Any]:
        """Fill in the fields that are on `automatic`."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.automatic:
            if data.get(name) == AUTOMATIC:
                data[name] = self.fill_in(name, data)
        return data

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        """Return the value of a field that is on `automatic`."""
        row = forms.models.construct_instance(self, self._meta.model())
        if isinstance(row, DerivedDates):
            try:
                row.derive()
            except DateError:  # the field shows the error
                return self.first_values[1]
        is_first = self.is_candidate(row) and not any(
            self.is_candidate(other) and self.is_same_kind(row, other)
            for other in self._get_other_rows(data)
        )
        return self.first_values[not is_first]

    def is_candidate(self, row: Any) -> bool:
        """Return whether a row can be the first of its kind: rejected rows cannot."""
        return getattr(row, "assessment", "") != "rejected"

    def is_same_kind(self, row: Any, other: Any) -> bool:
        """Return whether two rows are of the same kind, so that only one is marked."""
        return all(getattr(row, name) == getattr(other, name) for name in self.same_columns)

    def _get_other_rows(self, data: dict[str, Any]) -> Iterable[Any]:
        """Return the earlier rows of the formset, or else all other rows of the parent."""
        if self.get_earlier_rows is not None:
            return self.get_earlier_rows()
        model = self._meta.model
        (parent,) = [
            field.name
            for field in model._meta.fields
            if getattr(field.remote_field, "on_delete", None) is CASCADE
        ]
        others = model._default_manager.exclude(pk=self.instance.pk)
        return others.filter(**{parent: data[parent]}) if data.get(parent) else ()


def require_one(form: Any, first: str, second: str, message: str) -> None:
    """Say what is missing if both of two fields are empty, instead of which rule is broken."""
    data = form.cleaned_data
    if not (data.get(first) or data.get(second) or {first, second} & set(form.errors)):
        form.add_error(first, message)


def _make_automatic(field: Any, meaning: str, row: Model) -> Any:
    """Return a field with the choice `automatic`; the checkbox of a stored row has none."""
    is_checkbox = isinstance(field, forms.BooleanField)
    if is_checkbox and row.pk:
        return field
    choices = [(YES, "yes"), (NO, "no")] if is_checkbox else [c for c in field.choices if c[0]]
    automatic = forms.TypedChoiceField(
        choices=[(AUTOMATIC, f"automatic: {meaning}"), *choices],
        coerce=(lambda value: value == YES) if is_checkbox else str,
        required=False,
        label=field.label,
        help_text=field.help_text,
    )
    automatic.widget.attrs |= field.widget.attrs
    return automatic
