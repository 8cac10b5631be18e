"""The renderer of forms: Django's, but it writes plain widgets, labels and empty lists in Python.

The form of an incident has 250 widgets, each with a label and a list of errors. Rendering Django's
templates for them takes nearly half of the time of the page. The text is the same, to the byte.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_INPUTS = ("input", "text", "number", "hidden", "url", "email", "date", "checkbox")


class FormRenderer(DjangoTemplates):
    """A renderer that needs no template for the most frequent parts of a form."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name in _ERRORS and not context["errors"]:
            return SafeString("")
        if writer := _WRITERS.get(template_name):
            return SafeString(writer(context).strip())
        return super().render(template_name, context, request)


def _write_attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{_escape(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _write_label(context: Mapping[str, Any]) -> str:
    label = conditional_escape(context["label"])
    if not context["use_tag"]:
        return label
    tag = context["tag"]
    return f"<{tag}{_write_attributes(context['attrs'])}>{label}</{tag}>"


def _write_input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = widget["value"]
    written = "" if value is None else f' value="{_escape(value)}"'
    attributes = _write_attributes(widget["attrs"])
    return f'<input type="{widget["type"]}" name="{_escape(widget["name"])}"{written}{attributes}>'


def _write_select(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    lines = [f'<select name="{_escape(widget["name"])}"{_write_attributes(widget["attrs"])}>']
    for name, options, _ in widget["optgroups"]:
        if name:
            lines.append(f'  <optgroup label="{conditional_escape(name)}">')
        for option in options:
            attributes = _write_attributes(option["attrs"])
            label = conditional_escape(option["label"])
            lines.append(
                f'  <option value="{_escape(option["value"])}"{attributes}>{label}</option>\n'
            )
        if name:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>"])


def _write_textarea(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = conditional_escape(widget["value"]) if widget["value"] else ""
    attributes = _write_attributes(widget["attrs"])
    return f'<textarea name="{_escape(widget["name"])}"{attributes}>\n{value}</textarea>'


def _escape(value: Any) -> str:
    """Return what `|stringformat:"s"` writes."""
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


_ERRORS = ("django/forms/errors/list/default.html", "django/forms/errors/list/ul.html")
_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "django/forms/label.html": _write_label,
    **{f"django/forms/widgets/{name}.html": _write_input for name in _INPUTS},
    "django/forms/widgets/select.html": _write_select,
    "django/forms/widgets/textarea.html": _write_textarea,
}
