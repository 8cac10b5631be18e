"""The answer of networks."""

from rest_framework import serializers

from actors.serializers.actor import ActorDocument
from actors.serializers.affiliations import AffiliationDocument
from api.schema import describe_document


class NetworkNodeSerializer(serializers.Serializer):
    """An actor of a network."""

    distance = serializers.IntegerField(
        read_only=True, help_text="By how many ties it is away from the actor in the midst."
    )
    actor = describe_document(ActorDocument, summary=True)(read_only=True, help_text="The actor.")


class NetworkEdgeSerializer(serializers.Serializer):
    """A tie between two actors of a network."""

    symmetric = serializers.BooleanField(
        read_only=True, help_text="Whether it reads alike from both ends."
    )
    affiliation = describe_document(AffiliationDocument, summary=True)(
        read_only=True, help_text="The tie, from its subject to its object."
    )


class NetworkSerializer(serializers.Serializer):
    """An actor, those around it, and all ties between any two of them."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot that it shows.")
    nodes = NetworkNodeSerializer(
        many=True, read_only=True, help_text="The actors: the nearest first, then by name."
    )
    edges = NetworkEdgeSerializer(
        many=True, read_only=True, help_text="The ties between them, the newest first."
    )
    truncated = serializers.BooleanField(
        read_only=True, help_text="Whether there would be more actors, or more ties."
    )
