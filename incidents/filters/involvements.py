"""The filters by involvement: who took part, in which role."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextChoices

from actors.codes import ActorKind
from actors.filters import ActorsParameter, ScopeFilters
from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, MultipleChoiceParameter
from incidents.codes import Certainty, InvolvementRole
from incidents.entries import CERTAINTY_RANK, IncidentActorEntry

ROLES: dict[str, list[str]] = {
    "participant": list(InvolvementRole.values),
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
    "sponsor": [InvolvementRole.INSTIGATOR, InvolvementRole.SUPPORTER],
}
"""The roles of involvements that each parameter means."""


class LeastCertainty(TextChoices):
    """The lowest certainty of an involvement."""

    CONFIRMED = Certainty.CONFIRMED.value
    PROBABLE = Certainty.PROBABLE.value
    POSSIBLE = Certainty.POSSIBLE.value
    SUSPECTED = Certainty.SUSPECTED.value


def _actors(role: str) -> ActorsParameter:
    return ActorsParameter(f"Incidents with this {role}, by public id or slug.", by_group=True)


def _kinds(role: str) -> MultipleChoiceParameter:
    return MultipleChoiceParameter(
        ActorKind,
        f"Incidents with a {role} of this kind. With `{role}`, both must match the same actor.",
        by_group=True,
    )


class InvolvementFilters(FilterGroup):
    """The filters by involvement; actor, kind and certainty must match a single involvement."""

    participant = ActorsParameter(
        "Incidents in which this actor took part, in any role, by public id or slug.", by_group=True
    )
    participant_kind = _kinds("participant")
    perpetrator = _actors("perpetrator")
    perpetrator_kind = _kinds("perpetrator")
    target = _actors("target")
    target_kind = _kinds("target")
    victim = _actors("victim")
    victim_kind = _kinds("victim")
    sponsor = ActorsParameter(
        "Incidents that this actor instigated or supported, by public id or slug.", by_group=True
    )
    sponsor_kind = _kinds("sponsor")
    certainty_min = ChoiceParameter(
        LeastCertainty,
        "Involvements of at least this certainty: each involvement that other parameters filter "
        "by, or if there are none, the involvement of any actor.",
        by_group=True,
    )

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        roles = [role for role in ROLES if self.params[role] or self.params[f"{role}_kind"]]
        for role in roles:
            if role not in without:
                entries = entries.filter(Exists(self.find_rows(role).filter(seq=OuterRef("seq"))))
        if self.params["certainty_min"] and not roles:
            entries = entries.filter(Exists(self.find_candidates().filter(seq=OuterRef("seq"))))
        return entries

    def find_candidates(self, role: str | None = None) -> Any:
        """Return the involvements that match `certainty_min`, and the kind of actor of a role."""
        rows = IncidentActorEntry.objects.all()
        if certainty := self.params["certainty_min"]:
            rows = rows.filter(certainty__lte=CERTAINTY_RANK[certainty])
        kinds = role and self.params[f"{role}_kind"]
        return rows.filter(kind__in=kinds) if kinds else rows

    def find_rows(self, role: str) -> QuerySet:
        """Return the involvements that match all parameters of a role."""
        rows: QuerySet = self.find_candidates(role).filter(role__in=ROLES[role])
        if self.params[role] is not None:
            rows = rows.filter(self.filterset.group(ScopeFilters).actor_is(role))
        return rows
