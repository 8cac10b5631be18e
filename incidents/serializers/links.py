"""How an incident stands to others, and what it changed."""

from incidents.models import IncidentLink
from publishing.serializers import PartSerializer, RequiredQuote
from sources.serializers import CitedSerializer


class IncidentLinkSerializer(CitedSerializer, PartSerializer):
    """How the incident stands to an earlier or a larger one."""

    to = RequiredQuote(help_text="The other incident.")

    class Meta:
        model = IncidentLink
        fields = ("kind", "to", "citations")
