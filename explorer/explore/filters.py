"""The parameters of the explore page: all filters of incidents, and how results are shown.

The filters are those that the list and the statistics of the API have in common. They are read from
its filter sets, so that a new one is on the page without being added here.
"""

from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.urls import resolve
from django.utils.translation import gettext_lazy

from api.filters import DetailFilterSet
from api.filtersets import FilterGroup
from api.pagination import CursorParameter
from api.parameters import (
    ChoiceParameter,
    IdsParameter,
    MultipleChoiceParameter,
    Parameter,
    PlacesParameter,
    RecordsParameter,
)
from api.snapshots import PINS
from explorer.answers import API


class View(TextChoices):
    """How results are shown."""

    LIST = "list", gettext_lazy("List")
    MAP = "map", gettext_lazy("Map")
    TIMELINE = "timeline", gettext_lazy("Timeline")
    CHART = "chart", gettext_lazy("Chart")
    TABLE = "table", gettext_lazy("Table")


class Measure(TextChoices):
    """What a chart counts."""

    INCIDENTS = "incidents", gettext_lazy("Incidents")
    KILLED = "killed", gettext_lazy("People killed")
    INJURED = "injured", gettext_lazy("People injured")


class ViewFilters(FilterGroup):
    """How results are shown."""

    view = ChoiceParameter(View, "How results are shown.", default=View.LIST.value)
    measure = ChoiceParameter(Measure, "What the chart counts.", default=Measure.INCIDENTS.value)
    cursor = CursorParameter("Where the page of results starts.")


class GroupsParameter(MultipleChoiceParameter):
    """One or two properties to group by."""

    max_values = 2


def read_parameters(name: str) -> type[DetailFilterSet]:
    """Return the parameters of a list of the API."""
    view: Any = resolve(f"{API}/{name}").func
    filterset: type[DetailFilterSet] = view.cls.filterset_class
    return filterset


@cache
def make_filterset() -> type[DetailFilterSet]:
    """Return the parameters of the page."""
    incidents, statistics = read_parameters("incidents"), read_parameters("statistics")
    shared = tuple(group for group in incidents.groups if group in statistics.groups)
    grouping: Any = statistics.base_filters["group_by"]
    attributes = {
        "__doc__": "The parameters of the explore page.",
        "groups": (*shared, ViewFilters),
        "sort": incidents.base_filters["sort"],
        "group_by": GroupsParameter(grouping.choices, "What the chart groups by."),
    }
    metaclass: Any = type(DetailFilterSet)
    filterset: type[DetailFilterSet] = metaclass("ExploreFilterSet", (DetailFilterSet,), attributes)
    return filterset


@cache
def list_filters() -> dict[str, Parameter]:
    """Return the filters of incidents by name."""
    filterset = make_filterset()
    own = {*PINS, *ViewFilters.base_filters, *filterset.declared_filters}
    return {name: each for name, each in filterset.base_filters.items() if name not in own}


@cache
def find_record_type(name: str) -> str | None:
    """Return the type of the records that a filter takes by their names; None for other filters."""
    filters = list_filters()
    parameter = filters[name]
    if isinstance(parameter, PlacesParameter):
        return "place"
    if isinstance(parameter, RecordsParameter):
        return "actor" if f"{name}_scope" in filters else None
    return name if isinstance(parameter, IdsParameter) and name != "id" else None
