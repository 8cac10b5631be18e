"""The response of series."""

from rest_framework import serializers

from api.problems import WARNINGS, WarningSerializer
from incidents.serializers.statistics import CasualtySumsSerializer, GroupKeySerializer


class SeriesNumbersSerializer(serializers.Serializer):
    """A number of incidents, with the people killed in them."""

    incidents = serializers.IntegerField(read_only=True, help_text="The number of incidents.")
    killed = CasualtySumsSerializer(
        read_only=True, help_text="The number of people killed in these incidents."
    )


class IntervalSerializer(serializers.Serializer):
    """An interval of a series, such as a month."""

    name = serializers.CharField(
        read_only=True, help_text="The interval, such as 2014, 2014-Q2, 2014-06 or 2014-W24."
    )
    first_day = serializers.DateField(read_only=True, help_text="Its first day.")
    last_day = serializers.DateField(read_only=True, help_text="Its last day.")
    is_finished = serializers.BooleanField(
        read_only=True, help_text="Whether it had ended when the snapshot was published."
    )
    certain = SeriesNumbersSerializer(
        read_only=True,
        help_text="The incidents that certainly lie in it: all their possible days do, and the "
        "date is not doubtful. They are those of the list with `occurred_from`, `occurred_to` and "
        "`dates=certain`.",
    )
    possible = SeriesNumbersSerializer(
        read_only=True,
        help_text="The incidents that may lie in it, the certain and the undated ones included. An "
        "incident may lie in several intervals, so do not add them up.",
    )
    coarser = serializers.IntegerField(
        read_only=True,
        help_text="The number of the possible incidents whose date is less precise than the "
        "interval, such as one of 2014 in June 2014.",
    )


class CoarserSerializer(SeriesNumbersSerializer):
    """Incidents whose date is less precise than an interval."""

    year = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="The year of all their possible days; null if they are in several years or not "
        "known.",
    )


class SeriesSerializer(SeriesNumbersSerializer):
    """A series: incidents with a value in common, or all.

    Each of its incidents is either certain in one interval, or in `coarser`, or in `between`.
    """

    group = GroupKeySerializer(
        read_only=True, allow_null=True, help_text="The value in common; null without `by`."
    )
    intervals = IntervalSerializer(
        many=True,
        read_only=True,
        help_text="All intervals in order, also empty ones: those of the filters by date, or from "
        "the first to the last incident with a precise date.",
    )
    coarser = CoarserSerializer(
        many=True,
        read_only=True,
        help_text="The incidents whose date is less precise than an interval, by year, null last.",
    )
    between = SeriesNumbersSerializer(
        read_only=True,
        help_text="The incidents with a precise date that certainly lie in no interval: the date "
        "is doubtful, or its days are in several intervals.",
    )


class SeriesListSerializer(serializers.Serializer):
    """Incidents and people killed by interval of time."""

    snapshot = serializers.CharField(read_only=True, help_text="The snapshot of the answer.")
    interval = serializers.CharField(read_only=True, help_text="The length of an interval.")
    incidents = serializers.IntegerField(
        read_only=True, help_text="The number of incidents, each counted once."
    )
    keys = serializers.IntegerField(
        read_only=True, help_text="The number of series, including those that `limit` leaves out."
    )
    series = SeriesSerializer(
        many=True, read_only=True, help_text="The series, that with most incidents first."
    )
    warnings = WarningSerializer(many=True, read_only=True, help_text=WARNINGS)
