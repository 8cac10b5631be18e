"""The classifications of an actor in its document."""

from actors.models import (
    Classification,
)
from publishing.serializers import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorClassificationSerializer(CitedSerializer, PartSerializer):
    """The type of armed actor that the actor was in a period."""

    validity = ValiditySerializer(
        source="*", read_only=True, help_text="The time in which the classification holds."
    )

    class Meta:
        model = Classification
        fields = (
            "classification",
            "basis",
            "primary",
            "validity",
            "assessment",
            "confidence",
            "note",
            "citations",
        )
