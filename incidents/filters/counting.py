"""The filters of /incidents for answers that count incidents."""

from functools import cached_property
from typing import Self

from django.db.models import QuerySet

from api.filters import DetailFilterSet
from api.pagination import MAX_COUNTED
from api.parameters import IntegerParameter
from incidents.entries import IncidentEntry
from incidents.filters.all_by_actor import AllByActor, find_all


class CountLimitParameter(IntegerParameter):
    """The number of incidents at which counting stops."""

    def __init__(self, maximum: int) -> None:
        super().__init__(
            "Maximum number of incidents that are counted: those published last. A smaller one is "
            "answered faster; `is_exact` says whether they are all.",
            1,
            maximum,
            default=maximum,
        )


class CountingFilterSet(DetailFilterSet):
    """The parameters of an answer that counts incidents."""

    @cached_property
    def by_actor(self) -> AllByActor | None:
        """The shortest way to all incidents of the actors of the request, if there is one."""
        return find_all(self)

    @property
    def matches_all(self) -> bool:
        """Whether no parameter filters incidents."""
        return not any(self.base_filters[name].is_filter for name in self.given)

    def find_all(self, maximum: int | None = None) -> QuerySet:
        """Return the incidents that match, in the shortest way to so many, or else to all.

        The snapshot must be set. Few are found one by one sooner than all side rows are read.
        """
        if (maximum is None or maximum > MAX_COUNTED) and self.by_actor:
            return self.by_actor.entries
        return self.filter_queryset(IncidentEntry.objects.at(self.snapshot.seq))

    def leave_out(self, *names: str) -> Self:
        """Return the filter set of the same request without some parameters."""
        other = super().leave_out(*names)
        other.__dict__.pop("by_actor", None)
        return other
