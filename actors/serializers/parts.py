"""The rows that an actor's document nests."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actors.models import (
    ActorAssessment,
    ActorAttribute,
    ActorName,
    Classification,
    Designation,
    Presence,
    StrengthEstimate,
)
from actors.scripts import script
from publishing.serializers import PartSerializer, RequiredPlaceReference, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorNameSerializer(CitedSerializer, PartSerializer):
    """A further name: in another language, former, an alias, a brand."""

    script = serializers.SerializerMethodField(
        help_text="The script that it is written in, as ISO 15924: Arab, Latn; null if not known."
    )
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was borne.")

    class Meta:
        model = ActorName
        fields = (
            "text",
            "kind",
            "language",
            "script",
            "preferred",
            "meaning",
            "validity",
            "citations",
        )

    def derive(self, shown: dict[str, Any]) -> None:
        shown["script"] = script(shown["text"])

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_script(self, name: ActorName) -> str | None:
        return script(name.text)


class ActorClassificationSerializer(CitedSerializer, PartSerializer):
    """What the actor was in a period."""

    validity = ValiditySerializer(source="*", read_only=True, help_text="When it held.")

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


class ActorAttributeSerializer(CitedSerializer, PartSerializer):
    """What is told of the actor for a time: what it believes, wants, does or belongs to."""

    validity = ValiditySerializer(source="*", read_only=True, help_text="When it held.")

    class Meta:
        model = ActorAttribute
        fields = ("kind", "value", "validity", "assessment", "confidence", "note", "citations")


class DesignationSerializer(CitedSerializer, PartSerializer):
    """An entry of a list of states or organisations."""

    validity = ValiditySerializer(
        source="*", read_only=True, help_text="From its listing to its delisting."
    )

    class Meta:
        model = Designation
        fields = (
            "regime",
            "listed_name",
            "entry_id",
            "status",
            "validity",
            "legal_basis",
            "url",
            "citations",
        )


class PresenceSerializer(CitedSerializer, PartSerializer):
    """Where the actor was, and how far it controlled the place."""

    place = RequiredPlaceReference(help_text="Where it was.")
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


class StrengthEstimateSerializer(CitedSerializer, PartSerializer):
    """How many fighters, members or units."""

    class Meta:
        model = StrengthEstimate
        fields = (
            "measure",
            "as_of",
            "quantifier",
            "low",
            "best",
            "high",
            "role",
            "method",
            "assessment",
            "confidence",
            "note",
            "citations",
        )


class ActorAssessmentSerializer(CitedSerializer, PartSerializer):
    """What an analyst makes of the actor, in words."""

    class Meta:
        model = ActorAssessment
        fields = ("topic", "text", "as_of", "citations")
