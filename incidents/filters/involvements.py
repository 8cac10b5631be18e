"""The filters by involvement: who took part, in which role."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

from actors.codes import ActorKind
from actors.filters import ActorsParameter, ScopeFilters
from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, MultipleChoiceParameter
from api.problems import Fault
from incidents.codes import ROLES, Certainty, InvolvementRole, Side
from incidents.entries import CERTAINTY_RANK, IncidentActorEntry

_ATTACKERS = ROLES["perpetrator"]
_ATTACKED = [InvolvementRole.TARGET, InvolvementRole.VICTIM]
"""The roles of two actors of which one attacked the other."""


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


class DyadParameter(ActorsParameter):
    """Two actors, each by public id or slug; the id of a merged record also works."""

    min_values = max_values = 2
    example = ["pro-iranian-militias-in-iraq", "us-forces"]
    each_counts = True


class EachActorParameter(ActorsParameter):
    """Some actors, each of which must match."""

    max_values = 10
    each_counts = True


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
    participant_all = EachActorParameter(
        "Incidents in which each of these actors took part, in any role, by public id or slug. "
        "With `participant_all_scope`, each of them or an actor below it took part: an actor below "
        "several of them counts for each.",
        by_group=True,
    )
    dyad = DyadParameter(
        "Incidents with these two actors on opposite sides; give the parameter twice, with public "
        "ids or slugs. They are on opposite sides if one is perpetrator or co-perpetrator and the "
        "other target or victim, or if one is on side `a` and the other on side `b`, in any role "
        "(such as `party`). With `dyad_scope`, an actor below each of them counts as well; one "
        "actor is never both.",
        by_group=True,
    )
    certainty_min = ChoiceParameter(
        LeastCertainty,
        "Involvements of at least this certainty: each involvement that other parameters filter "
        "by, or if there are none, the involvement of any actor.",
        by_group=True,
    )

    def check(self) -> Iterator[Fault]:
        if len(set(self.params["dyad"] or ())) == 1:
            detail = "Give two different actors: nobody is on the other side of itself."
            yield Fault("contradiction", "dyad", detail)

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        roles = [role for role in ROLES if self.params[role] or self.params[f"{role}_kind"]]
        for role in roles:
            if role not in without:
                entries = entries.filter(Exists(self.find_rows(role).filter(seq=OuterRef("seq"))))
        for name, numbers in (("participant_all", None), ("dyad", 1)):
            if self.params[name] is not None and name not in without:
                roles.append(name)
                for number in range(numbers or len(self.params[name])):
                    rows = self.find_matching(name, number)
                    entries = entries.filter(Exists(rows.filter(seq=OuterRef("seq"))))
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

    def find_matching(self, name: str, number: int | None) -> QuerySet:
        """Return the involvements that match a parameter, or one value of it."""
        if number is None:
            return self.find_rows(name)
        return self._find_each(number) if name == "participant_all" else self._find_opposite(number)

    def _find_each(self, number: int) -> QuerySet:
        """Return the involvements of one actor of `participant_all`."""
        actor_is = self.filterset.group(ScopeFilters).actor_is
        rows: QuerySet = self.find_candidates().filter(certainty__isnull=False)
        return rows.filter(actor_is("participant_all", number=number))

    def _find_opposite(self, number: int) -> QuerySet:
        """Return the involvements of one actor of `dyad` that have the other one opposite."""
        actor_is = self.filterset.group(ScopeFilters).actor_is
        involved: QuerySet = self.find_candidates().filter(certainty__isnull=False)
        others = involved.filter(actor_is("dyad", number=1 - number), seq=OuterRef("seq"))
        others = others.exclude(actor=OuterRef("actor"))
        opposite = Q()
        for one, other in (
            (Q(role__in=_ATTACKERS), Q(role__in=_ATTACKED)),
            (Q(role__in=_ATTACKED), Q(role__in=_ATTACKERS)),
            (Q(side=Side.A), Q(side=Side.B)),
            (Q(side=Side.B), Q(side=Side.A)),
        ):
            opposite |= one & Q(Exists(others.filter(other)))
        return involved.filter(actor_is("dyad", number=number)).filter(opposite)
