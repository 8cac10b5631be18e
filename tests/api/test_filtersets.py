"""Filter sets: groups of parameters that add up, with rules that apply when they are given."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from actors.filters import (
    ActorFilterSet,
    AffiliationFilterSet,
    NetworkFilterSet,
    ResolutionFilterSet,
)
from api.filters import LIST_GROUPS, FormatFilters
from api.filtersets import FilterGroup, StrictFilterSet
from api.formats import JSONRenderer
from api.parameters import BooleanParameter, IntegerParameter
from api.problems import Fault, InvalidParameters
from incidents.filters import IncidentFilterSet, StatisticsFilterSet
from places.filters import PlaceFilterSet
from publishing.models import Edition
from sources.filters import PublisherFilterSet, SourceFilterSet

FILTER_SETS: dict[type[StrictFilterSet], str] = {
    ActorFilterSet: "actors",
    AffiliationFilterSet: "actors",
    NetworkFilterSet: "actors",
    ResolutionFilterSet: "actors",
    IncidentFilterSet: "incidents",
    StatisticsFilterSet: "incidents",
    PlaceFilterSet: "places",
    PublisherFilterSet: "sources",
    SourceFilterSet: "sources",
}
"""The app of each filter set."""


class RangeFilters(FilterGroup):
    """A group with an own rule of a parameter, and a rule between parameters."""

    low = IntegerParameter("The lowest.", 0, 9, at_most="high")
    high = IntegerParameter("The highest.", 0, 9)
    strict = BooleanParameter("Whether 5 is refused.", default=False, requires="low")

    def check(self) -> Iterator[Fault]:
        if self.params["strict"] and self.params["low"] == 5:
            yield Fault("contradiction", "low", "Not 5.")


class SizeFilters(FilterGroup):
    """Another group with the same kinds of rules."""

    least = IntegerParameter("The least.", 0, 9, at_most="most")
    most = IntegerParameter("The most.", 0, 9, default=7)
    columns = IntegerParameter("The columns.", 0, 9, only_format="csv")

    def check(self) -> Iterator[Fault]:
        if self.params["most"] == 5:
            yield Fault("contradiction", "most", "Not 5.")


class TwoGroups(StrictFilterSet):
    """A filter set of both groups, with a parameter of its own."""

    groups = (RangeFilters, SizeFilters)
    page = IntegerParameter("The page.", 1, 9, default=1)


def read(query: str, filters: type[StrictFilterSet] = TwoGroups) -> StrictFilterSet:
    """Read a query, as of a request for JSON."""
    request = Request(APIRequestFactory().get(f"/?{query}"))
    request.accepted_renderer = JSONRenderer()  # type: ignore[attr-defined]
    return filters(request)


def test_a_filter_set_has_the_parameters_of_its_groups_and_its_own() -> None:
    assert list(TwoGroups.base_filters) == [
        *("low", "high", "strict", "least", "most", "columns"),
        "page",
    ]
    filters = read("low=1&most=3")
    assert filters.given == ["low", "most"]
    assert filters.params["low"] == 1
    assert filters.params["high"] is None
    assert filters.params["page"] == 1, "the default"
    assert filters.group(SizeFilters).given == ["most"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("low=3&high=3&least=2&most=2", []),
        ("low=3&high=2", ["low"]),
        ("low=3&high=2&least=9&most=8", ["low", "least"]),
        ("strict=true", ["strict"]),
        ("strict=true&low=5&most=5", ["low", "most"]),
        ("columns=1", ["columns"]),
        ("least=9", []),
        ("low=x&high=y&most=z&none=1", ["none", "low", "high", "most"]),
    ],
)
def test_the_rules_of_all_groups_apply(query: str, parameters: list[str]) -> None:
    if not parameters:
        read(query)
        return
    with pytest.raises(InvalidParameters) as refusal:
        read(query)
    assert [fault.parameter for fault in refusal.value.faults] == parameters


def test_a_problem_says_what_to_do() -> None:
    with pytest.raises(InvalidParameters) as refusal:
        read("low=10")
    text = "Invalid value for `low`. Use a whole number from 0 to 9."
    assert refusal.value.text == refusal.value.faults[0].detail == text
    with pytest.raises(InvalidParameters) as refusal:
        read("low=10&high=10")
    assert refusal.value.text == "Invalid parameters: high, low. See `errors`."


def test_two_groups_cannot_declare_the_same_parameter() -> None:
    class Other(FilterGroup):
        low = IntegerParameter("Another one.", 0, 9)

    with pytest.raises(TypeError, match="declares low more than once"):
        type("Clash", (StrictFilterSet,), {"groups": (RangeFilters, Other)})
    own: dict[str, Any] = {"groups": (RangeFilters,), "low": IntegerParameter("Its own.", 0, 9)}
    with pytest.raises(TypeError, match="declares low more than once"):
        type("Clash", (StrictFilterSet,), own)


def test_every_source_of_parameters_filters() -> None:
    class VersionFilters(FilterGroup):
        version_min = IntegerParameter("At least.", 1, 9, "version", lookup="gte")

    class EditionFilterSet(StrictFilterSet):
        groups = (VersionFilters,)
        version_max = IntegerParameter("At most.", 1, 9, "version", lookup="lte")

    def where(query: str, **options: Any) -> str:
        filters = read(query, EditionFilterSet)
        return str(filters.filter_queryset(Edition.objects.all(), **options).query).split("WHERE")[
            -1
        ]

    assert ">= 2" in where("version_min=2&version_max=3")
    assert "<= 3" in where("version_min=2&version_max=3")
    assert ">= 2" not in where("version_min=2&version_max=3", without={"version_min"})
    assert "<= 3" not in where("version_min=2&version_max=3", without={"version_max"})


def test_a_group_is_part_of_one_request_only() -> None:
    first, second = read("low=1"), read("low=2")
    assert first.group(RangeFilters).params["low"] == 1
    assert second.group(RangeFilters).params["low"] == 2
    assert first.filters["low"].parent is first.group(RangeFilters)


@pytest.mark.parametrize(("filters", "app"), FILTER_SETS.items())
def test_every_parameter_has_a_direct_test(filters: type[StrictFilterSet], app: str) -> None:
    shared = {name for group in (*LIST_GROUPS, FormatFilters) for name in group.base_filters}
    tests = "\n".join(file.read_text() for file in Path("tests", app).glob("test_*.py"))
    untested = [
        name
        for name in filters.base_filters.keys() - shared - {"sort", "fields", "part"}
        if not re.search(rf"""[?&"']{name}=""", tests)
    ]
    assert not untested, f"Ask for {', '.join(untested)} in a test in tests/{app}."
