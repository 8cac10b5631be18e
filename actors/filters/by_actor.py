"""How other records are asked for by actor, alone or with whoever stands under it."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from actors.codes import Scope
from actors.entries import AffiliationEntry
from actors.filters.dates import Dates
from actors.filters.stood import Stood
from actors.rollup import ALWAYS, ScopeMember
from api.filters import ListFilters
from api.parameters import Parameter, Records, Word
from api.problems import Fault
from publishing.models import Edition


class Actors(Records):
    """One or more actors, each by public id or by slug; merges are followed.

    It brings a parameter `<name>_scope` with it, which `ByActor` declares.
    """


class ByActor(ListFilters):
    """What can be asked for by actor.

    A filter method keeps rows by `self.actor_is(name, column)`, which knows merges, scopes, days
    and doubt. Where rows happened on days of their own, `own_days` says so, and the rows have the
    columns `order_date`, `last_date` and `certain`.
    """

    @classmethod
    def get_filters(cls) -> dict[str, Parameter]:
        """Return the parameters; each that takes actors is followed by its scope."""
        found = {}
        for name, parameter in super().get_filters().items():
            found[name] = parameter
            if isinstance(parameter, Actors):
                found[f"{name}_scope"] = Word(
                    Scope, f"Who “{name}” means: the actor (self), or also who stands under it."
                )
        return found

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        for name in self.scoped():
            if asked[f"{name}_scope"] and asked[name] is None:
                detail = f"It says whom “{name}” means: give that too, or leave it out."
                yield Fault("contradiction", f"{name}_scope", detail)

    @classmethod
    def scoped(cls) -> list[str]:
        """Return the names of the parameters that take actors."""
        return [name for name, one in cls.base_filters.items() if isinstance(one, Actors)]

    def own_days(self) -> bool:
        """Whether an actor counts on the days of the row itself."""
        return False

    def scope_days(self) -> tuple[date, date] | None:
        """Return on which days an actor counts (on any of them); None is at any time."""
        days: tuple[date, date] | None = self.asked.get("at")
        return days

    def actor_is(self, name: str, column: str = "actor") -> Q:
        """Say that a column holds an actor that the parameter `name` means."""
        standings = self.standings(name)
        met = Q((f"{column}__in", sorted({standing.actor for standing in standings})))
        if any(standing.days != ALWAYS for standing in standings):
            met &= Q(Stood(column, standings, self.asked["dates"]))
        return met

    def standings(self, name: str) -> list[ScopeMember]:
        """Return whom the parameter `name` means, with the days that rows must have for it."""
        if name not in self._standings:
            self._standings[name] = self._find(name)
        return self._standings[name]

    @cached_property
    def _standings(self) -> dict[str, list[ScopeMember]]:
        return {}

    def _find(self, name: str) -> list[ScopeMember]:
        roots = self.public(self.asked[name])
        ties, scope = AffiliationEntry.objects, self.asked[f"{name}_scope"] or Scope.SELF
        dates = self.asked.get("dates", Dates.POSSIBLE)
        found = ties.find_scope_members(roots, scope, dates, self.snapshot.seq)
        if self.own_days():
            return found
        days = self.scope_days()
        met = {one.actor for one in found if days is None or _share(one.days, days)}
        return [ScopeMember(actor, ALWAYS) for actor in sorted(met)]

    def public(self, asked: list[UUID | str]) -> list[UUID]:
        """Return the public ids of the actors that a parameter asks for, if they are public."""
        return [self._actors[key] for key in asked if key in self._actors]

    @cached_property
    def _actors(self) -> dict[UUID | str, UUID]:
        """What all actor parameters ask for, found in one query.

        They are looked up beforehand since the planner must know how busy an actor is.
        """
        asked = {key for name in self.scoped() for key in self.asked[name] or ()}
        found: dict[UUID | str, UUID] = {}
        named = Edition.objects.newest_by_key("actor", asked, self.snapshot.seq)
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in named.values_list(*columns):
            if public or survives:
                found[record] = found[slug] = survivor or record
        return found


def _share(held: DateRange, days: tuple[date, date]) -> bool:
    """Return whether a range has one of the days from the first to the last."""
    first, last = days
    return (held.lower is None or held.lower <= last) and (held.upper is None or first < held.upper)
