"""The responsibility statements in the document of an incident."""

from typing import Any

from incidents.models import ResponsibilityStatement, StatementResponsible
from incidents.serializers.dates import derive_days
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


class StatementResponsibleSerializer(PartSerializer):
    """An actor that a statement names."""

    actor = OptionalReference(help_text="The actor; null if there is only a label.")
    on_behalf_of = OptionalReference(help_text="The principal, by the words of the statement.")

    class Meta:
        model = StatementResponsible
        fields = ("actor", "label", "on_behalf_of")


class ResponsibilityStatementSerializer(CitedSerializer, PartSerializer):
    """A claim, a denial, an accusation or a finding. Our own assessment is in the involvements.

    A claim or a denial that names no actor is about its speaker.
    """

    speaker = OptionalReference(help_text="The actor that made it; null if there is only a label.")
    responsible = StatementResponsibleSerializer(
        many=True,
        read_only=True,
        help_text="The actors that it names as responsible, or as not responsible.",
    )

    class Meta:
        model = ResponsibilityStatement
        fields = (
            "number",
            "kind",
            "speaker",
            "speaker_label",
            "speaker_type",
            "responsible",
            "mode",
            "date",
            "date_start",
            "date_end",
            "date_precision",
            "as_of",
            "text",
            "language",
            "translation",
            "authenticity",
            "withdrawn_by",
            "assessment",
            "note",
            "citations",
        )

    def derive(self, values: dict[str, Any]) -> None:
        derive_days(values, single=True)
