"""The document of an incident, and the properties that it derives from its parts."""

from collections.abc import Iterable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field

from incidents.casualties import MEASURES, derive_casualties, derive_sides
from incidents.codes import (
    AttributionStatus,
    CasualtyMeasure,
    ClaimStatus,
    Granularity,
    InvolvementRole,
    Population,
    Precision,
)
from incidents.models import Incident
from incidents.responsibility import derive_responsibility, is_counted_involvement
from incidents.serializers.assessments import IncidentAssessmentSerializer
from incidents.serializers.casualties import (
    CasualtiesSerializer,
    CasualtyFigureSerializer,
    SideCasualtiesSerializer,
)
from incidents.serializers.dates import derive_days
from incidents.serializers.effects import EffectSerializer
from incidents.serializers.involvements import InvolvementSerializer
from incidents.serializers.links import IncidentLinkSerializer
from incidents.serializers.locations import IncidentLocationSerializer
from incidents.serializers.sources import IncidentSourcesSerializer
from incidents.serializers.statements import ResponsibilityStatementSerializer
from incidents.serializers.targets import TargetSerializer
from incidents.serializers.weapons import WeaponUseSerializer
from publishing.serializers import (
    ENVELOPE,
    DerivedField,
    DerivedFlag,
    DerivedWord,
    DocumentSerializer,
    PlaceReferenceSerializer,
    PointSerializer,
    ReferenceSerializer,
)
from sources.serializers import CitationSerializer, ExternalIdSerializer

CASUALTIES = (MEASURES[0], "killed_civilians", "killed_by_side", *MEASURES[1:])
"""The properties that are derived from casualty figures, in the order of documents."""


class DerivedFromParts(DerivedField):
    """A property that is derived from the parts of an incident."""

    def compute(self, values: dict[str, Any]) -> Any:
        """Return the value for a document whose parts are rendered."""
        raise NotImplementedError


class PrimaryLocationField(DerivedFromParts):
    """A property of the primary location; null if there is none."""

    column: ClassVar[str]

    def compute(self, values: dict[str, Any]) -> Any:
        return next((row[self.column] for row in values["locations"] if row["primary"]), None)


@extend_schema_field(PlaceReferenceSerializer(allow_null=True))
class PrimaryPlaceField(PrimaryLocationField):
    """The place of the primary location, by which the incident is counted."""

    column = "place"


@extend_schema_field(PointSerializer(allow_null=True))
class PrimaryPointField(PrimaryLocationField):
    """The point of the primary location, at which maps show the incident."""

    column = "point"


@extend_schema_field({"$ref": "#/components/schemas/Precision"})
class PrimaryPrecisionField(PrimaryLocationField):
    """The precision of the primary location: that of its point, if it has one."""

    column = "precision"
    choices = dict(Precision.choices)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_null = True


@extend_schema_field(ReferenceSerializer(many=True))
class InvolvedActorsField(DerivedFromParts):
    """The actors that are involved in one of `roles`, each once.

    Involvements that are ruled out or rejected do not count.
    """

    def __init__(self, roles: Iterable[InvolvementRole], **kwargs: Any) -> None:
        self.roles = frozenset(roles)
        super().__init__(**kwargs)

    def compute(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        actors: dict[str, dict[str, Any]] = {}
        for row in values["involvements"]:
            if row["actor"] and row["role"] in self.roles and is_counted_involvement(row):
                actors.setdefault(row["actor"]["id"], row["actor"])
        return list(actors.values())


@extend_schema_field(CasualtiesSerializer)
class CasualtiesField(DerivedFromParts):
    """The recommended number of a measure, or else the lowest number that parts of it imply."""

    def __init__(
        self,
        measure: CasualtyMeasure,
        population: Population = Population.TOTAL,
        **kwargs: Any,
    ) -> None:
        self.measure, self.population = measure, population
        super().__init__(**kwargs)

    def compute(self, values: dict[str, Any]) -> dict[str, int | None]:
        return derive_casualties(values["casualties"], self.measure, self.population)


@extend_schema_field(SideCasualtiesSerializer(many=True))
class SideCasualtiesField(DerivedFromParts):
    """The recommended numbers of a measure for each side."""

    def __init__(self, measure: CasualtyMeasure, **kwargs: Any) -> None:
        self.measure = measure
        super().__init__(**kwargs)

    def compute(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        return derive_sides(values["casualties"], self.measure)


class IncidentDocument(DocumentSerializer):
    """One event, an aggregate that a source reports, or a series of an unknown number of events."""

    needs_citation = True

    place = PrimaryPlaceField(help_text="The place of its primary location.")
    point = PrimaryPointField(
        help_text="The coordinates of its primary location, if they are public."
    )
    precision = PrimaryPrecisionField(
        help_text="How precise its primary location is, as published; null if it has none."
    )
    perpetrators = InvolvedActorsField(
        (InvolvementRole.PERPETRATOR, InvolvementRole.CO_PERPETRATOR),
        help_text="The actors that did it, by our assessment.",
    )
    targets = InvolvedActorsField(
        (InvolvementRole.TARGET,), help_text="The actors that were its target."
    )
    victims = InvolvedActorsField(
        (InvolvementRole.VICTIM,), help_text="The actors that were its victims."
    )
    parties = InvolvedActorsField(
        (InvolvementRole.PARTY,),
        help_text="The actors that fought, on either side, where it is not known who attacked.",
    )
    killed = CasualtiesField(
        CasualtyMeasure.KILLED, help_text="How many people were killed, by the recommended figure."
    )
    killed_civilians = CasualtiesField(
        CasualtyMeasure.KILLED,
        Population.CIVILIANS,
        help_text="How many civilians were killed, by the recommended figure.",
    )
    killed_by_side = SideCasualtiesField(
        CasualtyMeasure.KILLED,
        help_text="How many people of each side were killed, by the recommended figures: of sides "
        "a and b, of the attackers, of security forces, and of actors.",
    )
    injured = CasualtiesField(
        CasualtyMeasure.INJURED,
        help_text="How many people were injured, by the recommended figure.",
    )
    missing = CasualtiesField(
        CasualtyMeasure.MISSING,
        help_text="How many people went missing, by the recommended figure.",
    )
    abducted = CasualtiesField(
        CasualtyMeasure.ABDUCTED,
        help_text="How many people were abducted, by the recommended figure.",
    )
    detained = CasualtiesField(
        CasualtyMeasure.DETAINED,
        help_text="How many people were detained, by the recommended figure.",
    )
    displaced = CasualtiesField(
        CasualtyMeasure.DISPLACED,
        help_text="How many people were displaced, by the recommended figure.",
    )
    claim_status = DerivedWord(
        choices=ClaimStatus.choices,
        help_text="Whether somebody claimed it: one actor, several together, or several who "
        "exclude each other. Statements that are fake, rejected or withdrawn do not count.",
    )
    denied = DerivedFlag(
        help_text="Whether a denial is about an actor that is named as responsible, or assessed as "
        "responsible. A denial is about the actors that it names, or else about its speaker."
    )
    attribution_status = DerivedWord(
        choices=AttributionStatus.choices,
        help_text="How certain our assessment is of who did it.",
    )
    facade_claim = DerivedFlag(
        help_text="Whether it was claimed in the name of a facade, which acts for another actor."
    )
    locations = IncidentLocationSerializer(
        many=True, read_only=True, help_text="Where it happened."
    )
    involvements = InvolvementSerializer(
        many=True, read_only=True, help_text="Who took part, by our assessment."
    )
    statements = ResponsibilityStatementSerializer(
        many=True, read_only=True, help_text="What others say about who did it."
    )
    weapons = WeaponUseSerializer(
        many=True, read_only=True, help_text="The weapons that were used."
    )
    target_objects = TargetSerializer(
        many=True, read_only=True, help_text="The objects that were hit or aimed at."
    )
    casualties = CasualtyFigureSerializer(
        many=True,
        read_only=True,
        help_text="The casualty figures: the recommended ones, and those of single sources.",
    )
    links = IncidentLinkSerializer(
        many=True, read_only=True, help_text="Its links to other incidents."
    )
    effects = EffectSerializer(
        many=True,
        read_only=True,
        help_text="The affiliations and classifications that it started, ended or changed.",
    )
    assessments = IncidentAssessmentSerializer(
        many=True, read_only=True, help_text="What analysts write about it."
    )
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="Its identifiers in other systems."
    )
    citations = CitationSerializer(
        many=True, read_only=True, help_text="The sources that support it."
    )

    summary = (
        "id",
        "slug",
        "title",
        "summary",
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
        "precision",
        "perpetrators",
        "targets",
        "victims",
        "parties",
        *CASUALTIES,
        "claim_status",
        "denied",
        "attribution_status",
        "external_ids",
        *ENVELOPE,
    )
    prefetch = (
        "locations__place",
        "locations__citations__source",
        "involvements__actor",
        "involvements__on_behalf_of",
        "involvements__citations__source",
        "statements__speaker",
        "statements__responsible__actor",
        "statements__responsible__on_behalf_of",
        "statements__citations__source",
        "weapons__supplier",
        "weapons__citations__source",
        "target_objects__place",
        "target_objects__citations__source",
        "casualties__actor",
        "casualties__citations__source",
        "links__to",
        "links__citations__source",
        "effects__affiliation",
        "effects__actor",
        "effects__citations__source",
        "assessments__citations__source",
        "external_ids",
        "citations__source",
    )

    computed = IncidentSourcesSerializer
    point_path = ("point",)
    centroid_path = ("place", "point")

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
            "local_time",
            "motives",
            "civilians_targeted",
            "suicide",
            "property_damage",
            "tags",
            "place",
            "point",
            "precision",
            "perpetrators",
            "targets",
            "victims",
            "parties",
            *CASUALTIES,
            "claim_status",
            "denied",
            "attribution_status",
            "facade_claim",
            "locations",
            "involvements",
            "statements",
            "weapons",
            "target_objects",
            "casualties",
            "links",
            "effects",
            "assessments",
            "external_ids",
            "citations",
        )

    def derive(self, values: dict[str, Any]) -> None:
        derive_days(values, single=values["granularity"] == Granularity.SINGLE_EVENT)
        if values["date_start"] is None:
            values["local_time"] = None
        self._derive_from_parts(values)

    def to_representation(self, instance: Incident) -> dict[str, Any]:
        values: dict[str, Any] = super().to_representation(instance)
        self._derive_from_parts(values)
        return values

    def _derive_from_parts(self, values: dict[str, Any]) -> None:
        """Set the properties that follow from the parts."""
        for name, field in self.fields.items():
            if isinstance(field, DerivedFromParts):
                values[name] = field.compute(values)
        values |= derive_responsibility(values["involvements"], values["statements"])._asdict()
