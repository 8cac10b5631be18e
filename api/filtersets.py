"""Reading all parameters of a request: strict, with every fault at once."""

import difflib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request

from api.parameters import Parameter
from api.problems import Fault, Problem

_BROKEN = re.compile("%[89A-F][0-9A-F]")
"""How Django writes what is not UTF-8 in a path."""


class Strict(django_filters.FilterSet):
    """Reads every parameter of a request, or refuses the request with all its faults."""

    base_filters: ClassVar[dict[str, Parameter]]
    pairs: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Parameters of which the first must not exceed the second."""

    def __init__(self, request: Request, queryset: QuerySet | None = None) -> None:
        self.faults: list[Fault] = []
        data = self.without_defaults(request.query_params)
        super().__init__(data, QuerySet() if queryset is None else queryset, request=request)
        self.asked: dict[str, Any] = self._read()

    @classmethod
    def without_defaults(cls, query: QueryDict) -> QueryDict:
        """Return the parameters of a request except those at their declared defaults.

        Generated clients send every default. So that a default is the same as nothing in each rule,
        cursor and link, all of these look at what this returns.
        """
        data = query.copy()
        for name, parameter in cls.base_filters.items():
            if parameter.is_default(query.getlist(name)):
                del data[name]
        return data

    def get_form_class(self) -> type[forms.Form]:
        """Return the form that reads the parameters, built once for the class."""
        return _form_class(type(self))

    def _read(self) -> dict[str, Any]:
        self.faults += self._unreadable()
        names = list(self.base_filters)
        for name in self.data:
            if name not in self.base_filters:
                near = difflib.get_close_matches(name, names, 1)
                hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(names)}."
                detail = f"There is no parameter “{name[:40]}”. {hint}"
                self.faults.append(Fault("unknown", name[:40], detail))
        for name, errors in self.form.errors.as_data().items():
            self.faults += [
                Fault(error.code or "invalid", name, " ".join(error.messages)) for error in errors
            ]
        asked = dict(self.form.cleaned_data)
        for name, parameter in self.base_filters.items():
            if asked.get(name) is None:
                asked[name] = parameter.default
        if not self.faults:
            self.faults += self.contradictions(asked)
        if self.faults:
            wrong = sorted({fault.parameter or "the address" for fault in self.faults})
            raise Problem("invalid-parameters", f"Mend: {', '.join(wrong)}.", self.faults)
        return asked

    def _unreadable(self) -> Iterator[Fault]:
        path, given = self.request.path, self.request.META.get("QUERY_STRING", "")
        raw = unquote_to_bytes(given.encode("latin-1", "replace"))  # as WSGI hands over bytes
        if b"\0" in raw or "\0" in path:
            yield Fault("nul", None, "The address contains a NUL.")
        try:
            raw.decode()
            legible = not _BROKEN.search(path)
        except UnicodeDecodeError:
            legible = False
        if not legible:
            yield Fault("encoding", None, "The address is not UTF-8.")

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        """Yield the faults that lie between parameters."""
        for low, high in self.pairs:
            if None not in (asked[low], asked[high]) and asked[low] > asked[high]:
                yield Fault("contradiction", low, f"“{low}” is after “{high}”.")


@cache
def _form_class(filters: type[Strict]) -> type[forms.Form]:
    fields = {name: parameter.field for name, parameter in filters.base_filters.items()}
    return type(f"{filters.__name__}Form", (forms.Form,), fields)
