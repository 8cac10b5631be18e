"""The targets in the document of an incident."""

from incidents.models import Target
from publishing.serializers import OptionalPlaceReference, PartSerializer
from sources.serializers import CitedSerializer


class TargetSerializer(CitedSerializer, PartSerializer):
    """An object that was hit or aimed at. An actor that was the target is an involvement."""

    place = OptionalPlaceReference(help_text="The place, if the object is one, such as a base.")

    class Meta:
        model = Target
        fields = ("type", "name", "place", "nationality", "hit", "intended", "citations")
