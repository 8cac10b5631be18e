"""The assessments in the document of an incident."""

from incidents.models import IncidentAssessment
from publishing.serializers import PartSerializer
from sources.serializers import CitedSerializer


class IncidentAssessmentSerializer(CitedSerializer, PartSerializer):
    """What an analyst writes about the incident."""

    class Meta:
        model = IncidentAssessment
        fields = ("topic", "text", "as_of", "citations")
