"""The filters by day, for what is valid for a time, and the days on which affiliations count.

Without a day, `dates=certain` asks for what was certainly valid on some day. Certain days of a row
are limited to the possible days of its actors: if the row is certain, its actors existed.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, QuerySet

from actors.entries import ActorEntry, AffiliationEntry
from actors.rollup import ALWAYS
from api.filters import DateCertainty, DateFilters
from api.filtersets import FilterGroup
from api.parameters import DaysParameter
from publishing.fields import DateMultirangeField
from sources.codes import Assessment


class ValidityFilters(DateFilters):
    """The filter by day, for all records that are valid for a time."""

    at = DaysParameter(
        "Records that existed or were valid on this day, or on any day of this month or year.",
        by_group=True,
    )

    @property
    def days(self) -> DateRange | None:
        """The days on any of which dated rows must be valid; None if dates do not matter."""
        if self.params["at"] is not None:
            return DateRange(*self.params["at"], "[]")
        return ALWAYS if self.params["dates"] == DateCertainty.CERTAIN else None

    def filter_rows(self, rows: QuerySet, limits: Iterable[Any]) -> QuerySet:
        """Return the rows that were valid on one of the days, which `limits` must include too."""
        if self.days is None:
            return rows
        rows = rows.alias(common=Intersection(F(self.params["dates"]), *limits))
        return rows.filter(ValidOn(F("common"), self.days))

    def filter_affiliations(self, rows: QuerySet) -> QuerySet:
        """Return affiliations, or support, valid on one of the days while both actors existed."""
        return self.filter_rows(rows, _list_limits(self.snapshot.seq))

    def find_affiliations(self) -> QuerySet:
        """Return the affiliations that are not rejected, and were valid on the days."""
        affiliations = AffiliationEntry.objects.at(self.snapshot.seq)
        return self.filter_affiliations(affiliations.exclude(assessment=Assessment.REJECTED))


class DatedFilters(FilterGroup):
    """Filters by rows that are valid for a time, to which `at` and `dates` apply."""

    @property
    def dated(self) -> list[str]:
        return self.given


def _list_limits(seq: int) -> Iterator[QuerySet]:
    """Yield the possible days of each actor of an affiliation at the snapshot `seq`."""
    for end in ("subject", "object"):
        yield ActorEntry.objects.at(seq).filter(record=OuterRef(end)).values("possible")[:1]


def annotate_days(rows: QuerySet, seq: int) -> QuerySet:
    """Return affiliations with `possible_days` and `certain_days`, on which both actors exist."""
    return rows.annotate(
        **{f"{name}_days": Intersection(F(name), *_list_limits(seq)) for name in DateCertainty}
    )


class Intersection(models.Func):
    """The days that several ranges or multiranges have in common, as a multirange."""

    arg_joiner = " * "
    template = "(%(expressions)s)"

    def __init__(self, *ranges: Any) -> None:
        parts = (models.Func(days, function="datemultirange") for days in ranges)
        super().__init__(*parts, output_field=DateMultirangeField())


class ValidOn(models.Func):
    """The condition that a multirange has one of the days of a range."""

    arg_joiner = " && "
    template = "(%(expressions)s)"
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, days: Any, others: DateRange) -> None:
        super().__init__(days, models.Value(others, DateRangeField()))
