"""The documents of actors and affiliations, and the responses of networks and resolution."""

from actors.serializers.actor import ActorDocument
from actors.serializers.affiliations import AffiliationDocument
from actors.serializers.explanations import ExplanationSerializer
from actors.serializers.hierarchy import HierarchySerializer
from actors.serializers.network import NetworkSerializer
from actors.serializers.resolution import NameMatchSerializer

__all__ = [
    "ActorDocument",
    "AffiliationDocument",
    "ExplanationSerializer",
    "HierarchySerializer",
    "NameMatchSerializer",
    "NetworkSerializer",
]
