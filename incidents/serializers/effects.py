"""The effects in the document of an incident."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import Effect
from publishing.serializers import CodedField, OptionalReference, PartSerializer, RequiredReference
from sources.serializers import CitedSerializer


class EffectClassificationSerializer(PartSerializer):
    """A classification of an actor; its details are in the document of the actor."""

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
    """An affiliation or a classification that the incident starts, ends or changes."""

    affiliation = OptionalReference(
        help_text="The affiliation; null if the effect is on a classification."
    )
    classification = serializers.SerializerMethodField(
        help_text="The classification; null if the effect is on an affiliation."
    )

    class Meta:
        model = Effect
        fields = ("kind", "affiliation", "classification", "citations")

    @extend_schema_field(EffectClassificationSerializer(allow_null=True))
    def get_classification(self, effect: Effect) -> dict[str, Any] | None:
        return _CLASSIFICATION.to_representation(effect) if effect.actor else None


_CLASSIFICATION = EffectClassificationSerializer()
