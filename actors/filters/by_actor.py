"""How other records are asked for by actor."""

from functools import cached_property
from uuid import UUID

from editorial.api.filters import ListFilters
from editorial.api.parameters import Records
from editorial.models import Edition


class Actors(Records):
    """One or more actors, each by public id or by slug; merges are followed."""


class ByActor(ListFilters):
    """What can be asked for by actor."""

    def public(self, asked: list[UUID | str]) -> list[UUID]:
        """Return the public ids of the actors that a parameter asks for, if they are public."""
        return [self._actors[key] for key in asked if key in self._actors]

    @cached_property
    def _actors(self) -> dict[UUID | str, UUID]:
        """What all actor parameters ask for, found in one query.

        They are looked up beforehand since the planner must know how busy an actor is.
        """
        asked = {
            key
            for name, parameter in self.base_filters.items()
            if isinstance(parameter, Actors)
            for key in self.asked[name] or ()
        }
        found: dict[UUID | str, UUID] = {}
        named = Edition.objects.named("actor", asked, self.horizon.seq)
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in named.values_list(*columns):
            if public or survives:
                found[record] = found[slug] = survivor or record
        return found
