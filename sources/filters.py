"""The filters of publishers and sources, and the filter by external id that other apps use."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from api.codes import read_language
from api.filters import (
    LIST_GROUPS,
    ByName,
    DateFilters,
    ListFilterSet,
    SortParameter,
    make_format_filters,
)
from api.filtersets import FilterGroup
from api.hints import suggest_word
from api.parameters import (
    CountryCodesParameter,
    FirstDayParameter,
    IdsParameter,
    LastDayParameter,
    MultipleChoiceParameter,
    Parameter,
)
from publishing.codes import RecordType
from publishing.models import Reference
from sources.codes import Scale, Scheme, SourceKind, Topic

LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"


_SCHEMES = frozenset(Scheme.values)  # a lookup reads thousands of ids
_IN_CAPITALS = {Scheme.WIKIDATA, Scheme.ISO3166, Scheme.GLIDE, Scheme.OCHA_PCODE}
"""The systems whose ids are always in capitals."""


class ExternalIdsParameter(Parameter):
    """One or more ids of other systems, each as scheme:value."""

    repeatable = True
    schema = {
        "type": "string",
        "pattern": f"^({'|'.join(Scheme.values)}):.{{1,200}}$",
    }
    example = "wikidata:Q796"

    def parse(self, text: str) -> str:
        scheme, _, value = text.partition(":")
        if scheme not in _SCHEMES:
            raise ValueError(
                "Use scheme:value, such as wikidata:Q796. "
                + suggest_word(scheme, Scheme.values, "/api/v1/vocabularies/scheme")
            )
        if not 0 < len(value) <= 200:
            raise ValueError("Write an id of 1 to 200 characters after the colon.")
        return text

    def spellings(self, text: str) -> list[str]:
        """Return how documents may write an id: where all are in capitals, q796 means Q796."""
        scheme, _, value = text.partition(":")
        return [text, f"{scheme}:{value.upper()}"] if scheme in _IN_CAPITALS else [text]

    def filter(self, qs: QuerySet, value: list[str] | None) -> QuerySet:
        """Return what has one of the ids."""
        if value is not None:
            value = [spelling for text in value for spelling in self.spellings(text)]
        return super().filter(qs, value)


class ExternalIdFilters(FilterGroup):
    """The filter by external id, for all records that have ids in other systems."""

    external_id = ExternalIdsParameter(
        "Records with one of these ids in other systems, as scheme:value; `match` says how exactly "
        "the id fits the record. `ucdp_dyad:524` finds all incidents of a dyad: their `match` is "
        "`broader`.",
        "external_ids",
        lookup="overlap",
    )


class SourceFilters(FilterGroup):
    """The filter by source, cited by a record or by any part of it."""

    source = IdsParameter(
        "Records that cite this source, by public id; the id of a merged record also works.",
        method="filter_sources",
    )

    def filter_sources(self, entries: QuerySet, name: str, ids: list[UUID]) -> QuerySet:
        """Return the records that reference one of the sources: they do so only to cite it."""
        sources = self.find_records(name, "source", ids)
        references = Reference.objects.at(self.snapshot.seq).filter(target__in=sources)
        return entries.filter(Exists(references.filter(record=OuterRef("record"))))


class TopicFilters(FilterGroup):
    """The filter by assessment, for all records that have assessments."""

    topic = MultipleChoiceParameter(
        Topic, "Records with an assessment on this topic.", "topics", lookup="overlap"
    )


class LanguagesParameter(Parameter):
    """One or more languages, each as BCP 47; one without a region or script finds all of them."""

    repeatable = True
    schema = {"type": "string", "pattern": f"^{LANGUAGE}$", "maxLength": 35}
    example = "ar"

    def parse(self, text: str) -> str:
        code = read_language(text)
        if len(text) > 35 or not re.fullmatch(LANGUAGE, text):
            hint = (
                f"Write {code} for {text.title()}." if code else "Such as ar, en, ckb or az-Arab."
            )
            raise ValueError(f"Use a BCP 47 language tag. {hint}")
        return text.lower()

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Return what is in one of the languages; `az` includes `az-Arab`, `ara` is `ar`."""
        matches = Q()
        for text in value or ():
            primary, *rest = text.split("-", 1)
            for form in {primary, read_language(primary) or primary}:
                language = "-".join([form, *rest])
                matches |= Q(language=language) | Q(language__startswith=f"{language}-")
        return qs.filter(matches)


class UrlsParameter(Parameter):
    """One or more web addresses."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[a-z]+://.+$", "maxLength": 2000}
    example = "https://www.iso.org/obp/ui/#iso:code:3166:IQ"

    def parse(self, text: str) -> str:
        if len(text) > 2000 or not re.fullmatch("[a-z]+://.+", text):
            raise ValueError("Use a complete address, such as https://example.org/a.")
        return text


class PublisherFilters(FilterGroup):
    """The filters of publishers alone."""

    country = CountryCodesParameter("Publishers in this country, by ISO code.", "country")
    language = LanguagesParameter("Publishers with this main language.", "language")
    scale = MultipleChoiceParameter(Scale, "Publishers of this reach.", "scale")


class PublisherFilterSet(ListFilterSet):
    """The parameters of /publishers."""

    groups = (*LIST_GROUPS, make_format_filters(RecordType.PUBLISHER), PublisherFilters)
    sort = SortParameter(ByName, ByName.NAME)


class SourcePropertyFilters(DateFilters):
    """The filters of sources alone."""

    kind = MultipleChoiceParameter(SourceKind, "Sources of this kind.", "kind")
    publisher = IdsParameter(
        "Sources of this publisher, by public id; the id of a merged record also works.",
        method="filter_publishers",
    )
    language = LanguagesParameter("Sources in this language.", "language")
    source_date_from = FirstDayParameter(
        "Sources published on this day (or month, or year) or later.",
        method="filter_from",
        at_most="source_date_to",
    )
    source_date_to = LastDayParameter(
        "Sources published on this day (or month, or year) or earlier.", method="filter_to"
    )
    url = UrlsParameter("Sources at this address, original or archived.", method="filter_urls")

    def filter_publishers(self, entries: QuerySet, name: str, ids: list[UUID]) -> QuerySet:
        """Return the sources of one of the publishers."""
        return entries.filter(publisher__in=self.find_records(name, "publisher", ids))

    def filter_urls(self, entries: QuerySet, name: str, urls: list[str]) -> QuerySet:
        """Return the sources with one of the original or archived addresses."""
        return entries.filter(Q(url__in=urls) | Q(archive_url__in=urls))


class SourceFilterSet(ListFilterSet):
    """The parameters of /sources."""

    groups = (
        *LIST_GROUPS,
        make_format_filters(RecordType.SOURCE),
        ExternalIdFilters,
        SourcePropertyFilters,
    )
    sort = SortParameter(ByName, ByName.NAME)
