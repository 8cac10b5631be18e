"""The documents of affiliations."""

from actors.models import Affiliation
from actors.serializers.support import SupportSerializer
from publishing.serializers import (
    ENVELOPE,
    DocumentSerializer,
    RequiredQuote,
    ValiditySerializer,
)
from sources.serializers import CitedSerializer


class AffiliationDocument(CitedSerializer, DocumentSerializer):
    """How the subject stood to the object, and when."""

    subject = RequiredQuote(help_text="Who stands in the tie to the object.")
    object = RequiredQuote(help_text="To whom the subject stands in the tie.")
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
