"""The document of an actor."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from actors.codes import ActorKind, ClassificationWord
from actors.models import Actor
from actors.serializers.assessments import ActorAssessmentSerializer
from actors.serializers.attributes import ActorAttributeSerializer
from actors.serializers.classifications import ActorClassificationSerializer
from actors.serializers.designations import DesignationSerializer
from actors.serializers.names import ActorNameSerializer
from actors.serializers.presence import PresenceSerializer
from actors.serializers.strength import StrengthEstimateSerializer
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
    """The properties that only individuals have."""

    class Meta:
        model = Actor
        fields = ("life_status", "gender", "birth", "death")


class ActorDocument(DocumentSerializer):
    """A state, an organisation, a group or a person that takes part in events."""

    needs_citation = True

    country = OptionalPlaceReference(help_text="The home country.")
    publisher = OptionalReference(
        help_text="The publisher of the articles of a media outlet; null for other actors."
    )
    classification = DerivedWord(
        choices=ClassificationWord.choices,
        help_text="The accepted primary classification with the latest start, or `unknown`. With "
        "`at`, only CSV has the one of that time instead.",
    )
    names = ActorNameSerializer(
        many=True, read_only=True, help_text="The names other than the main name."
    )
    existence = ValiditySerializer(
        source="*", read_only=True, help_text="The period in which the actor exists."
    )
    individual = serializers.SerializerMethodField(
        help_text="The properties of an individual; null for other actors."
    )
    classifications = ActorClassificationSerializer(
        many=True, read_only=True, help_text="The classifications, by period."
    )
    attributes = ActorAttributeSerializer(
        many=True, read_only=True, help_text="Ideologies, goals, activities and other attributes."
    )
    designations = DesignationSerializer(
        many=True,
        read_only=True,
        help_text="The lists of states and international organisations that include the actor.",
    )
    presences = PresenceSerializer(
        many=True,
        read_only=True,
        help_text="The places where the actor was, and its control over them.",
    )
    strength_estimates = StrengthEstimateSerializer(
        many=True, read_only=True, help_text="The estimates of strength."
    )
    assessments = ActorAssessmentSerializer(
        many=True, read_only=True, help_text="What analysts write about the actor."
    )
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="The identifiers in other systems."
    )
    citations = CitationSerializer(
        many=True, read_only=True, help_text="The sources that support the record."
    )

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

    def derive(self, values: dict[str, Any]) -> None:
        values["classification"] = _choose_latest(values["classifications"])

    def to_representation(self, instance: Actor) -> dict[str, Any]:
        values: dict[str, Any] = super().to_representation(instance)
        self.derive(values)
        return values

    @extend_schema_field(IndividualSerializer(allow_null=True))
    def get_individual(self, actor: Actor) -> dict[str, Any] | None:
        if actor.kind != ActorKind.INDIVIDUAL:
            return None
        return _INDIVIDUAL.to_representation(actor)


_INDIVIDUAL = IndividualSerializer()


def _choose_latest(classifications: list[dict[str, Any]]) -> str:
    """Return the accepted primary classification with the latest start, or the later row of two."""
    primary = [
        row
        for row in reversed(classifications)
        if row["primary"] and row["assessment"] == Assessment.ACCEPTED
    ]
    latest = max(
        primary, key=_get_first_start, default={"classification": ClassificationWord.UNKNOWN.value}
    )
    return str(latest["classification"])


def _get_first_start(row: dict[str, Any]) -> date:
    """Return the earliest day of the start of a row, or the first of all days if not known."""
    start = row["validity"]["start"]
    return (start and parse(start).earliest) or date.min
