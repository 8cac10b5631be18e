"""Form widgets: text without isolates, dates with their meaning, and records found by searching."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AutocompleteSelect,
)
from django.forms.widgets import Script
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from dates import DateError, describe_date
from publishing.bidi import remove_isolates


class TextWidget(AdminTextInputWidget):
    """A line of text. Isolates are removed: names that are copied from the admin contain them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return _plain(super().value_from_datadict(data, files, name))


class TextareaWidget(AdminTextareaWidget):
    """Lines of text; isolates are removed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return _plain(super().value_from_datadict(data, files, name))


def _plain(value: Any) -> Any:
    return remove_isolates(value) if isinstance(value, str) else value


class EdtfWidget(AdminTextInputWidget):
    """A text field for a date, with its meaning in words.

    With JavaScript the words change while the user types, and the date can be built from parts.
    """

    template_name = "admin/muster/edtf.html"

    class Media:
        js = ["curation/edtf.js"]

    has_intervals = False
    """Whether the date can be an interval: an incident can last, a start or an end cannot."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "explanation": explain_date(str(value or "")),
            "url": reverse("admin:dates"),
            "has_intervals": self.has_intervals,
        }
        return context


_SCRIPTS: Any = [Script("curation/records.js", defer=True)]


class RecordSelect(AutocompleteSelect):
    """A related record that is found by searching."""

    @property
    def media(self) -> forms.Media:
        """Add the script that offers to make a new record."""
        return super().media + forms.Media(js=_SCRIPTS)

    row: Any = None
    """The chosen record if it has already been read, which saves a query."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        """Return only the chosen record as an option: the others are found by searching."""
        choices: Any = self.choices
        keys = [int(key) for key in value if str(key).isdecimal()]
        rows = [self.row] if self.row is not None and [self.row.pk] == keys else []
        if keys and not rows:
            rows = list(choices.queryset.filter(pk__in=keys))
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        label = choices.field.label_from_instance
        chosen = [self.create_option(name, r.pk, label(r), True, n) for n, r in enumerate(rows, 1)]
        new = [
            self.create_option(name, text, new_record_label(text), True, n)
            for n, text in enumerate(filter(is_new_record, value), len(chosen) + 1)
        ]
        return [(None, [*empty, *chosen, *new], 0)]


NEW = "new:"
"""What the value of a new record begins with; its kind and its name follow: `new:state:Iraq`."""


def is_new_record(value: Any) -> bool:
    """Return whether a value names a record that is to be made."""
    return isinstance(value, str) and value.startswith(NEW) and value.count(":") > 1


def new_record_label(value: str) -> str:
    """Return the name of a record that is to be made, marked as new."""
    return gettext("%(name)s (new)") % {"name": value.split(":", 2)[2]}


def explain_date(text: str) -> dict[str, str]:
    """Return the meaning of a date in words, or the error if it cannot be read."""
    try:
        return {"meaning": describe_date(text, single=None) if text.strip() else ""}
    except DateError as error:
        return {"error": str(error)}


def explain_date_view(request: HttpRequest) -> JsonResponse:
    """Return the meaning of a date while the user types it."""
    return JsonResponse(explain_date(request.GET.get("text", "")[:200]))
