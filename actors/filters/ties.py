"""The days of ties: those on which they held while both actors existed."""

from datetime import date
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, QuerySet

from actors.entries import ActorEntry, AffiliationEntry
from sources.codes import Assessment

_RANGE = ActorEntry._meta.get_field("possible")


class Together(models.Func):
    """The days that several ranges have in common."""

    arg_joiner = " * "
    template = "(%(expressions)s)"

    def __init__(self, *ranges: Any) -> None:
        super().__init__(*ranges, output_field=_RANGE)


def share(rows: QuerySet, doubt: str, outer: str, asked: tuple[date, date]) -> QuerySet:
    """Keep rows that held on one of the days, together with the `outer` range they hang on."""
    together = rows.alias(together=Together(F(doubt), OuterRef(outer)))
    return together.filter(together__overlap=DateRange(*asked, "[]"))


def counted(doubt: str, seq: int, asked: tuple[date, date] | None) -> QuerySet:
    """Return the ties that count as of `seq`, on one of the days if any: none is rejected."""
    ties = AffiliationEntry.objects.at(seq).exclude(assessment=Assessment.REJECTED)
    return ties if asked is None else standing(ties, doubt, seq, asked)


def standing(
    rows: QuerySet, doubt: str, seq: int, asked: tuple[date, date], within: str | None = None
) -> QuerySet:
    """Keep ties, or support, that held on one of the days while both actors existed.

    Support also counts only `within` that range of the tie that it hangs on.
    """
    actors = ActorEntry.objects.at(seq)
    subjects = actors.filter(record=OuterRef("subject")).values(doubt)[:1]
    objects = actors.filter(record=OuterRef("object")).values(doubt)[:1]
    outer = [OuterRef(within)] if within else []
    held = rows.alias(held=Together(F(doubt), subjects, objects, *outer))
    return held.filter(held__overlap=DateRange(*asked, "[]"))
