"""The presences of an actor in its document."""

from actors.models import (
    Presence,
)
from publishing.serializers import PartSerializer, RequiredPlaceReference, ValiditySerializer
from sources.serializers import CitedSerializer


class PresenceSerializer(CitedSerializer, PartSerializer):
    """A place where the actor was, and its control over the place."""

    place = RequiredPlaceReference(help_text="The place.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="The time of the presence.")

    class Meta:
        model = Presence
        fields = (
            "place",
            "kind",
            "control",
            "validity",
            "assessment",
            "confidence",
            "note",
            "citations",
        )
