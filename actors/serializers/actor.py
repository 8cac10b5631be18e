"""The documents of actors."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actors.codes import ActorKind, ClassificationWord
from actors.models import Actor
from actors.serializers.parts import (
    ActorAssessmentSerializer,
    ActorAttributeSerializer,
    ActorClassificationSerializer,
    ActorNameSerializer,
    DesignationSerializer,
    PresenceSerializer,
    StrengthEstimateSerializer,
)
from dates import parse
from publishing.serializers import (
    ENVELOPE,
    DerivedWord,
    DocumentSerializer,
    OptionalPlaceReference,
    OptionalReference,
    PartSerializer,
    ValiditySerializer,
)
from sources.codes import Assessment
from sources.serializers import CitationSerializer, ExternalIdSerializer


class IndividualSerializer(PartSerializer):
    """What is told of individuals alone."""

    class Meta:
        model = Actor
        fields = ("life_status", "gender", "birth", "death")


class ActorDocument(DocumentSerializer):
    """Whoever acts or is acted upon, from states to individuals."""

    country = OptionalPlaceReference(help_text="Its home country.")
    publisher = OptionalReference(
        help_text="Of a media outlet: the publisher as which its pieces are cited."
    )
    classification = DerivedWord(
        choices=ClassificationWord.choices,
        help_text="Its accepted primary classification with the latest start, or unknown.",
    )
    names = ActorNameSerializer(many=True, read_only=True, help_text="Its further names.")
    existence = ValiditySerializer(source="*", read_only=True, help_text="When it existed.")
    individual = serializers.SerializerMethodField(help_text="Null unless kind is individual.")
    classifications = ActorClassificationSerializer(
        many=True, read_only=True, help_text="What it was, period by period."
    )
    attributes = ActorAttributeSerializer(
        many=True, read_only=True, help_text="What it believes, wants, does or belongs to."
    )
    designations = DesignationSerializer(
        many=True, read_only=True, help_text="On which lists states and organisations put it."
    )
    presences = PresenceSerializer(
        many=True, read_only=True, help_text="Where it was, and what it controlled."
    )
    strength_estimates = StrengthEstimateSerializer(
        many=True, read_only=True, help_text="How strong it was."
    )
    assessments = ActorAssessmentSerializer(
        many=True, read_only=True, help_text="What analysts make of it."
    )
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="What other systems call it."
    )
    citations = CitationSerializer(many=True, read_only=True, help_text="What it is founded on.")

    summary = (
        "id",
        "slug",
        "name",
        "kind",
        "identified",
        "classification",
        "country",
        "names",
        "existence",
        "external_ids",
        *ENVELOPE,
    )
    prefetch = (
        "country",
        "publisher",
        "names__citations__source",
        "classifications__citations__source",
        "attributes__citations__source",
        "designations__citations__source",
        "presences__place",
        "presences__citations__source",
        "strength_estimates__citations__source",
        "assessments__citations__source",
        "external_ids",
        "citations__source",
    )

    class Meta:
        model = Actor
        fields = (
            "id",
            "slug",
            "name",
            "kind",
            "identified",
            "classification",
            "country",
            "names",
            "existence",
            "individual",
            "publisher",
            "summary",
            "description",
            "classifications",
            "attributes",
            "designations",
            "presences",
            "strength_estimates",
            "assessments",
            "external_ids",
            "citations",
        )

    def derive(self, shown: dict[str, Any]) -> None:
        shown["classification"] = _latest(shown["classifications"])

    def to_representation(self, instance: Actor) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        self.derive(shown)
        return shown

    @extend_schema_field(IndividualSerializer(allow_null=True))
    def get_individual(self, actor: Actor) -> dict[str, Any] | None:
        if actor.kind != ActorKind.INDIVIDUAL:
            return None
        return _INDIVIDUAL.to_representation(actor)


_INDIVIDUAL = IndividualSerializer()


def _latest(classifications: list[dict[str, Any]]) -> str:
    """Return the accepted primary classification that starts last; of equal ones the later row."""
    held = [
        row
        for row in reversed(classifications)
        if row["primary"] and row["assessment"] == Assessment.ACCEPTED
    ]
    latest = max(held, key=_start, default={"classification": ClassificationWord.UNKNOWN.value})
    return str(latest["classification"])


def _start(row: dict[str, Any]) -> date:
    """Return the first day on which a row may have started, as far as its start is known."""
    start = row["validity"]["start"]
    return (start and parse(start).earliest) or date.min
