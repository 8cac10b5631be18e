"""The parameters of statistics."""

from collections.abc import Iterator

from django.db.models import TextChoices

from api.filters import DetailFilterSet, RecordFilters, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import BooleanParameter, MultipleChoiceParameter
from api.problems import Fault
from incidents.filters.incident import INCIDENT_GROUPS


class GroupBy(TextChoices):
    """The properties by which incidents are grouped."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    EVENT_TYPE = "event_type"
    SUB_TYPE = "sub_type"
    VIOLENCE = "violence"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PARTICIPANT = "participant"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    WEAPON = "weapon"
    TARGET_TYPE = "target_type"
    CLAIM_STATUS = "claim_status"
    ATTRIBUTION_STATUS = "attribution_status"


ACTORS = (GroupBy.PARTICIPANT, GroupBy.PERPETRATOR, GroupBy.TARGET)
TIMES = (GroupBy.YEAR, GroupBy.MONTH, GroupBy.WEEK)


class GroupByParameter(MultipleChoiceParameter):
    """One to three properties to group by."""

    max_values = 3


class GroupingFilters(FilterGroup):
    """The groups of statistics."""

    group_by = GroupByParameter(
        GroupBy, "One to three properties to group by, in this order.", required=True
    )
    fill = BooleanParameter("Whether to include periods without an incident.", default=False)

    def check(self) -> Iterator[Fault]:
        group_by = self.params["group_by"]
        if len(set(group_by)) < len(group_by):
            yield Fault("contradiction", "group_by", "Use each property only once.")
        if self.params["fill"] and not set(group_by) & set(TIMES):
            detail = "Use `fill` only together with `group_by=year`, `month` or `week`."
            yield Fault("contradiction", "fill", detail)


class StatisticsFilterSet(DetailFilterSet):
    """The parameters of /statistics: the filters of /incidents, and how to group."""

    groups = (SnapshotFilters, GroupingFilters, RecordFilters, *INCIDENT_GROUPS)

    @property
    def matches_all(self) -> bool:
        """Whether no parameter filters incidents."""
        return not any(self.base_filters[name].is_filter for name in self.given)
