"""The filters of publishers and sources, and the filter by external id that other apps use."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from api.filters import (
    LIST_GROUPS,
    ByName,
    DateFilters,
    FormatFilters,
    ListFilterSet,
    SortParameter,
)
from api.filtersets import FilterGroup
from api.parameters import (
    FirstDayParameter,
    IdsParameter,
    LastDayParameter,
    MultipleChoiceParameter,
    Parameter,
)
from publishing.models import Edition
from sources.codes import Scale, Scheme, SourceKind

LANGUAGE = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"


class ExternalIdsParameter(Parameter):
    """One or more ids of other systems, each as scheme:value."""

    repeatable = True
    schema = {
        "type": "string",
        "pattern": f"^({'|'.join(Scheme.values)}):.{{1,200}}$",
    }

    def parse(self, text: str) -> str:
        scheme, _, value = text.partition(":")
        if scheme not in Scheme.values:
            raise ValueError(
                "Use scheme:value, such as wikidata:Q796. "
                f"The schemes are: {', '.join(Scheme.values)}."
            )
        if not 0 < len(value) <= 200:
            raise ValueError("Write an id of 1 to 200 characters after the colon.")
        return text


class ExternalIdFilters(FilterGroup):
    """The filter by external id, for all records that have ids in other systems."""

    external_id = ExternalIdsParameter(
        "Records with one of these ids in other systems, as scheme:value; `match` in the document "
        "says how exactly the id fits the record.",
        "external_ids",
        lookup="overlap",
    )


class LanguagesParameter(Parameter):
    """One or more languages, each as BCP 47; one without a region or script finds all of them."""

    repeatable = True
    schema = {"type": "string", "pattern": f"^{LANGUAGE}$", "maxLength": 35}

    def parse(self, text: str) -> str:
        if len(text) > 35 or not re.fullmatch(LANGUAGE, text):
            raise ValueError("Use a BCP 47 language tag, such as ar, en, ckb or az-Arab.")
        return text.lower()

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Return what is in one of the languages; `az` includes `az-Arab`."""
        matches = Q()
        for language in value or ():
            matches |= Q(language=language) | Q(language__startswith=f"{language}-")
        return qs.filter(matches)


class CountryCodesParameter(Parameter):
    """One or more countries, each by its ISO 3166-1 code only."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[A-Z]{2}$"}
    advice = "Use an ISO 3166-1 alpha-2 code, such as IQ."

    def parse(self, text: str) -> str:
        if not re.fullmatch(self.schema["pattern"], text, re.ASCII):
            raise ValueError(self.advice)
        return text


class UrlsParameter(Parameter):
    """One or more web addresses."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[a-z]+://.+$", "maxLength": 2000}

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

    groups = (*LIST_GROUPS, FormatFilters, PublisherFilters)
    sort = SortParameter(ByName, ByName.NAME)


class SourceFilters(DateFilters):
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
        publishers = Edition.objects.resolve_keys("publisher", ids, self.snapshot.seq)
        return entries.filter(publisher__in=publishers.values())

    def filter_urls(self, entries: QuerySet, name: str, urls: list[str]) -> QuerySet:
        """Return the sources with one of the original or archived addresses."""
        return entries.filter(Q(url__in=urls) | Q(archive_url__in=urls))


class SourceFilterSet(ListFilterSet):
    """The parameters of /sources."""

    groups = (*LIST_GROUPS, FormatFilters, ExternalIdFilters, SourceFilters)
    sort = SortParameter(ByName, ByName.NAME)
