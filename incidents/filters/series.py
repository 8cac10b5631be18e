"""The parameters of series."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextChoices

from api.filters import RecordFilters, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, IntegerParameter
from incidents.filters.counting import CountingFilterSet
from incidents.filters.incident import INCIDENT_GROUPS
from incidents.filters.statistics import TIMES, GroupBy


class Interval(TextChoices):
    """The lengths of intervals."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def _list_properties() -> Iterator[tuple[str, str]]:
    """Yield the properties that statistics group by, except for periods."""
    return ((word.name, word.value) for word in GroupBy if word not in TIMES)


_make_words: Any = TextChoices
SeriesBy: type[TextChoices] = _make_words("SeriesBy", list(_list_properties()))
"""The properties that have a series for each value."""


class SeriesFilters(FilterGroup):
    """The intervals, and the property with a series for each value."""

    interval = ChoiceParameter(Interval, "The length of an interval.", default=Interval.MONTH)
    by = ChoiceParameter(
        SeriesBy,
        "A property: each of its most frequent values has a series of its own. Without it, there "
        "is one series.",
    )
    limit = IntegerParameter("Maximum number of series.", 1, 100, default=10)


class SeriesFilterSet(CountingFilterSet):
    """The parameters of /series: the filters of /incidents, and the intervals."""

    groups = (SnapshotFilters, SeriesFilters, RecordFilters, *INCIDENT_GROUPS)
