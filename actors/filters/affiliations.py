"""The filters of affiliations."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from actors.affiliation_kinds import SYMMETRIC
from actors.codes import AffiliationKind, Basis, Closeness, SupportType
from actors.entries import AffiliationEntry, SupportEntry
from actors.explanations import Key, Match
from actors.filters.explanations import ExplainedFilterSet, ExplanationFilters
from actors.filters.scopes import ActorsParameter, ScopeFilters
from actors.filters.validity import DatedFilters, ValidityFilters
from api.filters import LIST_GROUPS, ByDate, SortParameter, make_format_filters
from api.pagination import NEWEST
from api.parameters import ChoiceParameter, MultipleChoiceParameter, RecordsParameter
from publishing.codes import RecordType
from publishing.models import EntryRow, Reference
from sources.codes import Assessment, Confidence
from sources.filters import SourceFilters

_OTHER_END = {"subject": "object", "object": "subject"}
_BOTH_ENDS: list[tuple[type[EntryRow], str]] = [
    (AffiliationEntry, "subject"),
    (AffiliationEntry, "object"),
]
_COLUMNS: dict[str, list[tuple[type[EntryRow], str]]] = {
    **dict.fromkeys(("subject", "object", "actor"), _BOTH_ENDS),
    "against": [(SupportEntry, "against")],
}
"""The columns in which each parameter may find an actor."""


class AffiliationValidityFilters(ValidityFilters):
    """The filter by day, for affiliations."""

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        """Return the affiliations valid on one of the days while both actors existed."""
        return self.filter_affiliations(entries)


class AffiliationActorFilters(DatedFilters):
    """The filters by the actors of an affiliation."""

    subject = ActorsParameter(
        "Affiliations with this actor as the subject, by public id or slug. Symmetric affiliations "
        "match from both ends.",
        by_group=True,
    )
    object = ActorsParameter(
        "Affiliations with this actor as the object, by public id or slug. Symmetric affiliations "
        "match from both ends.",
        by_group=True,
    )
    actor = ActorsParameter(
        "Affiliations with this actor at either end, by public id or slug.", method="filter_actors"
    )

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        entries = super().filter(entries, without)
        ends = [end for end in _OTHER_END if self.params[end] is not None]
        if not ends:
            return entries
        actor_is = self.filterset.group(ScopeFilters).actor_is
        # A symmetric affiliation reads the same from both ends. One reading must match both
        # parameters.
        forward, backward = Q(), Q(kind__in=SYMMETRIC)
        for end in ends:
            forward &= actor_is(end, end)
            backward &= actor_is(end, _OTHER_END[end])
        return entries.filter(forward | backward)

    def filter_actors(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the affiliations with one of the actors at either end."""
        actor_is = self.filterset.group(ScopeFilters).actor_is
        return entries.filter(actor_is(name, "subject") | actor_is(name, "object"))


class AffiliationFilters(DatedFilters):
    """The filters by columns of an affiliation."""

    kind = MultipleChoiceParameter(AffiliationKind, "Affiliations of this kind.", "kind")
    closeness = MultipleChoiceParameter(Closeness, "Affiliations of this closeness.", "closeness")
    changed_by = RecordsParameter(
        "Affiliations that one of these incidents started, ended or changed, by public id or slug.",
        method="filter_incidents",
    )

    def filter_incidents(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the affiliations that the incidents refer to: they do so for no other reason."""
        incidents = self.find_records(name, "incident", keys)
        references = Reference.objects.at(self.snapshot.seq).filter(record__in=incidents)
        return entries.filter(record__in=references.values("target"))


_OF_SUPPORT = "With `support_type` or `against`: that of the same support."


class SupportFilters(DatedFilters):
    """The filters by support, and by what affiliations and support both have.

    A single row must match them together: one of support if a parameter for support is given, else
    the affiliation itself.
    """

    support_type = MultipleChoiceParameter(
        SupportType, "Affiliations with this type of support for the subject.", "type"
    )
    against = ActorsParameter(
        "Affiliations with support against this actor, by public id or slug.",
        method="filter_opponents",
    )
    basis = MultipleChoiceParameter(Basis, f"Affiliations with this basis. {_OF_SUPPORT}", "basis")
    assessment = MultipleChoiceParameter(
        Assessment,
        f"Affiliations with this assessment by the editors. {_OF_SUPPORT} Rejected support counts "
        "only if this parameter names it.",
        "assessment",
    )
    confidence_min = ChoiceParameter(
        Confidence,
        "Affiliations in which the editors have at least this confidence; `unassessed` is the "
        f"lowest. {_OF_SUPPORT}",
        method="filter_confidence",
    )

    def filter_opponents(self, rows: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the support against one of the actors."""
        return rows.filter(self.filterset.group(ScopeFilters).actor_is(name, "against"))

    def filter_confidence(self, rows: QuerySet, name: str, least: str) -> QuerySet:
        """Return the affiliations, or support, with this confidence or more."""
        confidences = list(Confidence.values)
        return rows.filter(confidence__in=confidences[confidences.index(least) :])

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        if self.params["support_type"] is None and self.params["against"] is None:
            return super().filter(entries, without)
        support: QuerySet = SupportEntry.objects.filter(seq=OuterRef("seq"))
        if self.params["assessment"] is None:
            support = support.exclude(assessment=Assessment.REJECTED)
        support = self.filterset.group(ValidityFilters).filter_affiliations(support)
        return entries.filter(Exists(super().filter(support, without)))


class AffiliationFilterSet(ExplainedFilterSet):
    """The parameters of /affiliations."""

    groups = (
        *LIST_GROUPS,
        make_format_filters(RecordType.AFFILIATION),
        AffiliationValidityFilters,
        ScopeFilters,
        ExplanationFilters,
        AffiliationActorFilters,
        AffiliationFilters,
        SupportFilters,
        SourceFilters,
    )
    newest = NEWEST
    sort = SortParameter(ByDate, ByDate.NEWEST)

    def find_matches(self, key: Key, seqs: list[int]) -> Iterator[Match]:
        """Yield the ends of affiliations, or the opponents of support, that a parameter found."""
        scopes = self.group(ScopeFilters)
        name, _ = key
        for model, column in _COLUMNS[name]:
            every: QuerySet = model.objects.all()
            rows = every.filter(scopes.actor_is(name, column), seq__in=seqs)
            if name == _OTHER_END.get(column):
                rows = rows.filter(kind__in=SYMMETRIC)
            for seq, actor in rows.values_list("seq", column):
                yield Match(seq, key, actor, scopes.scope_days)
