"""The documents of affiliations."""

from actors.models import Affiliation
from editorial.api.documents import (
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
    prefetch = ("subject", "object", "citations__source")

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
            "assessment",
            "confidence",
            "note",
            "citations",
        )
