"""Form fields: text in either direction, and other rows picked by searching for them."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AdminURLFieldWidget,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.http import HttpRequest

from editorial.admin.widgets import EdtfWidget, PickWidget
from editorial.fields import EdtfField
from editorial.redaction.guards import Violation

_AUTO = {"dir": "auto"}
"""Text runs in the direction of its first letter: Arabic from the right, English from the left."""


class FormFields(BaseModelAdmin):
    """What the fields of every form share, on pages and in inlines."""

    formfield_overrides = {
        EdtfField: {"widget": EdtfWidget(attrs={"dir": "ltr"})},
        models.CharField: {"widget": AdminTextInputWidget(attrs=_AUTO)},
        models.TextField: {"widget": AdminTextareaWidget(attrs=_AUTO | {"rows": 3})},
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
            kwargs["widget"] = PickWidget(db_field, self.admin_site)
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


def refuse(form: Any, violation: Violation) -> None:
    """Say at its field what a redaction removed and may not come back; what was typed stays."""
    form.add_error(violation.field if violation.field in form.fields else None, violation.message)


def isolated(text: str) -> str:
    """Return `text` such that its direction does not turn the words and dates around it."""
    return f"\u2068{text}\u2069"


def days(value: Any) -> str:
    """Return a range of days as people say it: both ends included."""
    if value is None:
        return "no day"
    first, last = value.lower, value.upper and value.upper - timedelta(days=1)
    if first and last:
        return f"{first} to {last}"
    return f"from {first} on" if first else f"until {last}" if last else "any day"
