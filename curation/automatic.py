"""Forms whose fields can be left to be filled in: by the rows beside a row, or by its numbers.

A new row offers `automatic` first and says what that means; what an editor chooses is never
changed.
"""

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
    """A row that is the one to go by if it is the first of its kind."""

    automatic: ClassVar[dict[str, str]] = {}
    """The fields that can be left alone, each with what that means."""
    first_values: ClassVar[tuple[Any, Any]] = (True, False)
    """What is filled in for the first row of a kind, and for any other."""
    first_of: ClassVar[tuple[str, ...]] = ()
    """The columns that are the same in all rows of a kind, the parent aside."""
    earlier: Callable[[], Iterable[Model]] | None = None
    """Returns the rows before this one, where a formset knows them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, meaning in self.automatic.items():
            if name in self.fields:
                self.fields[name] = _left_alone(self.fields[name], meaning, self.instance)
                if not self.instance.pk:
                    given = (kwargs.get("initial") or {}).get(name)
                    self.initial[name] = YES if given is True else given or AUTOMATIC

    def clean(self) -> dict[str, Any]:
        """Fill in what was left alone."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.automatic:
            if data.get(name) == AUTOMATIC:
                data[name] = self.fill_in(name, data)
        return data

    def fill_in(self, name: str, data: dict[str, Any]) -> Any:
        """Return the value of a field that was left alone."""
        row = forms.models.construct_instance(self, self._meta.model())
        if isinstance(row, DerivedDates):
            try:
                row.derive()
            except DateError:  # it is said beside the field
                return self.first_values[1]
        first = self.is_held(row) and not any(
            self.is_held(other) and self.is_alike(row, other) for other in self._beside(data)
        )
        return self.first_values[not first]

    def is_held(self, row: Any) -> bool:
        """Return whether a row says something that holds, so that it can be gone by."""
        return getattr(row, "assessment", "") != "rejected"

    def is_alike(self, row: Any, other: Any) -> bool:
        """Return whether two rows are of one kind, so that only one of them is to be gone by."""
        return all(getattr(row, name) == getattr(other, name) for name in self.first_of)

    def _beside(self, data: dict[str, Any]) -> Iterable[Any]:
        """Return the rows before this one: those of the formset, or of the parent."""
        if self.earlier is not None:
            return self.earlier()
        model = self._meta.model
        (parent,) = [
            field.name
            for field in model._meta.fields
            if getattr(field.remote_field, "on_delete", None) is CASCADE
        ]
        others = model._default_manager.exclude(pk=self.instance.pk)
        return others.filter(**{parent: data[parent]}) if data.get(parent) else ()


def _left_alone(field: Any, meaning: str, row: Model) -> Any:
    """Return a field that can be left alone; a box that is saved is ticked or not."""
    boxed = isinstance(field, forms.BooleanField)
    if boxed and row.pk:
        return field
    words = [(YES, "yes"), (NO, "no")] if boxed else [c for c in field.choices if c[0]]
    chosen = forms.TypedChoiceField(
        choices=[(AUTOMATIC, f"automatic: {meaning}"), *words],
        coerce=(lambda word: word == YES) if boxed else str,
        required=False,
        label=field.label,
        help_text=field.help_text,
    )
    chosen.widget.attrs |= field.widget.attrs
    return chosen
