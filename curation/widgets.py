"""The field for a date: EDTF text, its parts to write it from, and what is understood of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AdminTextInputWidget,
    AutocompleteSelect,
)
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from dates import DateError, describe_date
from publishing.bidi import remove_isolates


class TextWidget(AdminTextInputWidget):
    """A line of text; a name that was copied from a page of the admin loses its isolates."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return _plain(super().value_from_datadict(data, files, name))


class TextareaWidget(AdminTextareaWidget):
    """Lines of text, without isolates."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return _plain(super().value_from_datadict(data, files, name))


def _plain(value: Any) -> Any:
    return remove_isolates(value) if isinstance(value, str) else value


class EdtfWidget(AdminTextInputWidget):
    """A text field that says in words what is understood of its date.

    Where scripts run, the words follow what is typed, and the text can be written from its parts.
    """

    template_name = "admin/muster/edtf.html"

    class Media:
        js = ["curation/edtf.js"]

    lasts = False
    """Whether an interval is meant anything by: of what happened, not of a start or an end."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "words": explain_date(str(value or "")),
            "address": reverse("admin:dates"),
            "lasts": self.lasts,
        }
        return context


class RecordSelect(AutocompleteSelect):
    """A row of another kind, picked by searching for it."""

    row: Any = None
    """What is picked, where it was read already: it is not asked for again."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        """Offer what is picked, and nothing else: the rest is found by typing."""
        choices: Any = self.choices
        keys = [int(key) for key in value if str(key).isdecimal()]
        rows = [self.row] if self.row is not None and [self.row.pk] == keys else []
        if keys and not rows:
            rows = list(choices.queryset.filter(pk__in=keys))
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        words = choices.field.label_from_instance
        found = [self.create_option(name, r.pk, words(r), True, n) for n, r in enumerate(rows, 1)]
        return [(None, [*empty, *found], 0)]


def explain_date(text: str) -> dict[str, str]:
    """Return the words for a date text, or why it cannot be read."""
    try:
        return {"words": describe_date(text, single=None) if text.strip() else ""}
    except DateError as error:
        return {"error": str(error)}


def explain_date_view(request: HttpRequest) -> JsonResponse:
    """Answer what is understood of a date while it is typed."""
    return JsonResponse(explain_date(request.GET.get("text", "")[:200]))
