"""The filter by day, for what is valid for a time, and the days on which affiliations count."""

from datetime import date
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, QuerySet

from actors.entries import ActorEntry, AffiliationEntry
from api.filters import DateFilters
from api.parameters import DaysParameter
from sources.codes import Assessment

_RANGE = ActorEntry._meta.get_field("possible")


class ValidityFilters(DateFilters):
    """The filter by day, for all records that are valid for a time."""

    at = DaysParameter(
        "Records that existed or were valid on this day, or on any day of this month or year.",
        method="filter_valid",
    )

    def filter_valid(self, entries: QuerySet, name: str, days: tuple[date, date]) -> QuerySet:
        """Return what was valid on one of the days."""
        return entries.filter(**{f"{self.params['dates']}__overlap": DateRange(*days, "[]")})


class Intersection(models.Func):
    """The days that several date ranges have in common."""

    arg_joiner = " * "
    template = "(%(expressions)s)"

    def __init__(self, *ranges: Any) -> None:
        super().__init__(*ranges, output_field=_RANGE)


def filter_valid_within(
    rows: QuerySet, dates: str, outer: str, days: tuple[date, date]
) -> QuerySet:
    """Return rows that were valid on one of the days that the range `outer` contains.

    `dates` is `possible` or `certain`, the name of the column with the days of a row.
    """
    rows = rows.alias(common=Intersection(F(dates), OuterRef(outer)))
    return rows.filter(common__overlap=DateRange(*days, "[]"))


def find_affiliations(dates: str, seq: int, days: tuple[date, date] | None) -> QuerySet:
    """Return the affiliations that are not rejected as of `seq`, and were valid on the days."""
    affiliations = AffiliationEntry.objects.at(seq).exclude(assessment=Assessment.REJECTED)
    return affiliations if days is None else filter_effective(affiliations, dates, seq, days)


def filter_effective(
    rows: QuerySet, dates: str, seq: int, days: tuple[date, date], within: str | None = None
) -> QuerySet:
    """Return affiliations, or support, valid on one of the days while both actors existed.

    Support counts only `within` this range of its affiliation.
    """
    actors = ActorEntry.objects.at(seq)
    subjects = actors.filter(record=OuterRef("subject")).values(dates)[:1]
    objects = actors.filter(record=OuterRef("object")).values(dates)[:1]
    outer = [OuterRef(within)] if within else []
    rows = rows.alias(common=Intersection(F(dates), subjects, objects, *outer))
    return rows.filter(common__overlap=DateRange(*days, "[]"))
