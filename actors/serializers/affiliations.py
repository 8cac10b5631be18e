"""The document of an affiliation."""

from typing import Any

from actors.codes import AffiliationKind
from actors.models import Affiliation
from actors.serializers.support import SupportSerializer
from publishing.serializers import (
    ENVELOPE,
    DocumentSerializer,
    RequiredReference,
    ValiditySerializer,
)
from sources.serializers import CitedSerializer


class AffiliationDocument(CitedSerializer, DocumentSerializer):
    """A dated relation between two actors, which reads as a sentence: subject, kind, object."""

    needs_citation = True

    subject = RequiredReference(
        help_text="The actor that the affiliation is about, such as the member."
    )
    object = RequiredReference(
        help_text="The other actor, such as the organisation that it is a member of."
    )
    validity = ValiditySerializer(
        source="*", read_only=True, help_text="The period in which the affiliation is valid."
    )
    support = SupportSerializer(
        many=True, read_only=True, help_text="The support that a sponsor gives, by type."
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

    def make_title(self, document: dict[str, Any]) -> str | None:
        subject, object_ = (document[end]["name"] for end in ("subject", "object"))
        if not (subject and object_):
            return None
        return f"{subject} – {AffiliationKind(document['kind']).label} – {object_}"

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
