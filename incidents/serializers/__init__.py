"""The document of an incident."""

from typing import Any

from incidents.codes import (
    AttributionStatus,
    CasualtyMeasure,
    ClaimStatus,
    Granularity,
    InvolvementRole,
)
from incidents.models import Incident
from incidents.responsibility import derive_responsibility
from incidents.serializers.assessments import IncidentAssessmentSerializer
from incidents.serializers.casualties import CasualtiesField, CasualtyFigureSerializer
from incidents.serializers.dates import derive_days
from incidents.serializers.derived import DerivedFromParts
from incidents.serializers.involvements import (
    PERPETRATOR_ROLES,
    InvolvedActorsField,
    InvolvementSerializer,
    TargetSerializer,
)
from incidents.serializers.links import EffectSerializer, IncidentLinkSerializer
from incidents.serializers.locations import (
    IncidentLocationSerializer,
    PrimaryPlaceField,
    PrimaryPointField,
)
from incidents.serializers.statements import ResponsibilityStatementSerializer
from incidents.serializers.weapons import WeaponUseSerializer
from publishing.serializers import ENVELOPE, DerivedFlag, DerivedWord, DocumentSerializer
from sources.serializers import CitationSerializer, ExternalIdSerializer


class IncidentDocument(DocumentSerializer):
    """One event, a sum that a source gives, or a series that it speaks of without number."""

    place = PrimaryPlaceField(help_text="The place of its primary location.")
    point = PrimaryPointField(
        help_text="The coordinates of its primary location, when they are public."
    )
    perpetrators = InvolvedActorsField(PERPETRATOR_ROLES, help_text="Who did it, as we conclude.")
    targets = InvolvedActorsField((InvolvementRole.TARGET,), help_text="Who was its target.")
    victims = InvolvedActorsField((InvolvementRole.VICTIM,), help_text="Who was its victim.")
    killed = CasualtiesField(
        CasualtyMeasure.KILLED, help_text="How many were killed, as recommended."
    )
    injured = CasualtiesField(
        CasualtyMeasure.INJURED, help_text="How many were injured, as recommended."
    )
    claim_status = DerivedWord(
        choices=ClaimStatus.choices,
        help_text="Whether it was claimed: by one, by several together, or by several who do not "
        "agree. What is fake, rejected or withdrawn does not count.",
    )
    denied = DerivedFlag(
        help_text="Whether somebody denied it who is claimed, accused or assessed responsible."
    )
    attribution_status = DerivedWord(
        choices=AttributionStatus.choices,
        help_text="How certain it is who did it, as we conclude.",
    )
    facade_claim = DerivedFlag(
        help_text="Whether it was claimed in the name of somebody who acts for another."
    )
    locations = IncidentLocationSerializer(many=True, read_only=True, help_text="Where it was.")
    involvements = InvolvementSerializer(
        many=True, read_only=True, help_text="Who took part, as we conclude."
    )
    statements = ResponsibilityStatementSerializer(
        many=True, read_only=True, help_text="Who says who did it, and who says that it was not so."
    )
    weapons = WeaponUseSerializer(many=True, read_only=True, help_text="What it was done with.")
    target_objects = TargetSerializer(
        many=True, read_only=True, help_text="The things that were hit or meant."
    )
    casualties = CasualtyFigureSerializer(
        many=True, read_only=True, help_text="The tolls: recommended, and what single sources say."
    )
    links = IncidentLinkSerializer(
        many=True, read_only=True, help_text="How it stands to other incidents."
    )
    effects = EffectSerializer(
        many=True, read_only=True, help_text="What it started, ended or changed."
    )
    assessments = IncidentAssessmentSerializer(
        many=True, read_only=True, help_text="What analysts make of it."
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
        "killed",
        "injured",
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
            "perpetrators",
            "targets",
            "victims",
            "killed",
            "injured",
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

    def derive(self, shown: dict[str, Any]) -> None:
        derive_days(shown, single=shown["granularity"] == Granularity.SINGLE_EVENT)
        if shown["date_start"] is None:
            shown["local_time"] = None
        self._follow(shown)

    def to_representation(self, instance: Incident) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        self._follow(shown)
        return shown

    def _follow(self, shown: dict[str, Any]) -> None:
        """Put there what follows from the parts."""
        for name, field in self.fields.items():
            if isinstance(field, DerivedFromParts):
                shown[name] = field.of(shown)
        shown |= derive_responsibility(shown["involvements"], shown["statements"])._asdict()
