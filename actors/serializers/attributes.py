"""The attributes of an actor in its document."""

from actors.models import (
    ActorAttribute,
)
from publishing.serializers import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorAttributeSerializer(CitedSerializer, PartSerializer):
    """What is told of the actor for a time: what it believes, wants, does or belongs to."""

    validity = ValiditySerializer(source="*", read_only=True, help_text="When it held.")

    class Meta:
        model = ActorAttribute
        fields = ("kind", "value", "validity", "assessment", "confidence", "note", "citations")
