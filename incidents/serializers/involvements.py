"""Who took part in an incident, and what was hit."""

from typing import Any

from drf_spectacular.utils import extend_schema_field

from incidents.codes import InvolvementRole
from incidents.models import Involvement, Target
from incidents.responsibility import stands
from incidents.serializers.derived import OfParts
from publishing.serializers import (
    OptionalPlaceReference,
    OptionalReference,
    PartSerializer,
    ReferenceSerializer,
)
from sources.serializers import CitedSerializer

PERPETRATORS = (InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR)
"""The roles of those who did it."""


class InvolvementSerializer(CitedSerializer, PartSerializer):
    """Our conclusion that an actor took part. Who said so is another matter."""

    actor = OptionalReference(help_text="Who it was; null where there is only a label.")
    on_behalf_of = OptionalReference(help_text="The principal of a facade or of a wing.")

    class Meta:
        model = Involvement
        fields = (
            "role",
            "actor",
            "label",
            "side",
            "primary",
            "certainty",
            "on_behalf_of",
            "rationale",
            "assessment",
            "note",
            "citations",
        )


class TargetSerializer(CitedSerializer, PartSerializer):
    """A thing that was hit or meant."""

    place = OptionalPlaceReference(help_text="The place that it is, such as a base.")

    class Meta:
        model = Target
        fields = ("type", "name", "place", "nationality", "hit", "intended", "citations")


@extend_schema_field(ReferenceSerializer(many=True))
class InvolvedField(OfParts):
    """The actors involved in one of some roles, each once; ruled out and rejected ones left out."""

    def __init__(self, roles: tuple[InvolvementRole, ...], **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(**kwargs)

    def of(self, shown: dict[str, Any]) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for row in shown["involvements"]:
            if row["actor"] and row["role"] in self.roles and stands(row):
                found.setdefault(row["actor"]["id"], row["actor"])
        return list(found.values())
