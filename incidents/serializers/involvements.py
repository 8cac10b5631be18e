"""The involvements in the document of an incident."""

from incidents.models import Involvement
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


class InvolvementSerializer(CitedSerializer, PartSerializer):
    """Our conclusion that an actor took part. What others say is in the statements."""

    actor = OptionalReference(help_text="The actor; null if there is only a label.")
    on_behalf_of = OptionalReference(
        help_text="The actor on whose behalf a facade or a wing acted."
    )

    class Meta:
        model = Involvement
        fields = (
            "role",
            "actor",
            "label",
            "side",
            "primary",
            "certainty",
            "on_behalf_of",
            "rationale",
            "assessment",
            "note",
            "citations",
        )
