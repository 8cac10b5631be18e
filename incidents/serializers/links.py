"""How an incident stands to others, and what it changed."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import Effect, IncidentLink
from publishing.serializers import CodedField, OptionalReference, PartSerializer, RequiredReference
from sources.serializers import CitedSerializer


class IncidentLinkSerializer(CitedSerializer, PartSerializer):
    """How the incident stands to an earlier or a larger one."""

    to = RequiredReference(help_text="The other incident.")

    class Meta:
        model = IncidentLink
        fields = ("kind", "to", "citations")


class EffectClassificationSerializer(PartSerializer):
    """A classification of an actor, which the actor's document tells at length."""

    actor = RequiredReference(help_text="The actor.")
    start = CodedField(
        source="classification_start",
        read_only=True,
        allow_null=True,
        help_text="The start of the classification, as EDTF.",
    )

    class Meta:
        model = Effect
        fields = ("actor", "classification", "start")


class EffectSerializer(CitedSerializer, PartSerializer):
    """A tie, or a classification of an actor, that the incident starts, ends or changes."""

    affiliation = OptionalReference(help_text="The tie; null where it is a classification.")
    classification = serializers.SerializerMethodField(
        help_text="The classification; null where it is a tie."
    )

    class Meta:
        model = Effect
        fields = ("kind", "affiliation", "classification", "citations")

    @extend_schema_field(EffectClassificationSerializer(allow_null=True))
    def get_classification(self, effect: Effect) -> dict[str, Any] | None:
        return _CLASSIFICATION.to_representation(effect) if effect.actor else None


_CLASSIFICATION = EffectClassificationSerializer()
