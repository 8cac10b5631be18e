"""The attributes of an actor in its document."""

from actors.models import (
    ActorAttribute,
)
from publishing.serializers import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorAttributeSerializer(CitedSerializer, PartSerializer):
    """An ideology, goal, activity or other property of the actor in a period."""

    validity = ValiditySerializer(
        source="*", read_only=True, help_text="The time in which the attribute holds."
    )

    class Meta:
        model = ActorAttribute
        fields = ("kind", "value", "validity", "assessment", "confidence", "note", "citations")
