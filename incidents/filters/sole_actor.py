"""The only actor parameter of a request, whose side rows may be a shorter way to the incidents."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from api.filters import DetailFilterSet
from incidents.codes import ROLES, STATEMENT_ROLES
from incidents.entries import IncidentEntry
from incidents.filters.involvements import InvolvementFilters
from incidents.filters.statements import STATEMENT_COLUMNS, StatementFilters

ALL_ROLES: dict[str, list[str]] = ROLES | STATEMENT_ROLES
"""The roles of side rows that each actor parameter means, statements included."""
DATES = {"occurred_from", "occurred_to"}
"""Parameters that side rows can match as well as entries."""


class SoleActorParameter:
    """The only actor parameter of a request, with the others that the same side row must match."""

    def __init__(self, filters: DetailFilterSet, name: str) -> None:
        self.filters, self.name = filters, name
        in_role = name in ROLES
        self.group: Any = filters.group(InvolvementFilters if in_role else StatementFilters)
        self.own = {name, *((f"{name}_kind", "certainty_min") if in_role else STATEMENT_COLUMNS)}

    @classmethod
    def find(cls, filters: DetailFilterSet) -> "SoleActorParameter | None":
        """Return that of a request, if the request has a single one."""
        names = ALL_ROLES.keys() & set(filters.given)
        return cls(filters, *names) if len(names) == 1 else None

    @cached_property
    def others(self) -> set[str]:
        """The given filters of incidents that are not on the side rows."""
        given = {name for name in self.filters.given if self.filters.base_filters[name].is_filter}
        return given - self.own

    @property
    def has_others(self) -> bool:
        """Whether the request has other filters, which side rows cannot match."""
        return not self.others <= DATES

    def filter_rows(self, rows: Any) -> QuerySet:
        """Return those of some side rows that match the filters by date at the snapshot."""
        for name in self.others & DATES:
            rows = self.filters.filters[name].filter(rows, self.filters.params[name])
        current: QuerySet = rows.at(self.filters.snapshot.seq)
        return current

    def filter_by_others(self) -> QuerySet:
        """Return the entries at the snapshot that match the filters that side rows cannot match."""
        entries = IncidentEntry.objects.at(self.filters.snapshot.seq)
        return self.filters.filter_queryset(entries, without={*self.own, *DATES})
