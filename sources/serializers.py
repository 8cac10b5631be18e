"""The documents of publishers and sources, and what every document cites with."""

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
    """The passage on which the row, or one field of it, is founded.

    Where the source must be protected, `withheld` is true and all but `field` and `stance` null.
    """

    needs = Citation.needs
    source = OptionalReference(  # type: ignore[assignment]
        help_text="What is cited; null when withheld."
    )
    withheld = serializers.BooleanField(
        read_only=True, help_text="Whether the source must be protected."
    )
    field = CodedField(
        read_only=True, allow_null=True, help_text="The property it supports; null: the whole."
    )
    stance = serializers.ChoiceField(
        Stance.choices, read_only=True, help_text="What it does to what it is cited for."
    )
    locator_kind = GrowingWordField(
        LocatorKind.choices,
        read_only=True,
        allow_null=True,
        help_text="By what the passage is found in the source.",
    )
    locator = serializers.CharField(
        read_only=True, allow_null=True, help_text="Where the passage is, such as a page number."
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
        withheld = citation.source.confidential
        told = {"field": citation.field or None, "stance": citation.stance}
        if withheld:
            return dict.fromkeys(self.fields) | {"withheld": True} | told
        citation.withheld = False
        return super().to_representation(citation)


class ExternalIdSerializer(PlainSerializer):
    """What another system calls the record."""

    scheme = GrowingWordField(Scheme.choices, read_only=True, help_text="The other system.")
    value = serializers.CharField(read_only=True, help_text="The id there.")
    match = serializers.ChoiceField(
        Match.choices, read_only=True, help_text="How what the other system means relates to it."
    )


class CitedSerializer(serializers.Serializer):
    """What every cited row ends with."""

    citations = CitationSerializer(many=True, read_only=True, help_text="What it is founded on.")


class PublisherDocument(DocumentSerializer):
    """Who publishes sources."""

    summary = ("id", "name", "country", "language", "scale", *ENVELOPE)

    class Meta:
        model = Publisher
        fields = ("id", "name", "country", "language", "scale")


class SourceDocument(DocumentSerializer):
    """What is cited."""

    publisher = OptionalReference(help_text="Who published it.")
    external_ids = ExternalIdSerializer(
        many=True, read_only=True, help_text="What other systems call it."
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
