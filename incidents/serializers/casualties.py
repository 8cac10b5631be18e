"""What an incident cost in people."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.codes import CasualtyMeasure, Population
from incidents.models import CasualtyFigure
from incidents.serializers.derived import OfParts
from publishing.serializers import OptionalReference, PartSerializer
from sources.codes import FigureRole
from sources.serializers import CitedSerializer


class CasualtyFigureSerializer(CitedSerializer, PartSerializer):
    """How many were killed, injured, missing, abducted, detained or displaced; null is not known.

    The numbers of a source are told as it gives them, even where they are out of order.
    """

    actor = OptionalReference(help_text="Whose people they were, where that is known.")

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


class TollSerializer(serializers.Serializer):
    """How many; null is not known, which is not 0."""

    low = serializers.IntegerField(read_only=True, allow_null=True, help_text="The lowest number.")
    best = serializers.IntegerField(read_only=True, allow_null=True, help_text="The best number.")
    high = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The highest number."
    )


@extend_schema_field(TollSerializer)
class TollField(OfParts):
    """The recommended figure of everyone to whom something was done."""

    def __init__(self, measure: CasualtyMeasure, **kwargs: Any) -> None:
        self.measure = measure
        super().__init__(**kwargs)

    def of(self, shown: dict[str, Any]) -> dict[str, int | None]:
        found = (
            row
            for row in shown["casualties"]
            if row["role"] == FigureRole.RECOMMENDED
            and row["measure"] == self.measure
            and row["population"] == Population.TOTAL
            and not row["actor"]
            and not row["nationality"]
        )
        toll: dict[str, Any] = next(found, {})
        return {bound: toll.get(bound) for bound in ("low", "best", "high")}
