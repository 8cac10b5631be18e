"""The assessments of an actor in its document."""

from actors.models import (
    ActorAssessment,
)
from publishing.serializers import PartSerializer
from sources.serializers import CitedSerializer


class ActorAssessmentSerializer(CitedSerializer, PartSerializer):
    """What an analyst writes about the actor."""

    class Meta:
        model = ActorAssessment
        fields = ("topic", "text", "as_of", "citations")
