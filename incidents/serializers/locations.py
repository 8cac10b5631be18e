"""Where an incident happened, as finely as may be public."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.codes import Precision
from incidents.models import IncidentLocation
from incidents.serializers.derived import OfParts
from places.serializers import PointField
from publishing.serializers import (
    OptionalPlaceReference,
    PartSerializer,
    PlaceReferenceSerializer,
    PointSerializer,
)
from sources.serializers import CitedSerializer


@extend_schema_field(PointSerializer(allow_null=True))
class PublicPointField(PointField):
    """The coordinates of a location, null unless they are public to the full."""

    def to_representation(self, row: IncidentLocation) -> dict[str, float] | None:  # type: ignore[override]
        if row.public_precision != Precision.EXACT:
            return None
        return super().to_representation(row)


class IncidentLocationSerializer(CitedSerializer, PartSerializer):
    """Where the incident, or a part of it, happened, as finely as may be public."""

    place = OptionalPlaceReference(help_text="The place, no finer than the precision.")
    point = PublicPointField(help_text="Its coordinates, when the precision is exact.")
    precision = serializers.ChoiceField(
        Precision.choices,
        source="public_precision",
        read_only=True,
        help_text="How finely readers are told it.",
    )

    class Meta:
        model = IncidentLocation
        fields = ("role", "primary", "place", "point", "precision", "description", "citations")


class _OfPrimary(OfParts):
    """A property of the primary location."""

    column: ClassVar[str]

    def of(self, shown: dict[str, Any]) -> Any:
        return next((row[self.column] for row in shown["locations"] if row["primary"]), None)


@extend_schema_field(PlaceReferenceSerializer(allow_null=True))
class PrimaryPlace(_OfPrimary):
    """Where it is counted."""

    column = "place"


@extend_schema_field(PointSerializer(allow_null=True))
class PrimaryPoint(_OfPrimary):
    """Where it is shown on a map."""

    column = "point"
