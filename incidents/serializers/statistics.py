"""The answer of statistics."""

from rest_framework import serializers


class CasualtySumsSerializer(serializers.Serializer):
    """The sums of a toll over incidents; what is not known counts as none, and is told beside."""

    low = serializers.IntegerField(read_only=True, help_text="The sum of the lowest numbers.")
    best = serializers.IntegerField(read_only=True, help_text="The sum of the best numbers.")
    high = serializers.IntegerField(read_only=True, help_text="The sum of the highest numbers.")
    unknown = serializers.IntegerField(
        read_only=True, help_text="How many incidents have no best number."
    )


class GroupKeySerializer(serializers.Serializer):
    """What the incidents of a group have in common."""

    by = serializers.CharField(read_only=True, help_text="The word that was grouped by.")
    key = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="A period, a word, a code or a public id; null: it is not known, or not so "
        "precisely.",
    )
    label = serializers.CharField(  # type: ignore[assignment]
        read_only=True, allow_null=True, help_text="What the key is called, in English."
    )


class GroupSerializer(serializers.Serializer):
    """Incidents that have something in common."""

    keys = GroupKeySerializer(
        many=True, read_only=True, help_text="What they have in common, in the order asked for."
    )
    incidents = serializers.IntegerField(read_only=True, help_text="How many they are.")
    killed = CasualtySumsSerializer(read_only=True, help_text="How many were killed.")
    injured = CasualtySumsSerializer(read_only=True, help_text="How many were injured.")
    list = serializers.URLField(
        read_only=True,
        allow_null=True,
        help_text="The list of just these incidents, whose count is `incidents`; null where a key "
        "is null, or no parameters can say it together with what was asked.",
    )


class StatisticsSerializer(serializers.Serializer):
    """Incidents and tolls, counted."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot that was counted.")
    total = serializers.IntegerField(
        read_only=True, help_text="How many incidents, each counted once."
    )
    killed = CasualtySumsSerializer(read_only=True, help_text="How many were killed in all.")
    injured = CasualtySumsSerializer(read_only=True, help_text="How many were injured in all.")
    list = serializers.URLField(
        read_only=True, help_text="The list of all these incidents, whose count is `total`."
    )
    groups = GroupSerializer(
        many=True, read_only=True, help_text="The groups, in the order of their keys, null last."
    )
