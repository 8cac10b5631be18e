"""The targets in the document of an incident."""

from incidents.models import Target
from publishing.serializers import PartSerializer, PlaceQuote
from sources.serializers import CitedSerializer


class TargetSerializer(CitedSerializer, PartSerializer):
    """A thing that was hit or meant."""

    place = PlaceQuote(help_text="The place that it is, such as a base.")

    class Meta:
        model = Target
        fields = ("type", "name", "place", "nationality", "hit", "intended", "citations")
