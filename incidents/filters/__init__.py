"""The filters of incidents and of statistics."""

from incidents.filters.incident import IncidentFilterSet
from incidents.filters.statistics import StatisticsFilterSet

__all__ = ["IncidentFilterSet", "StatisticsFilterSet"]
