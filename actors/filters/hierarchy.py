"""The parameters of hierarchies."""

from uuid import UUID

from django.db.models import TextChoices

from actors.codes import Scope
from api.filters import DetailFilterSet, SnapshotFilters
from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, DaysParameter, RecordParameter


class HierarchyScope(TextChoices):
    """The kinds of affiliation that lead up: those of the scope of the same name."""

    ALL = Scope.ALL.value
    MEMBERS = Scope.MEMBERS.value
    COMMAND = Scope.COMMAND.value
    FACADE = Scope.FACADE.value
    SPONSORED = Scope.SPONSORED.value


class HierarchyFilters(FilterGroup):
    """The actor at the bottom, the affiliations, and the day."""

    actor = RecordParameter("The actor, by public id or slug.", required=True)
    scope = ChoiceParameter(
        HierarchyScope,
        "The affiliations that lead up, as in the scopes of incidents; with `sponsored`, up to a "
        "sponsor.",
        default=HierarchyScope.ALL,
    )
    at = DaysParameter(
        "The day, or any day of a month or year; without it, the day on which the snapshot was "
        "published."
    )


class HierarchyFilterSet(DetailFilterSet):
    """The parameters of /hierarchy."""

    groups = (HierarchyFilters, SnapshotFilters)

    def find_actor(self) -> UUID | None:
        """Return the actor, if it is public; the snapshot must be set."""
        group = self.group(HierarchyFilters)
        return next(iter(group.find_records("actor", "actor", [self.params["actor"]])), None)
