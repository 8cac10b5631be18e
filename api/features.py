"""How a stream of GeoJSON is described (RFC 7946)."""

from rest_framework import serializers


class PointGeometrySerializer(serializers.Serializer):
    """A point of GeoJSON."""

    type = serializers.CharField(read_only=True, help_text="Always `Point`.")
    coordinates = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        read_only=True,
        help_text="Longitude and latitude.",
    )


class FeatureSerializer(serializers.Serializer):
    """A result on the map."""

    type = serializers.CharField(read_only=True, help_text="Always `Feature`.")
    id = serializers.UUIDField(read_only=True, help_text="The public id.")
    geometry = PointGeometrySerializer(
        read_only=True, allow_null=True, help_text="Null where no point is public."
    )
    properties = serializers.DictField(
        read_only=True,
        help_text="`is_centroid`, and the summary, or with `detail=true` the document.",
    )


class FeatureEndSerializer(serializers.Serializer):
    """What ends a stream of GeoJSON that is whole."""

    count = serializers.IntegerField(read_only=True, help_text="How many features there are.")
    without_point = serializers.IntegerField(
        read_only=True, help_text="How many of them have no geometry."
    )
    snapshot = serializers.CharField(
        read_only=True, help_text="The snapshot that was answered from."
    )


class FeatureCollectionSerializer(serializers.Serializer):
    """All that matches, for a map."""

    type = serializers.CharField(read_only=True, help_text="Always `FeatureCollection`.")
    features = FeatureSerializer(many=True, read_only=True, help_text="The results.")
    end = FeatureEndSerializer(read_only=True, help_text="Without it, the stream was broken off.")
