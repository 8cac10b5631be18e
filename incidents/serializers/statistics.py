"""The response of statistics."""

from rest_framework import serializers

from api.problems import WARNINGS, WarningSerializer


class CasualtySumsSerializer(serializers.Serializer):
    """Sums of casualties over incidents. Incidents without any number add 0.

    Numbers are added as they are stated. `high` is an upper bound only if `without_high` and
    `unknown` are 0. If `out_of_order` is 0, `low` is at most `best`, and `best` at most `high`.
    """

    low = serializers.IntegerField(
        read_only=True,
        help_text="The sum of the lowest numbers; the best number counts where there is none.",
    )
    best = serializers.IntegerField(
        read_only=True,
        help_text="The sum of the best numbers; the lowest number counts where there is none.",
    )
    high = serializers.IntegerField(
        read_only=True,
        help_text="The sum of the highest numbers; the best or else the lowest number counts where "
        "there is none.",
    )
    without_best = serializers.IntegerField(
        read_only=True, help_text="The number of incidents with a number, but no best one."
    )
    without_high = serializers.IntegerField(
        read_only=True, help_text="The number of incidents with a number, but no highest one."
    )
    unknown = serializers.IntegerField(
        read_only=True, help_text="The number of incidents without any number."
    )
    out_of_order = serializers.IntegerField(
        read_only=True,
        help_text="The number of incidents whose low, best and high contradict each other.",
    )


class MeasuresSerializer(serializers.Serializer):
    """The sums of casualties by measure."""

    killed = CasualtySumsSerializer(read_only=True, help_text="The number of people killed.")
    injured = CasualtySumsSerializer(read_only=True, help_text="The number of people injured.")
    missing = CasualtySumsSerializer(read_only=True, help_text="The number of people missing.")
    abducted = CasualtySumsSerializer(read_only=True, help_text="The number of people abducted.")
    detained = CasualtySumsSerializer(read_only=True, help_text="The number of people detained.")
    displaced = CasualtySumsSerializer(read_only=True, help_text="The number of people displaced.")


class GroupKeySerializer(serializers.Serializer):
    """One of the values that the incidents of a group have in common."""

    by = serializers.CharField(read_only=True, help_text="The name of the grouping.")
    key = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="A period, a word, a code or a public id; null if not known, or not precisely "
        "enough.",
    )
    label = serializers.CharField(  # type: ignore[assignment]
        read_only=True, allow_null=True, help_text="The label of the key, in English."
    )


class GroupSerializer(MeasuresSerializer):
    """Incidents that have something in common."""

    keys = GroupKeySerializer(
        many=True,
        read_only=True,
        help_text="The values that they have in common, in the requested order.",
    )
    incidents = serializers.IntegerField(read_only=True, help_text="The number of incidents.")
    list = serializers.URLField(
        read_only=True,
        allow_null=True,
        help_text="The list of these incidents, whose count is `incidents`. It is null with "
        "`links=false`, and where no parameters can express it: a week in a part of which only it "
        "is counted; a country, if `country` names other places; an actor, if the request has "
        "actors of the same role with a scope on the day of the incident; a record that has been "
        "withdrawn.",
    )


class StatisticsSerializer(MeasuresSerializer):
    """Counts of incidents and sums of casualties."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the statistics.")
    total = serializers.IntegerField(
        read_only=True, help_text="The number of incidents, each counted once."
    )
    list = serializers.URLField(
        read_only=True, help_text="The list of all these incidents, whose count is `total`."
    )
    first_keys = serializers.IntegerField(
        read_only=True,
        help_text="The number of keys of the first property, null included, and also those that "
        "`limit` leaves out.",
    )
    groups = GroupSerializer(
        many=True,
        read_only=True,
        help_text="The groups, in the order that `sort` says; none without `group_by`.",
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
