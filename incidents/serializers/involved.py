"""Who took part in an incident, and what was hit."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.documents import OptionalQuote, PartSerializer, PlaceQuote, RefSerializer
from incidents.codes import Certainty, InvolvementRole
from incidents.models import Incident, Involvement, Target
from incidents.responsibility import stands
from sources.codes import Assessment
from sources.serializers import CitedSerializer

PERPETRATORS = (InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR)
"""The roles of those who did it."""


class InvolvementSerializer(CitedSerializer, PartSerializer):
    """Our conclusion that an actor took part. Who said so is another matter."""

    actor = OptionalQuote(help_text="Who it was; null where there is only a label.")
    on_behalf_of = OptionalQuote(help_text="The principal of a facade or of a wing.")

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

    place = PlaceQuote(help_text="The place that it is, such as a base.")

    class Meta:
        model = Target
        fields = ("type", "name", "place", "nationality", "hit", "intended", "citations")


@extend_schema_field(RefSerializer(many=True))
class InvolvedField(serializers.Field):
    """The actors involved in one of some roles, each once; ruled out and rejected ones left out."""

    def __init__(self, roles: tuple[InvolvementRole, ...], **kwargs: Any) -> None:
        self.roles = roles
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, incident: Incident) -> list[dict[str, str]]:
        found = {
            str(row.actor.public_id): None
            for row in incident.involvements.all()
            if row.actor
            and row.role in self.roles
            and row.certainty != Certainty.RULED_OUT
            and row.assessment != Assessment.REJECTED
        }
        return [{"id": public_id} for public_id in found]

    def of(self, involvements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the same of the involvements of a document."""
        found = {
            row["actor"]["id"]: row["actor"]
            for row in reversed(involvements)
            if row["actor"] and row["role"] in self.roles and stands(row)
        }
        return list(reversed(found.values()))
