"""The estimates of strength of an actor in its document."""

from actors.models import (
    StrengthEstimate,
)
from publishing.serializers import PartSerializer
from sources.serializers import CitedSerializer


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
