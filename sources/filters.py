"""What publishers and sources can be asked for by, and how others are asked for by external id."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from api.dated import Dated
from api.filters import ByName, ListFilters, sort_by
from api.parameters import FirstDay, Ids, LastDay, Parameter, Words
from publishing.models import Edition
from sources.codes import Scale, Scheme, SourceKind

LANGUAGE = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"


class ExternalIds(Parameter):
    """One or more ids of other systems, each as scheme:value."""

    repeatable = True
    schema = {
        "type": "string",
        "pattern": f"^({'|'.join(Scheme.values)}):.{{1,200}}$",
    }

    def read(self, text: str) -> str:
        scheme, _, value = text.partition(":")
        if scheme not in Scheme.values:
            raise ValueError(
                "It is scheme:value, as in wikidata:Q796. "
                f"The schemes are: {', '.join(Scheme.values)}."
            )
        if not 0 < len(value) <= 200:
            raise ValueError("After the colon stands an id, of at most 200 characters.")
        return text


class Identified(ListFilters):
    """The parameter `external_id`, for everything that other systems have ids for."""

    external_id = ExternalIds(
        "What another system calls it, as scheme:value; `match` tells how that relates to it.",
        method="keep_identified",
    )

    def keep_identified(self, entries: QuerySet, name: str, asked: list[str]) -> QuerySet:
        """Keep what has one of the ids."""
        return entries.filter(external_ids__overlap=asked)


class Languages(Parameter):
    """One or more languages, each as BCP 47; one without a region or script finds all of them."""

    repeatable = True
    schema = {"type": "string", "pattern": f"^{LANGUAGE}$", "maxLength": 35}

    def read(self, text: str) -> str:
        if len(text) > 35 or not re.fullmatch(LANGUAGE, text):
            raise ValueError("It is a language as BCP 47: ar, en, ckb, az-Arab.")
        return text.lower()

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Keep what is in one of the languages, `az-Arab` where `az` is asked for."""
        met = Q()
        for language in value or ():
            met |= Q(language=language) | Q(language__startswith=f"{language}-")
        return qs.filter(met)


class Codes(Parameter):
    """One or more countries, each by its ISO code alone."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[A-Z]{2}$"}
    told = "It is an ISO 3166-1 alpha-2 code: IQ."

    def read(self, text: str) -> str:
        if not re.fullmatch(self.schema["pattern"], text, re.ASCII):
            raise ValueError(self.told)
        return text


class Addresses(Parameter):
    """One or more addresses on the web."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[a-z]+://.+$", "maxLength": 2000}

    def read(self, text: str) -> str:
        if len(text) > 2000 or not re.fullmatch("[a-z]+://.+", text):
            raise ValueError("It is a whole address, as in https://example.org/a.")
        return text


class PublisherFilters(ListFilters):
    """The parameters of /publishers."""

    sort = sort_by(ByName, ByName.NAME)
    country = Codes("Where it publishes from, by ISO code.", "country")
    language = Languages("Its main language.", "language")
    scale = Words(Scale, "How far it reaches.", "scale")


class SourceFilters(Identified, Dated):
    """The parameters of /sources."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(SourceKind, "What it is.", "kind")
    publisher = Ids("Who published it, by public id; merges are followed.", method="keep_publisher")
    language = Languages("Its language.", "language")
    source_date_from = FirstDay(
        "Published on this day (or month, or year) or later.", method="keep_from"
    )
    source_date_to = LastDay(
        "Published on this day (or month, or year) or earlier.", method="keep_to"
    )
    url = Addresses("Where it was found, or where a copy is kept.", method="keep_found")

    pairs = (*Dated.pairs, ("source_date_from", "source_date_to"))

    def keep_publisher(self, entries: QuerySet, name: str, asked: list[UUID]) -> QuerySet:
        """Keep what one of the publishers has published."""
        found = Edition.objects.resolve_keys("publisher", asked, self.snapshot.seq)
        return entries.filter(publisher__in=found.values())

    def keep_found(self, entries: QuerySet, name: str, asked: list[str]) -> QuerySet:
        """Keep what was found, or is kept, at one of the addresses."""
        return entries.filter(Q(url__in=asked) | Q(archive_url__in=asked))
