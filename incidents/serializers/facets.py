"""The response of facets."""

from rest_framework import serializers

from api.problems import WARNINGS, WarningSerializer
from incidents.filters.facets import Facet
from publishing.serializers import GrowingWordField

EXACT = (
    "Whether all matches were counted. If not, only those published last were, and the numbers are "
    "lower bounds."
)


class FacetValueSerializer(serializers.Serializer):
    """A value of a facet."""

    key = serializers.CharField(
        read_only=True,
        help_text="A word, a code, a year or a public id: use it as the value of `parameter`.",
    )
    label = serializers.CharField(  # type: ignore[assignment]
        read_only=True,
        allow_null=True,
        help_text="The label of the key, in English; null for a record that has been withdrawn, "
        "which no filter finds.",
    )
    incidents = serializers.IntegerField(
        read_only=True, help_text="The number of incidents with this value."
    )


class FacetSerializer(serializers.Serializer):
    """The most frequent values of a property of the incidents that match."""

    name = GrowingWordField(Facet.choices, read_only=True, help_text="The property.")
    parameter = serializers.CharField(
        read_only=True, help_text="The parameter that filters by it, which the facet ignores."
    )
    incidents = serializers.IntegerField(
        read_only=True,
        help_text="The number of incidents that match all other parameters. An incident with "
        "several values is counted with each of them.",
    )
    is_exact = serializers.BooleanField(read_only=True, help_text=EXACT)
    without = serializers.IntegerField(
        read_only=True,
        help_text="The number of these without a value: it is not known, or not precisely enough.",
    )
    keys = serializers.IntegerField(
        read_only=True, help_text="The number of values, including those that `limit` leaves out."
    )
    values = FacetValueSerializer(
        many=True,
        read_only=True,
        help_text="The most frequent values first, then by key.",
    )


class FacetCountsSerializer(serializers.Serializer):
    """The most frequent values of some properties of the incidents that match."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")
    incidents = serializers.IntegerField(
        read_only=True, help_text="The number of incidents that match all parameters."
    )
    is_exact = serializers.BooleanField(read_only=True, help_text=EXACT)
    facets = FacetSerializer(
        many=True, read_only=True, help_text="The facets, in the requested order."
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
