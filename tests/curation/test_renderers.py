"""The renderer of forms: it writes what Django's templates write, to the byte."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from curation.renderers import FormRenderer

NASTY = "\"<b>&'زينب"
CHOICES = [("", "---"), (1, "One"), (NASTY, NASTY), (NASTY, [("a", NASTY), (2, mark_safe("<i>"))])]
WIDGETS = [
    *(forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.URLInput, forms.EmailInput),
    *(forms.DateInput, forms.CheckboxInput, forms.Textarea, forms.Select, forms.SelectMultiple),
    *(forms.PasswordInput, forms.RadioSelect, forms.CheckboxSelectMultiple),
]
VALUES = [None, "", "1", 1, 1234567, 1.5, True, False, NASTY, mark_safe("&lt;"), ("a", 1), [NASTY]]


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_it_writes_what_django_writes(widget: type[forms.Widget], value: Any) -> None:
    attributes = {"id": "id_x", "required": True, "disabled": False, "data-x": NASTY, "max": 10_000}
    drawn = widget(attributes)
    if hasattr(drawn, "choices"):
        drawn.choices = CHOICES
    for name in ("x", NASTY):
        written = drawn.render(name, value, renderer=FormRenderer())
        assert written == drawn.render(name, value, renderer=DjangoTemplates())
        assert isinstance(written, SafeString)


@pytest.mark.parametrize("errors", [[], [NASTY, "Two."]])
def test_labels_and_errors_are_those_of_django(errors: list[str]) -> None:
    written = []
    for renderer in (FormRenderer(), DjangoTemplates()):

        class Form(forms.Form):
            default_renderer = renderer
            name = forms.CharField(label=NASTY)

        field = Form({"name": "x"})["name"]
        for error in errors:
            field.form.add_error("name", error)
        labels = [field.label_tag(attrs={"class": NASTY}), field.label_tag(), field.legend_tag()]
        written.append([*labels, str(field.errors), field.errors.as_ul()])
    assert written[0] == written[1]


def test_it_is_the_renderer_of_all_forms() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    assert isinstance(Form().renderer, FormRenderer)
