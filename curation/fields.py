"""Form fields: text that runs in either direction, and related records found by searching."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
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

from curation.names import find_country_code, find_language_tag, name_country, name_language
from curation.widgets import EdtfWidget, RecordSelect, TextareaWidget, TextWidget, is_new_record
from dates import explain_day
from editorial.redaction.guards import Guards, find_guards
from publishing.fields import EdtfField, LanguageField

_COUNTRIES = ("country", "nationality", "origin")
_AUTO = {"dir": "auto"}
"""The first letter sets the direction of a text: Arabic runs from the right."""


class DayField(forms.DateField):
    """A day, whose refusal names the day that may be meant."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as refusal:
            raise ValidationError(explain_day(str(value)), code="invalid") from refusal


class CountryField(forms.CharField):
    """A country, written by its name or its code; the code is stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"max_length": 80})

    def prepare_value(self, value: Any) -> Any:
        """Show the name of the country."""
        return name_country(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        code = find_country_code(text) if text else ""
        if code is None:
            raise ValidationError(
                f"No country is called “{text}”: choose one from the list, or write its code of "
                "ISO 3166-1, such as IQ.",
                code="country",
            )
        return code


class LanguageNameField(forms.CharField):
    """A language, written by its name or its tag; the tag is stored."""

    def prepare_value(self, value: Any) -> Any:
        """Show the name of the language."""
        return name_language(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return find_language_tag(text) or text


class RecordField(forms.ModelChoiceField):
    """A related record, or the name of one that is to be made in the same save."""

    create: Callable[[str, str], Any] | None = None
    """Creates a record of a kind and a name; None if the user may not."""

    def to_python(self, value: Any) -> Any:
        if self.create is None or not is_new_record(value):
            return super().to_python(value)
        _, kind, name = str(value).split(":", 2)
        return self.create(kind, name)


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
        """Choose countries and languages by name, and delete no related records."""
        if isinstance(db_field, LanguageField):
            kwargs["form_class"] = LanguageNameField
            kwargs["widget"] = TextWidget(attrs={"dir": "auto", "list": "language-names"})
        elif db_field.name in _COUNTRIES and isinstance(db_field, models.CharField):
            kwargs["form_class"] = CountryField
            kwargs["widget"] = TextWidget(attrs={"dir": "auto", "list": "country-names"})
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
            kwargs["form_class"] = RecordField
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        new_kinds: tuple[str, ...] = getattr(related, "new_kinds", ())
        if isinstance(field, RecordField) and new_kinds and related.has_add_permission(request):
            field.create = partial(related.create_new, request)
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
