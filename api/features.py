"""The description of streams of GeoJSON (RFC 7946)."""

from rest_framework import serializers


class PointGeometrySerializer(serializers.Serializer):
    """A GeoJSON point."""

    type = serializers.CharField(read_only=True, help_text="Always `Point`.")
    coordinates = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        read_only=True,
        help_text="Longitude and latitude.",
    )


class FeatureSerializer(serializers.Serializer):
    """A GeoJSON feature: one result."""

    type = serializers.CharField(read_only=True, help_text="Always `Feature`.")
    id = serializers.UUIDField(read_only=True, help_text="The public id.")
    geometry = PointGeometrySerializer(
        read_only=True, allow_null=True, help_text="The point; null if no point is public."
    )
    properties = serializers.DictField(
        read_only=True,
        help_text="`is_centroid`, and the summary (the document with `detail=true`).",
    )


class FeatureEndSerializer(serializers.Serializer):
    """The end of a complete stream of GeoJSON."""

    count = serializers.IntegerField(read_only=True, help_text="The number of features.")
    without_point = serializers.IntegerField(
        read_only=True, help_text="The number of features without a geometry."
    )
    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")


class FeatureCollectionSerializer(serializers.Serializer):
    """All matching results, for a map."""

    type = serializers.CharField(read_only=True, help_text="Always `FeatureCollection`.")
    features = FeatureSerializer(many=True, read_only=True, help_text="The results.")
    end = FeatureEndSerializer(
        read_only=True, help_text="The end; a stream without it is incomplete."
    )
