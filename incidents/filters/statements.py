"""By who says who did it incidents can be asked for."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import Actors
from api.parameters import Flag, Words
from incidents.codes import AttributionStatus, ClaimStatus
from incidents.entries import IncidentActorEntry
from incidents.filters.scopes import Scoped

_KEY = "by public id or slug. Statements that are fake, rejected or withdrawn do not count."


class Claimed(Scoped):
    """The parameters for statements, and for what follows from them."""

    claimed_by = Actors(f"Whom a claim names, {_KEY}", method="keep_stated")
    announced_by = Actors(f"Who made a claim, {_KEY}", method="keep_stated")
    denied_by = Actors(
        f"Who denied it; of a speaker told in words, whom the denial names; {_KEY}",
        method="keep_stated",
    )
    accused = Actors(f"Whom an accusation names, {_KEY}", method="keep_stated")
    accused_by = Actors(f"Who made an accusation, {_KEY}", method="keep_stated")
    claim_status = Words(ClaimStatus, "Whether it was claimed.", "claim_status")
    denied = Flag("Whether somebody denied it who is held responsible.", "denied")
    attribution_status = Words(
        AttributionStatus, "How certain it is who did it, as we conclude.", "attribution_status"
    )
    facade_claim = Flag("Whether somebody claimed it who acts for another.", "facade_claim")

    def keep_stated(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep that of which a statement has one of the actors as the parameter says."""
        rows = IncidentActorEntry.objects.filter(self.actor_is(name), role=name)
        return entries.filter(Exists(rows.filter(seq=OuterRef("seq"))))
