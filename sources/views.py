"""The public endpoints of publishers and sources."""

from api.views import RecordView
from sources.entries import PublisherEntry, SourceEntry
from sources.filters import PublisherFilterSet, SourceFilterSet
from sources.serializers import PublisherDocument, SourceDocument


class PublisherView(RecordView):
    """Publishers of sources."""

    type_name = "publisher"
    entry = PublisherEntry
    document = PublisherDocument
    filterset_class = PublisherFilterSet


class SourceView(RecordView):
    """Sources, which other records cite."""

    type_name = "source"
    entry = SourceEntry
    document = SourceDocument
    filterset_class = SourceFilterSet
