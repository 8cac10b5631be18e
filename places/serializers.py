"""The documents of places."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from places.codes import PlaceKind
from places.models import Coordinates, Place, PlaceName
from publishing.serializers import (
    ENVELOPE,
    DocumentSerializer,
    GrowingWordField,
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


class CreditSerializer(serializers.Serializer):
    """Whom to credit for lines, and what they mean."""

    is_fictional = serializers.BooleanField(
        read_only=True, help_text="Whether it is of an invented place."
    )
    credit = serializers.CharField(read_only=True, help_text="Whom to credit.")
    licence = serializers.CharField(read_only=True, help_text="The licence of the lines.")
    policy = serializers.URLField(
        read_only=True, help_text="The address of the page that says what lines on maps mean."
    )


class AreaGeometrySerializer(serializers.Serializer):
    """A GeoJSON polygon, or several. The first ring of each is its outer one."""

    type = serializers.CharField(read_only=True, help_text="`Polygon` or `MultiPolygon`.")
    coordinates = serializers.ListField(
        read_only=True,
        help_text="Of a polygon its rings; of several the rings of each. A ring is a list of "
        "points, and a point is a longitude and a latitude.",
    )


class OutlinePropertiesSerializer(CreditSerializer):
    """The place that an outline is of, and whom to credit for it."""

    id = serializers.UUIDField(read_only=True, help_text="The public id of the place.")
    slug = serializers.CharField(read_only=True, help_text="The slug of the place.")
    name = serializers.CharField(
        read_only=True, allow_null=True, help_text="The name of the place."
    )
    kind = GrowingWordField(PlaceKind.choices, read_only=True, help_text="The kind of place.")
    country = serializers.CharField(
        read_only=True, allow_null=True, help_text="The country, as ISO 3166-1 alpha-2."
    )


class OutlineSerializer(serializers.Serializer):
    """The outline of a place: a GeoJSON feature."""

    type = serializers.CharField(read_only=True, help_text="Always `Feature`.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the place.")
    bbox = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        read_only=True,
        help_text="The box around it: minlon, minlat, maxlon, maxlat.",
    )
    geometry = AreaGeometrySerializer(read_only=True, help_text="The outline.")
    properties = OutlinePropertiesSerializer(read_only=True, help_text="What it is of.")
    snapshot = serializers.CharField(
        read_only=True, help_text="The snapshot of the edition of the place."
    )


class LinesGeometrySerializer(serializers.Serializer):
    """GeoJSON polygons or lines."""

    type = serializers.CharField(
        read_only=True, help_text="`MultiPolygon` for land and lakes, `MultiLineString` for others."
    )
    coordinates = serializers.ListField(
        read_only=True,
        help_text="The rings of each polygon, or the lines. Both are lists of points, and a point "
        "is a longitude and a latitude.",
    )


class LinesPropertiesSerializer(CreditSerializer):
    """What lines are, and whom to credit for them."""

    kind = serializers.CharField(read_only=True, help_text="`land`, `lake` or `boundary`.")
    status = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Of a boundary: `agreed` or `disputed`, which includes claimed and indefinite "
        "ones, and lines of control. Null for others.",
    )


class LinesSerializer(serializers.Serializer):
    """All lines of one kind and status: a GeoJSON feature."""

    type = serializers.CharField(read_only=True, help_text="Always `Feature`.")
    geometry = LinesGeometrySerializer(read_only=True, help_text="The lines.")
    properties = LinesPropertiesSerializer(read_only=True, help_text="What they are.")


class BordersSerializer(serializers.Serializer):
    """Land, lakes and boundaries, for maps: a GeoJSON feature collection."""

    type = serializers.CharField(read_only=True, help_text="Always `FeatureCollection`.")
    features = LinesSerializer(
        many=True, read_only=True, help_text="At most one for each kind and status."
    )
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")
