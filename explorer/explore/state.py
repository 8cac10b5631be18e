"""The state of the page, which is its address, and the links between states."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import QueryDict
from django.utils.translation import gettext

from api.parameters import BooleanParameter, MultipleChoiceParameter
from api.snapshots import PINS
from explorer.explore.filters import View, list_filters, make_filterset
from explorer.explore.labels import label_filter, label_word
from explorer.explore.names import Names

PATH = "/explore"
Value = str | list[str] | None
_NEEDS = {
    "scope_at": "_scope",
    "sponsor_support_type": "_scope",
    "period_by": "starts_in",
}
"""Filters that mean nothing without a parameter whose name ends so."""
_DATED = ("occurred_from", "occurred_to", "_scope")
_PLACED = ("bbox", "near")


class Chip(NamedTuple):
    """A filter in words, and the address without it."""

    label: str
    value: str
    address: str


class Tab(NamedTuple):
    """A view, and its address."""

    name: str
    label: str
    address: str
    is_current: bool


class State:
    """What the address of the page says."""

    def __init__(self, query: QueryDict) -> None:
        defaults = {name: each.default for name, each in make_filterset().base_filters.items()}
        self.query = query
        self.view: str = query.get("view") or defaults["view"]
        self.measure: str = query.get("measure") or defaults["measure"]
        self.group_by: list[str] = query.getlist("group_by")
        self.sort: str = query.get("sort") or defaults["sort"]
        self.cursor: str | None = query.get("cursor")

    @property
    def filters(self) -> dict[str, list[str]]:
        """The filters, as the API takes them."""
        known = list_filters()
        return {name: values for name, values in self.query.lists() if name in known}

    @property
    def pins(self) -> dict[str, list[str]]:
        """The parameters that choose a snapshot."""
        return {name: values for name, values in self.query.lists() if name in PINS}

    def list_pairs(self, without: Collection[str]) -> list[tuple[str, str]]:
        """Return the names and values of the address but some, for the hidden part of a form."""
        lists = self.query.lists()
        return [(name, each) for name, values in lists if name not in without for each in values]

    def address(self, path: str = PATH, **changes: Value) -> str:
        """Return the address of a state with other parameters; a page of results is left."""
        query = {name: values for name, values in self.query.lists() if name != "cursor"}
        for name, value in changes.items():
            if value is None or value == []:
                query.pop(name, None)
            else:
                query[name] = value if isinstance(value, list) else [value]
        return _write(path, query)

    def without(self, name: str, value: str) -> str:
        """Return the address without a value of a filter, and without what needs it."""
        query = {each: values for each, values in self.query.lists() if each != "cursor"}
        query[name] = [each for each in query[name] if each != value]
        query = {each: values for each, values in query.items() if values}
        return _write(PATH, prune(query))

    def toggle(self, name: str, value: str, *, alone: bool = False) -> str:
        """Return the address with a value of a filter, or without it if it has it already."""
        given = self.query.getlist(name)
        if value in given:
            return self.without(name, value)
        return self.address(PATH, **{name: [value] if alone else [*given, value]})

    @property
    def cleared(self) -> str:
        """The address of the same view without filters."""
        changes: dict[str, Value] = dict.fromkeys(self.filters)
        if self.sort == "relevance":
            changes["sort"] = None
        return self.address(PATH, **changes)

    @property
    def home(self) -> str:
        """The address of the page itself, where an embedded one has its filters."""
        return self.address()

    @property
    def tabs(self) -> list[Tab]:
        """The views, each with its address."""
        return [
            Tab(
                view.value,
                str(view.label),
                self.address(view=None if view == View.LIST else view.value),
                view == self.view,
            )
            for view in View
        ]

    def from_list(self, address: str) -> str:
        """Return the state with the filters of the address of a list of the API, as a list."""
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(urlsplit(address).query):
            if name in list_filters():
                query.setdefault(name, []).append(value)
        return _write(PATH, query | self.pins)

    def list_chips(self, names: Names) -> list[Chip]:
        """Return the filters in words, in the order of the address."""
        return [
            Chip(label_filter(name), describe_value(name, value, names), self.without(name, value))
            for name, values in self.filters.items()
            for value in values
        ]


def prune(query: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return parameters without those that mean nothing without others that are not there."""
    filters, kept = list_filters(), dict(query)
    for name in query:
        needed = filters[name].requires if name in filters else None
        if needed and needed not in query:
            del kept[name]

    def has(*endings: str) -> bool:
        return any(name.endswith(endings) for name in kept)

    for name, ending in _NEEDS.items():
        if name in kept and not has(ending):
            del kept[name]
    if "dates" in kept and not has(*_DATED):
        del kept["dates"]
    if "centroids" in kept and not has(*_PLACED):
        del kept["centroids"]
    if "sort" in kept and kept["sort"] == ["relevance"] and "q" not in kept:
        del kept["sort"]
    return kept


def describe_value(name: str, value: str, names: Names) -> str:
    """Return a value of a filter in words."""
    parameter = list_filters()[name]
    if isinstance(parameter, MultipleChoiceParameter):
        labels = dict(parameter.choices.choices)
        return label_word(name, value, labels.get(value, value))
    if isinstance(parameter, BooleanParameter):
        return gettext("yes") if value == "true" else gettext("no")
    if name == "scope_at":
        return label_word(name, value, value)
    return names.find(name, value)


def _write(path: str, query: Mapping[str, list[str]]) -> str:
    text = urlencode(query, doseq=True, safe=":,/")
    return f"{path}?{text}" if text else path
