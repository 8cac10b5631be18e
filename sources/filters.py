"""What publishers and sources can be asked for by."""

from editorial.api.filters import ByName, ListFilters, sort_by
from editorial.api.parameters import Words
from sources.codes import SourceKind


class PublisherFilters(ListFilters):
    """The parameters of /publishers."""

    sort = sort_by(ByName, ByName.NAME)


class SourceFilters(ListFilters):
    """The parameters of /sources."""

    sort = sort_by(ByName, ByName.NAME)
    kind = Words(SourceKind, "What it is.", "kind")
