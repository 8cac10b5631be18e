"""The filters of actors."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from actors import codes
from actors.affiliation_kinds import SYMMETRIC
from actors.entries import (
    ActorEntry,
    ActorNameEntry,
    AttributeEntry,
    ClassificationEntry,
    DesignationEntry,
    PresenceEntry,
    SupportEntry,
)
from actors.explanations import Key, Match
from actors.filters.explanations import ExplainedFilterSet, ExplanationFilters
from actors.filters.scopes import ActorsParameter, ScopeFilters
from actors.filters.validity import DatedFilters, ValidityFilters
from api.codes import read_country
from api.filters import LIST_GROUPS, ByName, SortParameter, make_format_filters
from api.filtersets import FilterGroup, SideFilterGroup
from api.hints import suggest_word
from api.parameters import MultipleChoiceParameter, Parameter, PlacesParameter, TextParameter
from places.filters import CountryFilters, find_places_below
from publishing.codes import RecordType
from publishing.normalization import fold_text
from sources.codes import Assessment
from sources.filters import ExternalIdFilters, SourceFilters, TopicFilters


class ActorFilters(FilterGroup):
    """The filters by columns of an actor."""

    kind = MultipleChoiceParameter(codes.ActorKind, "Actors of this kind.", "kind")
    identified = MultipleChoiceParameter(
        codes.Identified, "Actors whose identity is known to this degree.", "identity"
    )


class ActorValidityFilters(ValidityFilters):
    """The filter by day, for actors."""

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        """Return the actors that existed on one of the days.

        Filters by rows with dates match only actors that existed, certainly if the row is certain.
        """
        if self.params["at"] is None:
            return entries
        entries = entries.annotate(classification=self.select_classification())
        return self.filter_rows(entries, ()) if self.filterset.dated == ["at"] else entries

    def select_classification(self) -> Coalesce:
        """Return the primary classification of an actor on the days, for CSV."""
        primary = ClassificationEntry.objects.filter(seq=OuterRef("seq"), primary=True)
        latest = self.filter_rows(primary, [OuterRef("possible")]).order_by(
            F("possible__startswith").desc(nulls_last=True), "-pk"
        )
        unknown = Value(codes.ClassificationWord.UNKNOWN.value)
        return Coalesce(Subquery(latest.values("classification")[:1]), unknown)


class ActorSideFilters(DatedFilters, SideFilterGroup):
    """Filters by side rows of an actor; with `at`, by rows valid then while the actor existed."""

    def filter_rows(self, rows: QuerySet) -> QuerySet:
        validity = self.filterset.group(ValidityFilters)
        return validity.filter_rows(super().filter_rows(rows), [OuterRef("possible")])


class NameFilters(ActorSideFilters):
    """The filter by name."""

    model = ActorNameEntry

    name = TextParameter(
        "Actors with this name, of any kind and in any language, whatever the case, the accents or "
        "the form of the letters. With `at`: a name that was in use then.",
        method="filter_names",
    )

    def filter_names(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """Return the names that fold to the same text."""
        return rows.filter(key=fold_text(text))


class ClassificationFilters(ActorSideFilters):
    """The filter by classification."""

    model = ClassificationEntry

    classification = MultipleChoiceParameter(
        codes.ClassificationWord,
        "Actors with this classification; with `at`, at that time.",
        "classification",
    )


class AttributesParameter(Parameter):
    """One or more attributes, each as its kind alone, or as kind:value."""

    repeatable = True
    schema = {
        "type": "string",
        "pattern": f"^({'|'.join(codes.AttributeKind.values)})(:.{{1,300}})?$",
    }
    example = "ideology:Khomeinism"

    def parse(self, text: str) -> tuple[str, str | None]:
        kind, colon, value = text.partition(":")
        if kind not in codes.AttributeKind.values:
            raise ValueError(
                "Use kind:value, such as ideology:Khomeinism, or only a kind. "
                + suggest_word(
                    kind, codes.AttributeKind.values, "/api/v1/vocabularies/attribute_kind"
                )
            )
        if not colon:
            return kind, None
        if kind == codes.AttributeKind.NATIONALITY:
            value = read_country(value) or value
        key = fold_text(value)
        words = {
            codes.AttributeKind.ACTIVITY.value: codes.Activity.values,
            codes.AttributeKind.TARGET_FOCUS.value: codes.TargetFocus.values,
        }.get(kind)
        if not key or (words and key not in map(fold_text, words)):
            if not words:
                raise ValueError("After the colon, use at least one letter or digit.")
            where = f"/api/v1/vocabularies/{kind}"
            raise ValueError(f"After the colon: {suggest_word(value, words, where)}")
        return kind, key


class AttributeFilters(ActorSideFilters):
    """The filter by attribute."""

    model = AttributeEntry

    attribute = AttributesParameter(
        "Actors with an attribute of this kind, or of this kind and value: ideology:Khomeinism. "
        "Case, accents and the form of the letters do not matter. With `at`, at that time.",
        method="filter_attributes",
    )

    def filter_attributes(
        self, rows: QuerySet, name: str, attributes: list[tuple[str, str | None]]
    ) -> QuerySet:
        """Return the attributes of one of the kinds, or of its kind and value."""
        matches = Q()
        for kind, key in attributes:
            matches |= Q(kind=kind) if key is None else Q(kind=kind, key=key)
        return rows.filter(matches)


class DesignationFilters(ActorSideFilters):
    """The filter by designation."""

    model = DesignationEntry

    designated_by = MultipleChoiceParameter(
        codes.Regime, "Actors on this sanctions or terror list; with `at`, at that time.", "regime"
    )


class PresenceFilters(ActorSideFilters):
    """The filters by presence, which a single presence must match together."""

    model = PresenceEntry

    present_in = PlacesParameter(
        "Actors present at this place or at a place in it, by ISO code, public id or slug.",
        method="filter_places",
    )
    presence_kind = MultipleChoiceParameter(
        codes.PresenceKind, "Actors with this kind of presence.", "kind"
    )

    def filter_places(self, rows: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the presences at one of the places or at a place in it."""
        return rows.filter(place__in=list(find_places_below(self, name, keys)))


class ActorAffiliationFilters(DatedFilters):
    """The filters by affiliation, which a single affiliation of the actor must match together."""

    affiliated_to = ActorsParameter(
        "Actors with an affiliation to this actor, by public id or slug. Symmetric affiliations "
        "count from both ends; rejected ones do not count.",
        by_group=True,
    )
    affiliation_kind = MultipleChoiceParameter(
        codes.AffiliationKind, "Actors with an affiliation of this kind.", by_group=True
    )
    closeness = MultipleChoiceParameter(
        codes.Closeness, "Actors with an affiliation of this closeness.", by_group=True
    )
    support_type = MultipleChoiceParameter(
        codes.SupportType, "Actors that receive this type of support.", by_group=True
    )

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        if not self.given:
            return entries
        matches = Q()
        for rows, own, _ in self.find_readings():
            matches |= Q(record__in=rows.values(own))
        return entries.filter(matches)

    def find_readings(self) -> Iterator[tuple[QuerySet, str, str]]:
        """Yield the affiliations as read from either end, with the columns of the two ends."""
        affiliations = self._find_affiliations()
        for rows, own, other in (
            (affiliations, "subject", "object"),
            (affiliations.filter(kind__in=SYMMETRIC), "object", "subject"),
        ):
            if self.params["affiliated_to"] is not None:
                scopes = self.filterset.group(ScopeFilters)
                rows = rows.filter(scopes.actor_is("affiliated_to", other))
            yield rows, own, other

    def _find_affiliations(self) -> QuerySet:
        """Return the affiliations that match all parameters but `affiliated_to`."""
        validity = self.filterset.group(ValidityFilters)
        affiliations = validity.find_affiliations()
        for name, column in (("affiliation_kind", "kind"), ("closeness", "closeness")):
            if self.params[name] is not None:
                affiliations = affiliations.filter(**{f"{column}__in": self.params[name]})
        if self.params["support_type"] is None:
            return affiliations
        support = SupportEntry.objects.filter(
            seq=OuterRef("seq"), type__in=self.params["support_type"]
        ).exclude(assessment=Assessment.REJECTED)
        return affiliations.filter(Exists(validity.filter_affiliations(support)))


class ActorFilterSet(ExplainedFilterSet):
    """The parameters of /actors."""

    groups = (
        *LIST_GROUPS,
        make_format_filters(RecordType.ACTOR),
        ActorValidityFilters,
        ExternalIdFilters,
        CountryFilters,
        ScopeFilters,
        ExplanationFilters,
        ActorFilters,
        NameFilters,
        ClassificationFilters,
        DesignationFilters,
        PresenceFilters,
        ActorAffiliationFilters,
        AttributeFilters,
        SourceFilters,
        TopicFilters,
    )
    sort = SortParameter(ByName, ByName.NAME)

    def find_matches(self, key: Key, seqs: list[int]) -> Iterator[Match]:
        """Yield the actors that the results are affiliated to."""
        ends = ActorEntry.objects.filter(seq__in=seqs)
        by_record = dict(ends.values_list("record", "seq"))
        days = self.group(ScopeFilters).scope_days
        for rows, own, other in self.group(ActorAffiliationFilters).find_readings():
            rows = rows.filter(**{f"{own}__in": by_record})
            for record, actor in rows.values_list(own, other):
                yield Match(by_record[record], key, actor, days)
