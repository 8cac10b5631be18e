"""The support in the document of an affiliation."""

from actors.models import Support
from publishing.serializers import (
    OptionalReference,
    PartSerializer,
    ValiditySerializer,
)
from sources.serializers import CitedSerializer


class SupportSerializer(CitedSerializer, PartSerializer):
    """One type of support that the subject has from the object, its sponsor."""

    against = OptionalReference(help_text="The opponent of the supported actor; null if not known.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="The time of the support.")

    class Meta:
        model = Support
        fields = (
            "type",
            "basis",
            "against",
            "jointly",
            "validity",
            "assessment",
            "confidence",
            "note",
            "citations",
        )
