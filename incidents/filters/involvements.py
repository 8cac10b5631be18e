"""By whom incidents can be asked for."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, QuerySet, TextChoices

from actors.codes import ActorKind
from actors.filters import Actors
from api.pagination import behind
from api.parameters import Days, Flag, Moment, Whole, Word, Words
from incidents.codes import Certainty, InvolvementRole, StatementRole
from incidents.entries import CERTAINTY_RANK, IncidentActorEntry, IncidentEntry
from incidents.filters.pages_by_actor import nearest
from incidents.filters.scopes import Scoped

ROLES: dict[str, list[str]] = {
    "participant": list(InvolvementRole.values),
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
    "sponsor": [InvolvementRole.INSTIGATOR, InvolvementRole.SUPPORTER],
}

LEADS = ROLES | {role: [role] for role in StatementRole.values}
"""The same, with the parameters for who speaks of whom."""

_BROAD = (Words, Flag, Days, Moment, Whole)
"""Parameters that keep much, as `country` does: it stays short to go through one's incidents."""

_DATES = ("occurred_from", "occurred_to")
"""Parameters that side rows meet as well as entries do."""


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
        "How certain we must be of each involvement asked for; else of that of any actor.",
        method="keep_certain",
    )

    def keep_involved(self, entries: QuerySet, name: str, asked: Any) -> QuerySet:
        """Keep what has an involvement that meets all that is asked of the role."""
        role = name.removesuffix("_kind")
        if name != role and self.asked[role] is not None:
            return entries  # the actor's own parameter asks for both
        rows = self.involvements(role).filter(role__in=ROLES[role], seq=OuterRef("seq"))
        if self.asked[role] is not None:
            rows = rows.filter(self.actor_is(role))
        return entries.filter(Exists(rows))

    def keep_certain(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep what has an involvement of the certainty, where no other is asked for."""
        roles = [role for role in ROLES if self.asked[role] or self.asked[f"{role}_kind"]]
        rows = self.involvements().filter(seq=OuterRef("seq"))
        return entries if roles else entries.filter(Exists(rows))

    def involvements(self, role: str | None = None) -> Any:
        """Return the involvements of the certainty and the kind of actor that are asked for."""
        rows = IncidentActorEntry.objects.all()
        if least := self.asked["certainty_min"]:
            rows = rows.filter(certainty__lte=CERTAINTY_RANK[least])
        kinds = role and self.asked[f"{role}_kind"]
        return rows.filter(kind__in=kinds) if kinds else rows

    def leading(self, entries: QuerySet) -> QuerySet:
        """Take a page by date from the first of each actor, if nothing else narrows it more."""
        sort = self.order(self.asked)
        given = {name for name, one in self.filters.items() if one.applies and name in self.data}
        leads = given & set(LEADS)
        if len(leads) != 1 or "order_date" not in sort.columns:
            return entries
        (role,) = leads
        met = {role, f"{role}_kind", "certainty_min"} if role in ROLES else {role}
        others = given - met
        if not all(
            name == "country" or isinstance(self.base_filters[name], _BROAD) for name in others
        ):
            return entries
        rows = self.involvements(role) if role in ROLES else IncidentActorEntry.objects.all()
        rows = rows.at(self.snapshot.seq)
        for name in others & set(_DATES):
            rows = self.filters[name].filter(rows, self.asked[name])
        if others - set(_DATES):
            rest = self.keep(IncidentEntry.objects.all(), self.snapshot, without={*_DATES, *met})
            rows = rows.filter(Exists(rest.filter(seq=OuterRef("seq"))))
        if start := self.start():
            rows = behind(rows, sort, start)
        standings, dates = self.standings(role), self.asked["dates"]
        try:
            page = nearest(rows, standings, LEADS[role], dates, sort, self.asked["limit"] + 1)
        except EmptyResultSet:
            return entries.none()
        return IncidentEntry.objects.filter(seq__in=page)
