"""What affiliations can be asked for by."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from actors.affiliation_kinds import SYMMETRIC
from actors.codes import AffiliationKind, Basis, Closeness, SupportType
from actors.entries import SupportEntry
from actors.filters.by_actor import Actors, ByActor
from actors.filters.dates import Held
from actors.filters.ties import standing
from api.filters import ByDate, sort_by
from api.ordering import NEWEST
from api.parameters import Records, Word, Words
from publishing.models import Edition, Reference, SideEntry
from sources.codes import Assessment, Confidence


class AffiliationFilters(Held, ByActor):
    """The parameters of /affiliations."""

    newest = NEWEST
    sort = sort_by(ByDate, ByDate.NEWEST)
    subject = Actors("Who stands in the tie, by public id or slug.", method="keep_end")
    object = Actors("To whom, by public id or slug.", method="keep_end")
    actor = Actors("Who stands at either end, by public id or slug.", method="keep_either")
    kind = Words(AffiliationKind, "How the subject stands to the object.", "kind")
    closeness = Words(Closeness, "How close the tie is.", "closeness")
    support_type = Words(SupportType, "With what the subject was supported.", "type")
    against = Actors(
        "Against whom that support was given, by public id or slug.", method="keep_against"
    )
    basis = Words(Basis, "On what ground it holds.", "basis")
    assessment = Words(Assessment, "What the desk holds of it.", "assessment")
    confidence_min = Word(
        Confidence, "How sure the desk is, at the least; unassessed is least.", method="keep_sure"
    )
    changed_by = Records(
        "Started, ended or changed by one of these incidents, by public id or slug.",
        method="keep_changed",
    )

    groups: ClassVar = {SupportEntry: ("support_type", "against")}

    def keep_end(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at the end that the parameter names.

        A symmetric tie reads alike from either end, and one reading meets both parameters.
        """
        ends = [end for end in _ENDS if self.asked[end] is not None]
        if name != ends[0]:
            return entries
        there, back = Q(), Q(kind__in=SYMMETRIC)
        for end in ends:
            there &= self.actor_is(end, end)
            back &= self.actor_is(end, _ENDS[end])
        return entries.filter(there | back)

    def keep_either(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties with one of the actors at either end."""
        return entries.filter(self.actor_is(name, "subject") | self.actor_is(name, "object"))

    def keep_held(self, entries: QuerySet, name: str, asked: tuple[date, date]) -> QuerySet:
        """Keep ties that held on one of the days while both actors existed."""
        return standing(entries, self.asked["dates"], self.snapshot.seq, asked)

    def keep_against(self, rows: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep support that was given against one of the actors."""
        return rows.filter(self.actor_is(name, "against"))

    def keep_sure(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep ties of which the desk is so sure, or more."""
        words = list(Confidence.values)
        return entries.filter(confidence__in=words[words.index(asked) :])

    def keep_changed(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep ties that an incident started, ended or changed: it quotes them for nothing else."""
        seq = self.snapshot.seq
        incidents = Edition.objects.resolve_keys("incident", asked, seq).values()
        quoted = Reference.objects.at(seq).filter(record__in=set(incidents))
        return entries.filter(record__in=quoted.values("target"))

    def rows(self, side: type[SideEntry], given: list[str]) -> QuerySet:
        """Return the support that is asked for, given on the days on which the tie is."""
        rows = super().rows(side, given)
        if self.asked["at"] is None:
            return rows
        doubt = self.asked["dates"]
        return standing(rows, doubt, self.snapshot.seq, self.asked["at"], within=doubt)


_ENDS = {"subject": "object", "object": "subject"}
"""Each end of a tie, and the other."""
