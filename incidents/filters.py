"""What incidents can be asked for by."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import Actors, ByActor, Dates, Doubt
from editorial.api.filters import ByDate, sort_by
from editorial.api.parameters import FirstDay, LastDay, Words
from incidents.codes import EventType, Granularity, InvolvementRole, SubType, Violence
from incidents.entries import IncidentActorEntry
from places.filters import InCountry
from sources.filters import Identified

ROLES = {
    "perpetrator": [InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR],
    "target": [InvolvementRole.TARGET],
    "victim": [InvolvementRole.VICTIM],
}


class IncidentFilters(Doubt, Identified, InCountry, ByActor):
    """The parameters of /incidents."""

    sort = sort_by(ByDate, ByDate.NEWEST)
    occurred_from = FirstDay("On this day (or month, or year) or later.", method="keep_from")
    occurred_to = LastDay("On this day (or month, or year) or earlier.", method="keep_to")
    event_type = Words(EventType, "What happened.", "event_type")
    sub_type = Words(SubType, "What happened, more closely.", "sub_type")
    violence = Words(Violence, "UCDP's type of organised violence.", "violence")
    granularity = Words(Granularity, "One event, a sum or a series.", "granularity")
    perpetrator = Actors("Who did it, by public id or slug.", method="keep_involved")
    target = Actors("Who was its target, by public id or slug.", method="keep_involved")
    victim = Actors("Who was its victim, by public id or slug.", method="keep_involved")

    pairs = (*Doubt.pairs, ("occurred_from", "occurred_to"))

    def keep_from(self, entries: QuerySet, name: str, asked: date) -> QuerySet:
        """Keep what may have happened, or must have, on the day or later."""
        if self.asked["dates"] == Dates.CERTAIN:
            return entries.filter(order_date__gte=asked, certain=True)
        return entries.filter(last_date__gte=asked)

    def keep_to(self, entries: QuerySet, name: str, asked: date) -> QuerySet:
        """Keep what may have happened, or must have, on the day or earlier."""
        entries = entries.filter(order_date__lte=asked)
        if self.asked["dates"] == Dates.CERTAIN:
            return entries.filter(last_date__lte=asked, certain=True)
        return entries

    def keep_involved(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what one of the actors was involved in, in the role that the parameter names."""
        involved = IncidentActorEntry.objects.filter(
            seq=OuterRef("seq"),
            role__in=ROLES[name],
            actor__in=self.public(asked),
        )
        return entries.filter(Exists(involved))
