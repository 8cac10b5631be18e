"""The documents of places."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from places.models import Coordinates, Place, PlaceName
from publishing.serializers import (
    ENVELOPE,
    DocumentSerializer,
    OptionalPlaceReference,
    PartSerializer,
    PointSerializer,
)
from sources.serializers import CitationSerializer, ExternalIdSerializer


@extend_schema_field(PointSerializer(allow_null=True))
class PointField(serializers.Field):
    """The coordinates of a row as one property; null if it has none."""

    columns = ("latitude", "longitude")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Coordinates) -> dict[str, float] | None:
        if row.latitude is None or row.longitude is None:
            return None
        return {"latitude": float(row.latitude), "longitude": float(row.longitude)}


class PlaceNameSerializer(PartSerializer):
    """A further name of a place: in another language, in another spelling, or a former name."""

    class Meta:
        model = PlaceName
        fields = ("text", "language", "until")


class PlaceDocument(DocumentSerializer):
    """A place where something is or happened. Its point is a centroid."""

    parent = OptionalPlaceReference(  # type: ignore[assignment]
        help_text="The place that it lies in."
    )
    point = PointField(help_text="The centroid.")
    names = PlaceNameSerializer(
        many=True, read_only=True, help_text="The names in other languages and former names."
    )
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="The ids of the record in other systems."
    )
    citations = CitationSerializer(
        many=True, read_only=True, help_text="The passages that are cited for it."
    )

    summary = (
        "id",
        "slug",
        "name",
        "kind",
        "parent",
        "country",
        "admin1",
        "point",
        "names",
        "external_ids",
        *ENVELOPE,
    )
    prefetch = ("parent", "names", "external_ids", "citations__source")

    centroid_path = ("point",)

    class Meta:
        model = Place
        fields = (
            "id",
            "slug",
            "name",
            "kind",
            "parent",
            "country",
            "admin1",
            "point",
            "names",
            "external_ids",
            "citations",
        )
