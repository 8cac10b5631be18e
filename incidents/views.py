"""The public endpoints of incidents."""

from editorial.api.views import RecordView
from incidents.entries import IncidentEntry
from incidents.filters import IncidentFilters
from incidents.serializers import IncidentDocument


class IncidentView(RecordView):
    """What happened."""

    type_name = "incident"
    entry = IncidentEntry
    document = IncidentDocument
    filterset_class = IncidentFilters
