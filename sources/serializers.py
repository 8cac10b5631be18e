"""The documents of publishers and sources, and of the parts that other documents share."""

from typing import Any

from rest_framework import serializers

from publishing.serializers import (
    ENVELOPE,
    CodedField,
    DocumentSerializer,
    GrowingWordField,
    OptionalReference,
    PlainSerializer,
)
from sources.codes import LocatorKind, Match, Scheme, Stance
from sources.models import Citation, Publisher, Source


class CitationSerializer(PlainSerializer):
    """A passage of a source that supports the row, or one property of it, or contradicts it.

    If the source is confidential, `withheld` is true and all but `field` and `stance` are null.
    """

    needs = Citation.needs
    source = OptionalReference(  # type: ignore[assignment]
        help_text="The source; null if it is withheld."
    )
    withheld = serializers.BooleanField(
        read_only=True, help_text="Whether the source is withheld because it is confidential."
    )
    field = CodedField(
        read_only=True,
        allow_null=True,
        help_text="The property that it is cited for; null for the whole row.",
    )
    stance = serializers.ChoiceField(
        Stance.choices,
        read_only=True,
        help_text="Whether the source supports the statement, contradicts it or gives context.",
    )
    locator_kind = GrowingWordField(
        LocatorKind.choices,
        read_only=True,
        allow_null=True,
        help_text="What the locator counts, such as pages or minutes.",
    )
    locator = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Where the passage is in the source, such as a page number.",
    )
    quote = serializers.CharField(
        read_only=True, allow_null=True, help_text="The passage, word for word."
    )
    quote_language = CodedField(
        read_only=True, allow_null=True, help_text="The language of the quote, as BCP 47."
    )
    translation = serializers.CharField(
        read_only=True, allow_null=True, help_text="The passage in English."
    )

    def to_representation(self, citation: Any) -> dict[str, Any]:
        shared = {"field": citation.field or None, "stance": citation.stance}
        if citation.source.confidential:
            return dict.fromkeys(self.fields) | {"withheld": True} | shared
        citation.withheld = False
        return super().to_representation(citation)


class ExternalIdSerializer(PlainSerializer):
    """The id of the record in another system."""

    scheme = GrowingWordField(Scheme.choices, read_only=True, help_text="The other system.")
    value = serializers.CharField(read_only=True, help_text="The id there.")
    match = serializers.ChoiceField(
        Match.choices,
        read_only=True,
        help_text="How the record relates to what the other system means.",
    )
    dropped_in = CodedField(
        read_only=True,
        allow_null=True,
        help_text="The release in which the other system no longer has the id; null if it still "
        "has it, or if this is not known.",
    )


class CitedSerializer(serializers.Serializer):
    """The citations that every citable row ends with."""

    citations = CitationSerializer(
        many=True, read_only=True, help_text="The passages that are cited for it."
    )


class PublisherDocument(DocumentSerializer):
    """A publisher of sources."""

    summary = ("id", "name", "country", "language", "scale", *ENVELOPE)

    class Meta:
        model = Publisher
        fields = ("id", "name", "country", "language", "scale")


class SourceDocument(DocumentSerializer):
    """A source that can be cited."""

    publisher = OptionalReference(help_text="The publisher.")
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="The ids of the record in other systems."
    )

    summary = (
        "id",
        "title",
        "translated_title",
        "kind",
        "publisher",
        "language",
        "published",
        "url",
        "external_ids",
        *ENVELOPE,
    )
    prefetch = ("publisher", "external_ids")

    class Meta:
        model = Source
        fields = (
            "id",
            "title",
            "translated_title",
            "kind",
            "publisher",
            "author",
            "language",
            "published",
            "accessed",
            "url",
            "archive_url",
            "licence",
            "sha256",
            "external_ids",
        )
