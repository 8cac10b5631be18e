"""The locations in the document of an incident, no finer than is public."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.codes import Precision
from incidents.models import IncidentLocation
from places.serializers import PointField
from publishing.serializers import OptionalPlaceReference, PartSerializer, PointSerializer
from sources.serializers import CitedSerializer


@extend_schema_field(PointSerializer(allow_null=True))
class PublicPointField(PointField):
    """The coordinates of a location; null unless they are public."""

    def to_representation(self, row: IncidentLocation) -> dict[str, float] | None:  # type: ignore[override]
        return super().to_representation(row) if row.has_public_point else None


class IncidentLocationSerializer(CitedSerializer, PartSerializer):
    """Where the incident, or a part of it, happened, no finer than is public."""

    place = OptionalPlaceReference(help_text="The place, no finer than the precision.")
    point = PublicPointField(help_text="The coordinates, if they are public.")
    precision = serializers.ChoiceField(
        Precision.choices,
        source="public_precision",
        read_only=True,
        help_text="How precise the published location is.",
    )

    class Meta:
        model = IncidentLocation
        fields = ("role", "primary", "place", "point", "precision", "description", "citations")
