"""The public endpoints of actors and affiliations."""

from actors.entries import ActorEntry, AffiliationEntry
from actors.filters import ActorFilters, AffiliationFilters
from actors.serializers import ActorDocument, AffiliationDocument
from editorial.api.views import RecordView


class ActorView(RecordView):
    """Whoever acts or is acted upon, from states to individuals."""

    type_name = "actor"
    entry = ActorEntry
    document = ActorDocument
    filterset_class = ActorFilters


class AffiliationView(RecordView):
    """How one actor stood to another, and when."""

    type_name = "affiliation"
    entry = AffiliationEntry
    document = AffiliationDocument
    filterset_class = AffiliationFilters
