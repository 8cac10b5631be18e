"""The response of the grid."""

from rest_framework import serializers

from api.problems import WARNINGS, WarningSerializer
from incidents.codes import Precision
from incidents.serializers.facets import EXACT
from publishing.serializers import PointSerializer


class CellPrecisionsSerializer(serializers.Serializer):
    """Numbers of incidents by the precision of their point."""

    exact = serializers.IntegerField(read_only=True, help_text="Within about 100 metres.")
    settlement = serializers.IntegerField(
        read_only=True, help_text="In a settlement, at its centre."
    )
    near_settlement = serializers.IntegerField(
        read_only=True, help_text="Within about 25 kilometres of a settlement."
    )


class GridCellSerializer(serializers.Serializer):
    """A cell of the grid with incidents. It includes its west and south edges."""

    west = serializers.FloatField(read_only=True, help_text="The longitude of its west edge.")
    south = serializers.FloatField(read_only=True, help_text="The latitude of its south edge.")
    east = serializers.FloatField(read_only=True, help_text="The longitude of its east edge.")
    north = serializers.FloatField(read_only=True, help_text="The latitude of its north edge.")
    point = PointSerializer(read_only=True, help_text="The mean of the points of its incidents.")
    incidents = serializers.IntegerField(read_only=True, help_text="The number of incidents.")
    precisions = CellPrecisionsSerializer(
        read_only=True, help_text="These incidents by the precision of their point."
    )


class PrecisionCountSerializer(serializers.Serializer):
    """The number of incidents whose location is known this precisely, without a public point."""

    precision = serializers.ChoiceField(
        Precision.choices, read_only=True, help_text="How precise the published location is."
    )
    incidents = serializers.IntegerField(read_only=True, help_text="The number of incidents.")


class NotOnMapSerializer(serializers.Serializer):
    """The incidents that a map must not show at a point."""

    incidents = serializers.IntegerField(read_only=True, help_text="Their number.")
    without_location = serializers.IntegerField(
        read_only=True, help_text="The number of those without a primary location."
    )
    precisions = PrecisionCountSerializer(
        many=True,
        read_only=True,
        help_text="The others, by the precision of their location, the finest first. Their area "
        "is known; or it is a point, such as an exact one, that is not public or not known.",
    )


class GridSerializer(serializers.Serializer):
    """Numbers of incidents by cell of a map, each incident at its primary location only."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")
    zoom = serializers.IntegerField(read_only=True, help_text="The zoom of the map.")
    size = serializers.FloatField(
        read_only=True, help_text="The height and the width of a cell in degrees."
    )
    incidents = serializers.IntegerField(
        read_only=True,
        help_text="The number of incidents in all cells and `not_on_map`. Without `bbox` and "
        "`near` it is the `count` of the list with the same filters.",
    )
    is_exact = serializers.BooleanField(read_only=True, help_text=EXACT)
    cells = GridCellSerializer(
        many=True,
        read_only=True,
        help_text="The cells with incidents, from south to north, then from west to east. Only "
        "public points count whose precision is `exact`, `settlement` or `near_settlement`.",
    )
    not_on_map = NotOnMapSerializer(
        read_only=True,
        help_text="The incidents without such a point, whatever `bbox` and `near` are: they may "
        "have happened anywhere in their area.",
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
