"""Facets: the most frequent values of some properties, each a link that toggles a filter."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from explorer.answers import MAX_COUNTED, Answers
from explorer.explore.labels import label_filter, label_word
from explorer.explore.names import Names
from explorer.explore.state import State
from publishing.presentation.words import count_in_words

SHOWN = ("year", "country", "perpetrator", "event_type", "weapon", "attribution_status")
"""The facets of the page."""
MAX_VALUES, MAX_LINKS = 40, 10
"""The largest numbers of values that are counted, for the form too, and that are listed."""


class FacetValue(NamedTuple):
    """A value, with the address that adds it or, if it is chosen, removes it."""

    key: str
    label: str
    words: str
    """The number of incidents; a lower bound if not all were counted."""
    address: str
    is_chosen: bool


class Facet(NamedTuple):
    """The most frequent values of a property."""

    name: str
    title: str
    values: list[FacetValue]
    more: int
    """The number of values that are not listed."""
    without: str
    """The number of incidents without a value; empty if there is none."""


class Facets(NamedTuple):
    """All facets of a page, and the numbers of values by filter and value, for the form."""

    facets: list[Facet]
    numbers: dict[str, dict[str, str]]


def read_facets(answers: Answers, page: State, names: Names) -> Facets:
    """Return the facets of a state."""
    counted = {"facet": SHOWN, "limit": MAX_VALUES, "count_limit": MAX_COUNTED}
    answer = answers.get("facets", **page.filters, **counted)
    return make_facets(answer["facets"], page, names)


def make_facets(counted: list[Mapping[str, Any]], page: State, names: Names) -> Facets:
    """Return facets with their links."""
    facets, numbers = [], dict[str, dict[str, str]]()
    for each in counted:
        name, parameter, is_exact = each["name"], each["parameter"], each["is_exact"]
        given = {names.identify(parameter, key): key for key in page.filters.get(parameter, [])}
        values = [
            FacetValue(
                value["key"],
                label_word(name, value["key"], value["label"]),
                count_in_words(value["incidents"], is_exact=is_exact),
                page.toggle(parameter, given.get(value["key"], value["key"]), alone=name == "year"),
                value["key"] in given,
            )
            for value in each["values"]
            if value["label"] is not None
        ]
        numbers[parameter] = {value.key: value.words for value in values}
        if not values:
            continue
        without = each["without"] and count_in_words(each["without"], is_exact=is_exact)
        more = each["keys"] - len(values[:MAX_LINKS])
        facets.append(Facet(name, label_filter(name), values[:MAX_LINKS], more, without or ""))
    return Facets(facets, numbers)
