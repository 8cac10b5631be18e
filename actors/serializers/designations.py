"""The designations of an actor in its document."""

from actors.models import (
    Designation,
)
from publishing.serializers import PartSerializer, ValiditySerializer
from sources.serializers import CitedSerializer


class DesignationSerializer(CitedSerializer, PartSerializer):
    """An entry in a list of a state or an international organisation."""

    validity = ValiditySerializer(
        source="*", read_only=True, help_text="The time from the listing to the delisting."
    )

    class Meta:
        model = Designation
        fields = (
            "regime",
            "listed_name",
            "entry_id",
            "status",
            "validity",
            "legal_basis",
            "url",
            "citations",
        )
