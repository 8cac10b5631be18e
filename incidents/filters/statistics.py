"""What statistics of incidents can be asked for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import TextChoices

from api.filters import ByDate
from api.parameters import Flag, Words
from api.problems import Fault
from incidents.filters import IncidentFilters


class GroupBy(TextChoices):
    """By what incidents are grouped."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    EVENT_TYPE = "event_type"
    SUB_TYPE = "sub_type"
    VIOLENCE = "violence"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    WEAPON = "weapon"
    TARGET_TYPE = "target_type"
    CLAIM_STATUS = "claim_status"
    ATTRIBUTION_STATUS = "attribution_status"


TIMES = (GroupBy.YEAR, GroupBy.MONTH, GroupBy.WEEK)


class Groups(Words):
    """One to three words by which to group."""

    most = 3


class StatisticsFilters(IncidentFilters):
    """The parameters of /statistics: those of /incidents that keep, and how to group."""

    limit = cursor = count = detail = format = escape = centroids = sort = None  # type: ignore[assignment]
    group_by = Groups(GroupBy, "By what, in this order: up to three times.", needed=True)
    fill = Flag("Whether to tell of periods without an incident too.", default=False)

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        unasked = {"cursor": None, "detail": False, "sort": ByDate.NEWEST}
        yield from super().contradictions(asked | unasked)
        if len(set(asked["group_by"])) < len(asked["group_by"]):
            yield Fault("contradiction", "group_by", "Group by each once.")
        if asked["fill"] and not set(asked["group_by"]) & set(TIMES):
            detail = "There are no periods to fill: group by year, month or week too."
            yield Fault("contradiction", "fill", detail)

    def keeps_all(self) -> bool:
        """Whether no parameter keeps some incidents only."""
        return not any(self.base_filters[name].applies for name in self.data)

    @property
    def after(self) -> None:
        """Statistics have no pages."""
        return None
