"""The filters by statement, and by what follows from statements."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import ActorsParameter, ScopeFilters
from api.filtersets import FilterGroup
from api.parameters import BooleanParameter, MultipleChoiceParameter
from incidents.codes import AttributionStatus, ClaimStatus
from incidents.entries import IncidentActorEntry


def _actors(description: str) -> ActorsParameter:
    return ActorsParameter(
        f"{description}, by public id or slug. Statements that are fake, rejected or withdrawn do "
        "not count.",
        method="filter_actors",
    )


class StatementFilters(FilterGroup):
    """The filters by responsibility statement, and by the conclusions from all of them."""

    claimed_by = _actors("Incidents that a claim attributes to this actor")
    announced_by = _actors("Incidents that this actor claimed, for itself or for others")
    denied_by = _actors(
        "Incidents that this actor denied. If the speaker of a denial is no actor in this "
        "database, the actors that the denial names count"
    )
    accused = _actors("Incidents that an accusation attributes to this actor")
    accused_by = _actors("Incidents of which this actor accused somebody")
    claim_status = MultipleChoiceParameter(
        ClaimStatus, "Incidents with this claim status.", "claim_status"
    )
    denied = BooleanParameter(
        "Incidents that an actor held responsible denied, or did not deny.", "denied"
    )
    attribution_status = MultipleChoiceParameter(
        AttributionStatus,
        "Incidents with this attribution status: how certain we are who did it.",
        "attribution_status",
    )
    facade_claim = BooleanParameter(
        "Incidents that an actor claimed that acts as a facade for another one, or not.",
        "facade_claim",
    )

    def filter_actors(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the incidents with a statement in which an actor has the role of the parameter."""
        is_actor = self.filterset.group(ScopeFilters).actor_is(name)
        rows = IncidentActorEntry.objects.filter(is_actor, seq=OuterRef("seq"), role=name)
        return entries.filter(Exists(rows))
