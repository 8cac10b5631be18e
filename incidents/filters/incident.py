"""The parameters of incidents, and the filters by what happened."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from actors.explanations import Key, Match
from actors.filters import ExplainedFilterSet, ExplanationFilters, ScopeFilters
from api.filters import (
    LIST_GROUPS,
    ByDateOrDeaths,
    MapFormatFilters,
    SortParameter,
    make_format_filters,
)
from api.filtersets import FilterGroup, Groups
from api.pagination import NEWEST
from api.parameters import BooleanParameter, MultipleChoiceParameter
from incidents.codes import (
    EventType,
    Granularity,
    Motive,
    Outcome,
    StatementRole,
    SubType,
    Tag,
    Violence,
)
from incidents.entries import IncidentEntry
from incidents.filters import all_by_actor, pages_by_actor
from incidents.filters.absence import AbsenceFilters
from incidents.filters.casualties import CasualtyFilters
from incidents.filters.citations import CitationFilters
from incidents.filters.dates import OccurrenceFilters
from incidents.filters.involvements import InvolvementFilters
from incidents.filters.links import LinkFilters
from incidents.filters.locations import IncidentPointFilters, LocationFilters
from incidents.filters.scopes import IncidentScopeFilters
from incidents.filters.statements import StatementFilters
from incidents.filters.weapons import TargetFilters, WeaponFilters
from places.filters import CountryFilters
from publishing.codes import RecordType
from publishing.models import Edition
from sources.filters import ExternalIdFilters, TopicFilters

_LATEST = (
    f"greatest((SELECT (published_at AT TIME ZONE 'UTC')::date FROM {Edition._meta.db_table} "  # noqa: S608
    f"WHERE seq = %s), (SELECT max(order_date) FROM {IncidentEntry._meta.db_table} "
    "WHERE order_date > (edited_at AT TIME ZONE 'UTC')::date AND seq <= %s))"
)
"""The day of a snapshot, or of an incident published before its date.

The index that the second half reads holds next to nothing.
"""


class EventFilters(FilterGroup):
    """The filters by what happened."""

    event_type = MultipleChoiceParameter(EventType, "Incidents of this type.", "event_type")
    sub_type = MultipleChoiceParameter(SubType, "Incidents of this sub-type.", "sub_type")
    violence = MultipleChoiceParameter(
        Violence, "Incidents of this type of organised violence, as UCDP defines it.", "violence"
    )
    outcome = MultipleChoiceParameter(Outcome, "Incidents with this outcome.", "outcome")
    granularity = MultipleChoiceParameter(
        Granularity, "Records of a single event, of a sum of events or of a series.", "granularity"
    )
    motive = MultipleChoiceParameter(
        Motive, "Incidents with this motive among their motives.", "motives", lookup="overlap"
    )
    tag = MultipleChoiceParameter(Tag, "Incidents with this tag.", "tags", lookup="overlap")
    civilians_targeted = BooleanParameter(
        "Incidents that did or did not target civilians. Incidents for which this is not known "
        "match neither.",
        "civilians_targeted",
    )
    suicide = BooleanParameter(
        "Incidents that were or were not suicide attacks. Incidents for which this is not known "
        "match neither.",
        "suicide",
    )


INCIDENT_GROUPS: Groups = (
    OccurrenceFilters,
    EventFilters,
    IncidentScopeFilters,
    InvolvementFilters,
    StatementFilters,
    WeaponFilters,
    TargetFilters,
    CasualtyFilters,
    LinkFilters,
    CitationFilters,
    AbsenceFilters,
    TopicFilters,
    ExternalIdFilters,
    CountryFilters,
    IncidentPointFilters,
    LocationFilters,
)
"""The filters of incidents, in lists and statistics."""


class IncidentFilterSet(ExplainedFilterSet):
    """The parameters of /incidents."""

    groups = (
        *LIST_GROUPS,
        make_format_filters(RecordType.INCIDENT, MapFormatFilters),
        ExplanationFilters,
        *INCIDENT_GROUPS,
    )
    newest = NEWEST
    sort = SortParameter(
        ByDateOrDeaths,
        ByDateOrDeaths.NEWEST,
        " `deadliest` sorts by the best number of deaths, or if there is none by the lowest, or "
        "else the highest; incidents whose number is not known come last.",
    )

    def find_matches(self, key: Key, seqs: list[int]) -> Iterator[Match]:
        """Yield the actors of incidents that a parameter found, with the days that count."""
        name, number = key
        scopes = self.group(ScopeFilters)
        if name in StatementRole.values:
            rows = self.group(StatementFilters).find_rows(name)
        else:
            rows = self.group(InvolvementFilters).find_matching(name, number)
        columns = ("seq", "actor", "order_date", "last_date", "certain", "gaps")
        for seq, actor, first, last, certain, gaps in rows.filter(seq__in=seqs).values_list(
            *columns
        ):
            if scopes.uses_row_days:
                yield Match(seq, key, actor, (first, last), True, certain, tuple(gaps or ()))
            else:
                yield Match(seq, key, actor, scopes.scope_days)

    def latest_key(self, column: str) -> RawSQL | None:
        """Return a bound of `column` that no entry of the snapshot exceeds; None if unknown."""
        if column != "order_date":
            return super().latest_key(column)
        return RawSQL(_LATEST, (self.snapshot.seq, self.snapshot.seq))  # noqa: S611

    def shorten(self, entries: QuerySet) -> QuerySet:
        """Return entries that suffice for the page: by actor, the first ones of each actor."""
        return pages_by_actor.shorten(entries, self)

    def count(self, entries: QuerySet) -> int:
        """Return the number of `entries`, by actor from side rows if that is the shortest way."""
        if self.params["count_limit"]:
            return super().count(entries)
        by_actor = all_by_actor.find_all(self)
        return by_actor.count_incidents() if by_actor else entries.count()

    def collect(self, entries: QuerySet) -> QuerySet:
        """Return all entries, by actor from their side rows if that is the shortest way."""
        by_actor = all_by_actor.find_all(self)
        return by_actor.entries if by_actor else entries
