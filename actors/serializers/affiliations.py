"""The documents of affiliations."""

from actors.models import Affiliation, Support
from publishing.serializers import (
    ENVELOPE,
    DocumentSerializer,
    OptionalReference,
    PartSerializer,
    RequiredReference,
    ValiditySerializer,
)
from sources.serializers import CitedSerializer


class SupportSerializer(CitedSerializer, PartSerializer):
    """One type of support that the subject had from the object, its sponsor."""

    against = OptionalReference(help_text="The opponent against whom; null where that is not told.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it was given.")

    class Meta:
        model = Support
        fields = (
            "type",
            "basis",
            "against",
            "jointly",
            "validity",
            "assessment",
            "confidence",
            "note",
            "citations",
        )


class AffiliationDocument(CitedSerializer, DocumentSerializer):
    """How the subject stood to the object, and when."""

    subject = RequiredReference(help_text="Who stands in the tie to the object.")
    object = RequiredReference(help_text="To whom the subject stands in the tie.")
    validity = ValiditySerializer(source="*", read_only=True, help_text="When it held.")
    support = SupportSerializer(
        many=True, read_only=True, help_text="Of a sponsorship: with what, when, against whom."
    )

    summary = (
        "id",
        "subject",
        "kind",
        "object",
        "validity",
        "closeness",
        "basis",
        "title",
        "assessment",
        "confidence",
        *ENVELOPE,
    )
    prefetch = (
        "subject",
        "object",
        "support__against",
        "support__citations__source",
        "citations__source",
    )

    class Meta:
        model = Affiliation
        fields = (
            "id",
            "subject",
            "kind",
            "object",
            "validity",
            "closeness",
            "basis",
            "title",
            "rank",
            "start_reason",
            "end_reason",
            "support",
            "assessment",
            "confidence",
            "note",
            "citations",
        )
