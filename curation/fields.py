"""Form fields: text that runs in either direction, and related records found by searching."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminURLFieldWidget,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from curation.widgets import EdtfWidget, RecordSelect, TextareaWidget, TextWidget
from dates import explain_day
from editorial.redaction.guards import Guards, find_guards
from publishing.fields import EdtfField

_AUTO = {"dir": "auto"}
"""The first letter sets the direction of a text: Arabic runs from the right."""


class DayField(forms.DateField):
    """A day, whose refusal names the day that may be meant."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            raise ValidationError(explain_day(str(value)), code="invalid") from refusal


class FormFields(BaseModelAdmin):
    """The fields that all forms share, on pages and in inlines."""

    formfield_overrides = {
        EdtfField: {"widget": EdtfWidget(attrs={"dir": "ltr"})},
        models.CharField: {"widget": TextWidget(attrs=_AUTO)},
        models.TextField: {"widget": TextareaWidget(attrs=_AUTO | {"rows": 3})},
        models.DateField: {"form_class": DayField},
        models.URLField: {"widget": AdminURLFieldWidget(), "assume_scheme": "https"},
    }

    def prefetch_references(self, request: HttpRequest) -> list[models.Prefetch]:
        """Return prefetches of the records that rows refer to, one for each foreign key."""
        return [
            models.Prefetch(field.name, related.get_queryset(request))
            for field in self.model._meta.fields
            if isinstance(field, models.ForeignKey)
            and (related := self._get_related_admin(field)) is not None
        ]

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Remove the button that deletes the related record."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, EdtfField) and field is not None:
            field.widget.has_intervals = db_field.name == "date"
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choose a related record by searching: a list of all actors would be too long."""
        related = self._get_related_admin(db_field)
        if related is not None:
            kwargs["queryset"] = related.get_queryset(request)
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if related is not None and field is not None:
            field.label_from_instance = related.label
        return field

    def _get_related_admin(self, field: models.ForeignKey) -> Any:
        """Return the admin of the model that a foreign key refers to, if it can be searched."""
        model = field.related_model
        if not self.admin_site.is_registered(model):
            return None
        related = self.admin_site.get_model_admin(model)
        return related if related.search_fields and hasattr(related, "label") else None


class GuardedForm(forms.ModelForm):
    """A form that refuses texts that a redaction removed from the record."""

    find_guards: Callable[[], tuple[Guards, str | None]] | None = None
    """Returns the guards of the record; set by a formset, which has them for all of its rows."""

    is_refused: ClassVar[bool] = False
    """Whether the form is only shown again, so that no locks are needed."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.has_changed():
            # A stored row is locked already: see `OptimisticLockingAdmin`.
            locking = self.instance._state.adding and not self.is_refused
            guards, record = (
                self.find_guards()
                if self.find_guards
                else find_guards(self.instance, locking=locking)
            )
            for violation in guards.find_in_row(record, self.instance) if guards else ():
                field = violation.field if violation.field in self.fields else None
                self.add_error(field, violation.message)


def format_days(value: Any) -> str:
    """Return a range of days in words, with both ends included."""
    if value is None:
        return "no day"
    first, last = value.lower, value.upper and value.upper - timedelta(days=1)
    if first and last:
        return f"{first} to {last}"
    return f"from {first} on" if first else f"until {last}" if last else "any day"
