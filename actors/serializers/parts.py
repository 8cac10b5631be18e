"""The rows that an actor's document nests."""

from actors.models import ActorAssessment, ActorName, Classification, StrengthEstimate
from editorial.api.documents import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class ActorNameSerializer(CitedSerializer, PartSerializer):
    """A further name: in another language, former, an alias, a brand."""

    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was borne.")

    class Meta:
        model = ActorName
        fields = ("text", "kind", "language", "preferred", "meaning", "validity", "citations")


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
