"""The documents of incidents."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from editorial.api.documents import (
    ENVELOPE,
    CodedField,
    DocumentSerializer,
    OptionalQuote,
    PartSerializer,
    PlaceQuote,
    PlaceRefSerializer,
    PointSerializer,
    RefSerializer,
    RequiredQuote,
)
from editorial.dates import occurrence
from incidents.codes import Certainty, Granularity, InvolvementRole, Precision
from incidents.models import Effect, Incident, IncidentLink, IncidentLocation, Involvement, Target
from places.serializers import PointField
from sources.codes import Assessment
from sources.serializers import CitationSerializer, CitedSerializer, ExternalIdSerializer

PERPETRATORS = (InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR)
"""The roles of those who did it."""


@extend_schema_field(PointSerializer(allow_null=True))
class PublicPointField(PointField):
    """The coordinates of a location, null unless they are public to the full."""

    def to_representation(self, row: IncidentLocation) -> dict[str, float] | None:  # type: ignore[override]
        if row.public_precision != Precision.EXACT:
            return None
        return super().to_representation(row)


class IncidentLocationSerializer(CitedSerializer, PartSerializer):
    """Where the incident, or a part of it, happened, as finely as may be public."""

    place = PlaceQuote(help_text="The place, no finer than the precision.")
    point = PublicPointField(help_text="Its coordinates, when the precision is exact.")
    precision = serializers.ChoiceField(
        Precision.choices,
        source="public_precision",
        read_only=True,
        help_text="How finely readers are told it.",
    )

    class Meta:
        model = IncidentLocation
        fields = ("role", "primary", "place", "point", "precision", "description", "citations")


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


class IncidentLinkSerializer(CitedSerializer, PartSerializer):
    """How the incident stands to an earlier or a larger one."""

    to = RequiredQuote(help_text="The other incident.")

    class Meta:
        model = IncidentLink
        fields = ("kind", "to", "citations")


class EffectClassificationSerializer(PartSerializer):
    """A classification of an actor, which the actor's document tells at length."""

    actor = RequiredQuote(help_text="The actor.")
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

    affiliation = OptionalQuote(help_text="The tie; null where it is a classification.")
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
            if row["actor"]
            and row["role"] in self.roles
            and row["certainty"] != Certainty.RULED_OUT
            and row["assessment"] != Assessment.REJECTED
        }
        return list(reversed(found.values()))


class IncidentDocument(DocumentSerializer):
    """One event, a sum that a source gives, or a series that it speaks of without number."""

    place = serializers.SerializerMethodField(help_text="The place of its primary location.")
    point = serializers.SerializerMethodField(
        help_text="The coordinates of its primary location, when they are public."
    )
    perpetrators = InvolvedField(PERPETRATORS, help_text="Who did it, as we conclude.")
    targets = InvolvedField((InvolvementRole.TARGET,), help_text="Who was its target.")
    victims = InvolvedField((InvolvementRole.VICTIM,), help_text="Who was its victim.")
    locations = IncidentLocationSerializer(many=True, read_only=True, help_text="Where it was.")
    involvements = InvolvementSerializer(
        many=True, read_only=True, help_text="Who took part, as we conclude."
    )
    target_objects = TargetSerializer(
        many=True, read_only=True, help_text="The things that were hit or meant."
    )
    links = IncidentLinkSerializer(
        many=True, read_only=True, help_text="How it stands to other incidents."
    )
    effects = EffectSerializer(
        many=True, read_only=True, help_text="What it started, ended or changed."
    )
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="What other systems call it."
    )
    citations = CitationSerializer(many=True, read_only=True, help_text="What it is founded on.")

    summary = (
        "id",
        "slug",
        "title",
        "event_type",
        "sub_type",
        "violence",
        "outcome",
        "granularity",
        "date",
        "date_start",
        "date_end",
        "date_precision",
        "place",
        "point",
        "perpetrators",
        "targets",
        "victims",
        "external_ids",
        *ENVELOPE,
    )
    prefetch = (
        "locations__place",
        "locations__citations__source",
        "involvements__actor",
        "involvements__on_behalf_of",
        "involvements__citations__source",
        "target_objects__place",
        "target_objects__citations__source",
        "links__to",
        "links__citations__source",
        "effects__affiliation",
        "effects__actor",
        "effects__citations__source",
        "external_ids",
        "citations__source",
    )

    class Meta:
        model = Incident
        fields = (
            "id",
            "slug",
            "title",
            "summary",
            "description",
            "event_type",
            "sub_type",
            "violence",
            "outcome",
            "granularity",
            "date",
            "date_start",
            "date_end",
            "date_precision",
            "as_of",
            "place",
            "point",
            "perpetrators",
            "targets",
            "victims",
            "locations",
            "involvements",
            "target_objects",
            "links",
            "effects",
            "external_ids",
            "citations",
        )

    def derive(self, shown: dict[str, Any]) -> None:
        single = shown["granularity"] == Granularity.SINGLE_EVENT
        as_of = shown["as_of"] and date.fromisoformat(shown["as_of"])
        bounds = occurrence(shown["date"] or "", single=single, as_of=as_of)
        shown["date_start"] = bounds.start and bounds.start.isoformat()
        shown["date_end"] = bounds.end and bounds.end.isoformat()
        shown["date_precision"] = bounds.precision.value
        primary: dict[str, Any] = next((r for r in shown["locations"] if r["primary"]), {})
        shown["place"], shown["point"] = primary.get("place"), primary.get("point")
        for name, field in self.fields.items():
            if isinstance(field, InvolvedField):
                shown[name] = field.of(shown["involvements"])

    @extend_schema_field(PlaceRefSerializer(allow_null=True))
    def get_place(self, incident: Incident) -> dict[str, str] | None:
        primary = _primary(incident)
        return {"id": str(primary.place.public_id)} if primary and primary.place else None

    @extend_schema_field(PointSerializer(allow_null=True))
    def get_point(self, incident: Incident) -> dict[str, float] | None:
        primary = _primary(incident)
        return _POINT.to_representation(primary) if primary else None


_POINT = PublicPointField()


def _primary(incident: Incident) -> IncidentLocation | None:
    return next((row for row in incident.locations.all() if row.primary), None)
