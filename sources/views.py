"""The public endpoints of publishers and sources."""

from api.views import RecordView
from sources.entries import PublisherEntry, SourceEntry
from sources.filters import PublisherFilters, SourceFilters
from sources.serializers import PublisherDocument, SourceDocument


class PublisherView(RecordView):
    """Publishers of sources."""

    type_name = "publisher"
    entry = PublisherEntry
    document = PublisherDocument
    filterset_class = PublisherFilters


class SourceView(RecordView):
    """Sources that can be cited."""

    type_name = "source"
    entry = SourceEntry
    document = SourceDocument
    filterset_class = SourceFilters
