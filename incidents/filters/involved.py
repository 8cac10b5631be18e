"""By whom incidents can be asked for."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import Actors
from incidents.codes import InvolvementRole
from incidents.entries import IncidentActorEntry
from incidents.filters.scopes import Scoped

ROLES = {
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
}


class Involved(Scoped):
    """The parameters for who was involved."""

    perpetrator = Actors("Who did it, by public id or slug.", method="keep_involved")
    target = Actors("Who was its target, by public id or slug.", method="keep_involved")
    victim = Actors("Who was its victim, by public id or slug.", method="keep_involved")

    def keep_involved(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what one of the actors was involved in, in the role that the parameter names."""
        rows = IncidentActorEntry.objects.filter(self.actor_is(name), role__in=ROLES[name])
        return entries.filter(Exists(rows.filter(seq=OuterRef("seq"))))
