"""The presences of an actor in its document."""

from actors.models import (
    Presence,
)
from publishing.serializers import PartSerializer, RequiredPlaceQuote, ValiditySerializer
from sources.serializers import CitedSerializer


class PresenceSerializer(CitedSerializer, PartSerializer):
    """Where the actor was, and how far it controlled the place."""

    place = RequiredPlaceQuote(help_text="Where it was.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was there.")

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
