"""The public endpoints of places."""

from api.views import RecordView
from places.entries import PlaceEntry
from places.filters import PlaceFilterSet
from places.serializers import PlaceDocument


class PlaceView(RecordView):
    """Places."""

    type_name = "place"
    entry = PlaceEntry
    document = PlaceDocument
    filterset_class = PlaceFilterSet
