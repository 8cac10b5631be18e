"""Who says who did it, and what follows from that."""

from typing import Any

from incidents.models import ResponsibilityStatement, StatementResponsible
from incidents.serializers.dates import derive_days
from publishing.serializers import OptionalReference, PartSerializer
from sources.serializers import CitedSerializer


class StatementResponsibleSerializer(PartSerializer):
    """Whom a statement names."""

    actor = OptionalReference(help_text="Who it is; null where there is only a label.")
    on_behalf_of = OptionalReference(help_text="For whom, as the statement has it.")

    class Meta:
        model = StatementResponsible
        fields = ("actor", "label", "on_behalf_of")


class ResponsibilityStatementSerializer(CitedSerializer, PartSerializer):
    """A claim, a denial, an accusation, a finding. What we conclude is another matter.

    A claim or a denial that names nobody speaks of its speaker.
    """

    speaker = OptionalReference(help_text="Who made it; null where there is only a label.")
    responsible = StatementResponsibleSerializer(
        many=True, read_only=True, help_text="Whom it names: who did it, or who did not."
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

    def derive(self, shown: dict[str, Any]) -> None:
        derive_days(shown, single=True)
