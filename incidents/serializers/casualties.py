"""The casualties in the document of an incident."""

from rest_framework import serializers

from incidents.models import CasualtyFigure
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


class CasualtyFigureSerializer(CitedSerializer, PartSerializer):
    """How many were killed, injured, missing, abducted, detained or displaced; null if not known.

    The numbers are those of the source, even where low, best and high are not in order.
    """

    actor = OptionalReference(help_text="The actor whose people are counted, if known.")

    class Meta:
        model = CasualtyFigure
        fields = (
            "measure",
            "population",
            "actor",
            "nationality",
            "low",
            "best",
            "high",
            "quantifier",
            "role",
            "as_of",
            "note",
            "citations",
        )


class CasualtiesSerializer(serializers.Serializer):
    """A number of people as low, best and high; null means not known, which is not 0.

    The numbers are those of the recommended figure, as its source states them. A vague word without
    a number, such as dozens, counts as `low`. Without a recommended total, `low` is the largest
    number among the recommended figures of some of the people.
    """

    low = serializers.IntegerField(read_only=True, allow_null=True, help_text="The lowest number.")
    best = serializers.IntegerField(read_only=True, allow_null=True, help_text="The best number.")
    high = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The highest number."
    )


class SideCasualtiesSerializer(CasualtiesSerializer, PartSerializer):
    """A number of people of one side, or of one actor; null means not known, which is not 0."""

    actor = OptionalReference(help_text="The actor whose people are counted, if known.")

    class Meta:
        model = CasualtyFigure
        fields = ("population", "actor", "nationality", "low", "best", "high")
