"""What analysts make of an incident."""

from editorial.api.documents import PartSerializer
from incidents.models import IncidentAssessment
from sources.serializers import CitedSerializer


class IncidentAssessmentSerializer(CitedSerializer, PartSerializer):
    """What an analyst makes of the incident, in words."""

    class Meta:
        model = IncidentAssessment
        fields = ("topic", "text", "as_of", "citations")
