"""What publishers and sources can be asked for by, and how others are asked for by external id."""

from django.db.models import QuerySet

from editorial.api.filters import ByName, ListFilters, sort_by
from editorial.api.parameters import Parameter, Words
from sources.codes import Scheme, SourceKind


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


class PublisherFilters(ListFilters):
    """The parameters of /publishers."""

    sort = sort_by(ByName, ByName.NAME)


class SourceFilters(Identified):
    """The parameters of /sources."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(SourceKind, "What it is.", "kind")
