"""What affiliations can be asked for by."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Q, QuerySet

from actors.codes import AffiliationKind, Closeness
from actors.entries import ActorEntry
from actors.filters.by_actor import Actors, ByActor
from actors.filters.dates import Held
from actors.matrix import SYMMETRIC
from editorial.api.filters import ByDate, sort_by
from editorial.api.parameters import Words
from editorial.orders import NEWEST


class Together(models.Func):
    """The days that several ranges have in common."""

    arg_joiner = " * "
    template = "(%(expressions)s)"


class AffiliationFilters(Held, ByActor):
    """The parameters of /affiliations."""

    newest = NEWEST
    sort = sort_by(ByDate, ByDate.NEWEST)
    subject = Actors("Who stands in the tie, by public id or slug.", method="keep_end")
    object = Actors("To whom, by public id or slug.", method="keep_end")
    actor = Actors("Who stands at either end, by public id or slug.", method="keep_either")
    kind = Words(AffiliationKind, "How the subject stands to the object.", "kind")
    closeness = Words(Closeness, "How close the tie is.", "closeness")

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
        standing = ActorEntry.objects.at(self.horizon.seq)
        doubt = self.asked["dates"]
        subjects = standing.filter(record=OuterRef("subject")).values(doubt)[:1]
        objects = standing.filter(record=OuterRef("object")).values(doubt)[:1]
        days = Together(F(doubt), subjects, objects, output_field=_RANGE)
        return entries.alias(days=days).filter(days__overlap=DateRange(*asked, "[]"))


_ENDS = {"subject": "object", "object": "subject"}
"""Each end of a tie, and the other."""
_RANGE = ActorEntry._meta.get_field("possible")
