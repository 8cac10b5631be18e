"""The response of suggestions."""

from rest_framework import serializers

from publishing.serializers import ReferenceSerializer


class YearsSerializer(serializers.Serializer):
    """The first and the last year; null where it is not known."""

    first = serializers.IntegerField(read_only=True, allow_null=True, help_text="The first year.")
    last = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The last year; also null if it still exists."
    )


class SuggestionSerializer(ReferenceSerializer):
    """A record that the letters may mean: a reference to it, with the name that matches."""

    name = serializers.CharField(read_only=True, help_text="Its name or title.")
    matched_name = serializers.CharField(
        read_only=True, help_text="The name that matches, in its own script."
    )
    country = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="ISO 3166-1 alpha-2 code of its country; sources have none.",
    )
    years = YearsSerializer(
        read_only=True,
        allow_null=True,
        help_text="The years in which the existence of an actor began and ended; if no date is "
        "known, those of its first and last dated incident. Null for other types.",
    )
    incidents = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="The number of incidents: of an actor, those that it is involved in, in any "
        "role; of a place, those located there; of a source or publisher, those that cite it. "
        "Null if there are over 100,000, and for a place with other places in it: these are not "
        "added, and it is ranked by the incidents at the place itself.",
    )
