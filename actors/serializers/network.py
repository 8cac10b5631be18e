"""The response of the network endpoint."""

from rest_framework import serializers

from actors.serializers.actor import ActorDocument
from actors.serializers.affiliations import AffiliationDocument
from api.problems import WARNINGS, WarningSerializer
from api.schema import describe_document
from publishing.serializers import RangeSerializer


class NetworkNodeSerializer(serializers.Serializer):
    """An actor of a network."""

    distance = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="The number of affiliations between it and the requested actor; null if the "
        "request names no actor.",
    )
    actor = describe_document(ActorDocument, summary=True)(read_only=True, help_text="The actor.")


class NetworkEdgeSerializer(serializers.Serializer):
    """An affiliation between two actors of a network."""

    symmetric = serializers.BooleanField(
        read_only=True, help_text="Whether it means the same in both directions."
    )
    possible = RangeSerializer(
        many=True,
        read_only=True,
        help_text="The days on which it may count: those of the affiliation, or of its support, on "
        "which both actors may exist. An affiliation without them never counts on a day.",
    )
    certain = RangeSerializer(
        many=True, read_only=True, help_text="The days of these on which it certainly counts."
    )
    affiliation = describe_document(AffiliationDocument, summary=True)(
        read_only=True, help_text="The affiliation, from its subject to its object."
    )


class NetworkSerializer(serializers.Serializer):
    """Actors, all or those around one, and the affiliations between them."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the network.")
    nodes = NetworkNodeSerializer(
        many=True, read_only=True, help_text="The actors: the nearest first, then by name."
    )
    edges = NetworkEdgeSerializer(
        many=True, read_only=True, help_text="The affiliations between them, the newest first."
    )
    truncated = serializers.BooleanField(
        read_only=True, help_text="Whether a limit left out actors or affiliations."
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
