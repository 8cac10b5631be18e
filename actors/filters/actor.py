"""What actors can be asked for by."""

from typing import ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from actors import codes
from actors.affiliation_kinds import SYMMETRIC
from actors.entries import (
    ActorNameEntry,
    ClassificationEntry,
    DesignationEntry,
    PresenceEntry,
    SupportEntry,
)
from actors.filters.by_actor import Actors, ByActor
from actors.filters.dates import Held
from actors.filters.ties import counted, share, standing
from api.filters import ByName, sort_by
from api.parameters import Places, Words
from api.texts import Name
from places.filters import InCountry
from publishing.models import SideEntry
from publishing.normalization import fold_text
from sources.filters import Identified


class ActorFilters(Held, Identified, InCountry, ByActor):
    """The parameters of /actors."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(codes.ActorKind, "What it is.", "kind")
    identified = Words(codes.Identified, "Whether it is known who it is.", "identity")
    name = Name(
        "Has this name, of whatever kind and language; equal after folding. With `at`, bore it "
        "then.",
        method="keep_named",
    )

    classification = Words(
        codes.ClassificationWord, "What it was; with `at`, on that day.", "classification"
    )
    designated_by = Words(codes.Regime, "On this list; with `at`, on that day.", "regime")
    present_in = Places(
        "At this place or one below it, by ISO code, public id or slug.", method="keep_present"
    )
    presence_kind = Words(codes.PresenceKind, "What that place was to it.", "kind")
    affiliated_to = Actors(
        "Stood in a tie to this actor, by public id or slug; in a symmetric one from either end. "
        "Rejected ties are none.",
        method="keep_tied",
    )
    affiliation_kind = Words(codes.AffiliationKind, "By a tie of this kind.", method="keep_tied")
    closeness = Words(codes.Closeness, "By a tie so close.", method="keep_tied")
    support_type = Words(
        codes.SupportType, "By a sponsorship that brought this support.", method="keep_tied"
    )

    groups: ClassVar = {
        ClassificationEntry: ("classification",),
        DesignationEntry: ("designated_by",),
        PresenceEntry: ("present_in", "presence_kind"),
    }

    def keep_named(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep actors that have a name, or had it on one of the days that are asked for."""
        names: QuerySet = ActorNameEntry.objects.filter(seq=OuterRef("seq"), key=fold_text(asked))
        if self.asked["at"]:
            names = self.borne(names)
        return entries.filter(Exists(names))

    def borne(self, rows: QuerySet) -> QuerySet:
        """Keep what held on the days that are asked for, while the actor existed."""
        return share(rows, self.asked["dates"], self.asked["dates"], self.asked["at"])

    def keep_present(self, rows: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep presences at one of the places or below it."""
        return rows.filter(place__in=list(self.below(asked)))

    def rows(self, side: type[SideEntry], given: list[str]) -> QuerySet:
        """Return what is asserted of an actor and asked for, on the days on which it existed."""
        rows = super().rows(side, given)
        return rows if self.asked["at"] is None else self.borne(rows)

    def keep_tied(self, entries: QuerySet, name: str, asked: object) -> QuerySet:
        """Keep actors with a tie that meets all parameters of ties together."""
        given = [one for one in _TIE if self.asked[one] is not None]
        if name != given[0]:
            return entries
        ties = self.ties()
        there, back = ties, ties.filter(kind__in=SYMMETRIC)
        if self.asked["affiliated_to"] is not None:
            there = there.filter(self.actor_is("affiliated_to", "object"))
            back = back.filter(self.actor_is("affiliated_to", "subject"))
        return entries.filter(
            Q(record__in=there.values("subject")) | Q(record__in=back.values("object"))
        )

    def ties(self) -> QuerySet:
        """Return the ties that meet the parameters of ties, but for whom they lead to."""
        days, doubt = self.asked["at"], self.asked["dates"]
        ties = counted(doubt, self.snapshot.seq, days)
        for name, column in (("affiliation_kind", "kind"), ("closeness", "closeness")):
            if self.asked[name] is not None:
                ties = ties.filter(**{f"{column}__in": self.asked[name]})
        if self.asked["support_type"] is None:
            return ties
        given: QuerySet = SupportEntry.objects.filter(
            seq=OuterRef("seq"), type__in=self.asked["support_type"]
        )
        if days is not None:
            given = standing(given, doubt, self.snapshot.seq, days, within=doubt)
        return ties.filter(Exists(given))


_TIE = ("affiliated_to", "affiliation_kind", "closeness", "support_type")
"""The parameters that one and the same tie must meet together."""
