"""The support in the document of an affiliation."""

from actors.models import Support
from publishing.serializers import (
    OptionalQuote,
    PartSerializer,
    ValiditySerializer,
)
from sources.serializers import CitedSerializer


class SupportSerializer(CitedSerializer, PartSerializer):
    """One type of support that the subject had from the object, its sponsor."""

    against = OptionalQuote(help_text="The opponent against whom; null where that is not told.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was given.")

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
