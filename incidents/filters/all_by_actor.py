"""The shortest way to all incidents by actor: from the side rows of each actor.

A page holds a few incidents, which `pages_by_actor` or the planner find one by one. To count all
incidents of an umbrella, the side rows of its actors are read once, from an index, and then the
entries in the order of their `seq`, from an index that has all columns that are counted.
"""

from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func, Q, QuerySet

from api.filters import DetailFilterSet
from incidents.filters.sole_actor import SoleActorParameter
from publishing.models import estimate_number

FEW = 50_000
"""The number of incidents for each of which the side rows can be looked up in less time."""


class AllByActor(NamedTuple):
    """All incidents that match a request, found from side rows."""

    name: str
    """The actor parameter."""
    rows: QuerySet
    """The side rows."""
    others: QuerySet
    """The incidents of any actor that match what the side rows need not match."""
    entries: QuerySet
    seqs: Q
    """The condition that the `seq` of any row is that of an incident of the actors."""
    has_others: bool
    """Whether the request has filters that the side rows need not match."""

    def count_incidents(self) -> int:
        """Return the number of the incidents: from side rows alone, if these match all filters."""
        if self.has_others:
            return self.entries.count()
        return self.rows.values("seq").distinct().count()


def find_all(filters: DetailFilterSet) -> AllByActor | None:
    """Return all incidents that match a request, or None if this is not the shortest way to them.

    It is not if the request has several actor parameters, or if other filters leave few incidents.
    """
    sole = SoleActorParameter.find(filters)
    if not sole:
        return None
    entries = sole.filter_by_others()
    rows = sole.filter_rows(sole.group.find_rows(sole.name)).order_by()
    try:
        rows.query.sql_with_params()
        entries.query.sql_with_params()
        few = sole.has_others and estimate_number(entries) < FEW
    except EmptyResultSet:
        return None
    seqs = Q(IsAnyOf("seq", rows))
    if few:
        return None
    return AllByActor(sole.name, rows, entries, entries.filter(seqs), seqs, sole.has_others)


class IsAnyOf(Func):
    """The condition that a column of a row, such as `seq`, has a value of one of some side rows.

    PostgreSQL sorts an array and reads an index along it. It expects ten elements, so that it
    begins with them. Of a subquery it would build a hash table, and read all entries.
    """

    template = "(%(expressions)s)"
    arg_joiner = " = "
    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, rows: QuerySet, other: str = "seq") -> None:
        """Take the column of the row and, unless it is `seq`, that of the side rows."""
        super().__init__(F(column), Func(ArraySubquery(rows.values(other)), function="ANY"))
