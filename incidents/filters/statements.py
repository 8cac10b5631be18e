"""The filters by statement, and by what follows from statements."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import ActorsParameter, ScopeFilters
from api.filtersets import FilterGroup
from api.parameters import BooleanParameter, MultipleChoiceParameter
from incidents.codes import AttributionStatus, ClaimStatus
from incidents.entries import IncidentActorEntry


def _actors(description: str, note: str = "") -> ActorsParameter:
    return ActorsParameter(
        f"{description}, by public id or slug.{note} Statements that are fake, rejected or "
        "withdrawn do not count.",
        method="filter_actors",
    )


class StatementFilters(FilterGroup):
    """The filters by responsibility statement, and by the conclusions from all of them."""

    claimed_by = _actors("Incidents that a claim attributes to this actor")
    announced_by = _actors("Incidents that this actor claimed, for itself or for others")
    denied_by = _actors(
        "Incidents with a denial about this actor",
        " A denial is about the actors that it names, or about its speaker if it names nobody.",
    )
    accused = _actors("Incidents that an accusation attributes to this actor")
    accused_by = _actors("Incidents for which this actor accused somebody")
    claim_status = MultipleChoiceParameter(
        ClaimStatus, "Incidents with this claim status.", "claim_status"
    )
    denied = BooleanParameter(
        "Incidents with or without a denial about an actor held responsible.", "denied"
    )
    attribution_status = MultipleChoiceParameter(
        AttributionStatus,
        "Incidents with this attribution status: how certain we are who did it.",
        "attribution_status",
    )
    facade_claim = BooleanParameter(
        "Incidents that were or were not claimed by a facade of another actor.",
        "facade_claim",
    )

    def filter_actors(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the incidents with a statement in which an actor has the role of the parameter."""
        is_actor = self.filterset.group(ScopeFilters).actor_is(name)
        rows = IncidentActorEntry.objects.filter(is_actor, seq=OuterRef("seq"), role=name)
        return entries.filter(Exists(rows))
