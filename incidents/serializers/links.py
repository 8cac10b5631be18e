"""The links in the document of an incident."""

from incidents.models import IncidentLink
from publishing.serializers import PartSerializer, RequiredReference
from sources.serializers import CitedSerializer


class IncidentLinkSerializer(CitedSerializer, PartSerializer):
    """A link to an earlier or a larger incident."""

    to = RequiredReference(help_text="The earlier or larger incident.")

    class Meta:
        model = IncidentLink
        fields = ("kind", "to", "citations")
