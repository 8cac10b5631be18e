"""By whom incidents can be asked for."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextChoices

from actors.codes import ActorKind
from actors.filters import Actors
from editorial.api.parameters import Word, Words
from incidents.codes import Certainty, InvolvementRole
from incidents.entries import RANK, IncidentActorEntry
from incidents.filters.scopes import Scoped

ROLES: dict[str, list[str]] = {
    "participant": list(InvolvementRole.values),
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
    "sponsor": [InvolvementRole.INSTIGATOR, InvolvementRole.SUPPORTER],
}


class LeastCertainty(TextChoices):
    """How certain an involvement is at least."""

    CONFIRMED = Certainty.CONFIRMED.value
    PROBABLE = Certainty.PROBABLE.value
    POSSIBLE = Certainty.POSSIBLE.value
    SUSPECTED = Certainty.SUSPECTED.value


def _actors(who: str) -> Actors:
    return Actors(f"{who}, by public id or slug.", method="keep_involved")


def _kinds(who: str) -> Words:
    return Words(ActorKind, f"The kind of actor of {who}; it is the same.", method="keep_involved")


class Involved(Scoped):
    """The parameters for who was involved; actor, kind and certainty are met by one involvement."""

    participant = _actors("Who took part, in any role")
    participant_kind = _kinds("a participant")
    perpetrator = _actors("Who did it")
    perpetrator_kind = _kinds("a perpetrator")
    target = _actors("Who was its target")
    target_kind = _kinds("a target")
    victim = _actors("Who was its victim")
    victim_kind = _kinds("a victim")
    sponsor = _actors("Who instigated or supported it")
    sponsor_kind = _kinds("a sponsor")
    certainty_min = Word(
        LeastCertainty,
        "How certain we must be of each involvement that is asked for; where none is, of any.",
        method="keep_certain",
    )

    def keep_involved(self, entries: QuerySet, name: str, asked: Any) -> QuerySet:
        """Keep what has an involvement that meets all that is asked of the role."""
        role = name.removesuffix("_kind")
        if name != role and self.asked[role] is not None:
            return entries  # the actor's own parameter asks for both
        rows = IncidentActorEntry.objects.filter(role__in=ROLES[role])
        if self.asked[role] is not None:
            rows = rows.filter(self.actor_is(role))
        if kinds := self.asked[f"{role}_kind"]:
            rows = rows.filter(kind__in=kinds)
        return entries.filter(Exists(self._certain(rows)))

    def keep_certain(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep what has an involvement of the certainty, where no other is asked for."""
        roles = [role for role in ROLES if self.asked[role] or self.asked[f"{role}_kind"]]
        return entries if roles else entries.filter(Exists(self._certain()))

    def _certain(self, rows: QuerySet | None = None) -> QuerySet:
        rows = IncidentActorEntry.objects.all() if rows is None else rows
        if least := self.asked["certainty_min"]:
            rows = rows.filter(certainty__lte=RANK[least])
        return rows.filter(seq=OuterRef("seq"))
