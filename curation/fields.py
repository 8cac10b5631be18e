"""Form fields: text in either direction, and other rows picked by searching for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminURLFieldWidget,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.http import HttpRequest

from curation.widgets import EdtfWidget, RecordSelect, TextareaWidget, TextWidget
from editorial.redaction.guards import Guards, find_guards
from publishing.fields import EdtfField

_AUTO = {"dir": "auto"}
"""Text runs in the direction of its first letter: Arabic from the right, English from the left."""


class FormFields(BaseModelAdmin):
    """What the fields of every form share, on pages and in inlines."""

    formfield_overrides = {
        EdtfField: {"widget": EdtfWidget(attrs={"dir": "ltr"})},
        models.CharField: {"widget": TextWidget(attrs=_AUTO)},
        models.TextField: {"widget": TextareaWidget(attrs=_AUTO | {"rows": 3})},
        models.DateField: {"error_messages": {"invalid": "Write the day as 2014-06-10."}},
        models.URLField: {"widget": AdminURLFieldWidget(), "assume_scheme": "https"},
    }

    def quoting(self, request: HttpRequest) -> list[models.Prefetch]:
        """Return what reads all rows that these rows quote, each kind at once."""
        return [
            models.Prefetch(field.name, picked.get_queryset(request))
            for field in self.model._meta.fields
            if isinstance(field, models.ForeignKey) and (picked := self._picked(field)) is not None
        ]

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer no deleting of other rows from beside the field that quotes them."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, EdtfField) and field is not None:
            field.widget.lasts = db_field.name == "date"
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Pick every row of ours by searching for it: no list of all actors is ever rendered."""
        picked = self._picked(db_field)
        if picked is not None:
            kwargs["queryset"] = picked.get_queryset(request)
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if picked is not None and field is not None:
            field.label_from_instance = picked.label
        return field

    def _picked(self, field: models.ForeignKey) -> Any:
        """Return the pages of the model that `field` leads to, where they can be searched."""
        model = field.related_model
        if not self.admin_site.is_registered(model):
            return None
        pages = self.admin_site.get_model_admin(model)
        return pages if pages.search_fields and hasattr(pages, "label") else None


class GuardedForm(forms.ModelForm):
    """The form of a row: what a redaction removed from its record is refused where it was typed."""

    find_guards: Callable[[], tuple[Guards, str | None]] | None = None
    """Returns the guards of the record, where a formset has them for all of its rows."""

    shown_again: ClassVar[bool] = False
    """Whether nothing is saved, so that nothing is waited for."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.has_changed():
            # What is changed is locked already: see `OptimisticLockingAdmin`.
            locking = self.instance._state.adding and not self.shown_again
            guards, record = (
                self.find_guards()
                if self.find_guards
                else find_guards(self.instance, locking=locking)
            )
            for violation in guards.find_in_row(record, self.instance) if guards else ():
                field = violation.field if violation.field in self.fields else None
                self.add_error(field, violation.message)


def days(value: Any) -> str:
    """Return a range of days as people say it: both ends included."""
    if value is None:
        return "no day"
    first, last = value.lower, value.upper and value.upper - timedelta(days=1)
    if first and last:
        return f"{first} to {last}"
    return f"from {first} on" if first else f"until {last}" if last else "any day"
