"""The estimates of strength of an actor in its document."""

from actors.models import (
    StrengthEstimate,
)
from publishing.serializers import PartSerializer
from sources.serializers import CitedSerializer


class StrengthEstimateSerializer(CitedSerializer, PartSerializer):
    """An estimate of the number of fighters, members, units or vehicles."""

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
