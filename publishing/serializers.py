"""The base serializers of documents: they render a body and describe it in OpenAPI."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dates import validity
from dates.spans import Span
from publishing.codes import EndKind, StartKind
from publishing.fields import EdtfField, LanguageField, WordField, WordsField
from publishing.models import Validity


class RefSerializer(serializers.Serializer):
    """Another record, as it reads in public. Kind, name and slug are null when withdrawn."""

    id = serializers.UUIDField(read_only=True, help_text="Public id.")
    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    kind = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its kind; of an incident the event type."
    )
    name = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its name or title; affiliations have none."
    )
    slug = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its slug, where its type has one."
    )
    withdrawn = serializers.BooleanField(
        read_only=True, help_text="Whether it is no longer public."
    )


class MovedSerializer(serializers.Serializer):
    """That a record has become another."""

    merged_into = RefSerializer(read_only=True, help_text="The record that it has become.")


class PointSerializer(serializers.Serializer):
    """A point on the earth (WGS 84)."""

    latitude = serializers.FloatField(read_only=True, help_text="Degrees north.")
    longitude = serializers.FloatField(read_only=True, help_text="Degrees east.")


class PlaceRefSerializer(RefSerializer):
    """A place, with the codes and the centroid that it is found by."""

    country = serializers.CharField(
        read_only=True, allow_null=True, help_text="ISO 3166-1 alpha-2 code of its country."
    )
    admin1 = serializers.CharField(
        read_only=True, allow_null=True, help_text="ISO 3166-2 code of its first-level division."
    )
    point = PointSerializer(read_only=True, allow_null=True, help_text="Its centroid.")


class QuoteField(serializers.Field):
    """Quotes another record in a body, by id alone; in documents its ref stands there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, record: Any) -> dict[str, str]:
        return {"id": str(record.public_id)}


@extend_schema_field(RefSerializer)
class RequiredQuote(QuoteField):
    """A quote that is always there."""


@extend_schema_field(RefSerializer(allow_null=True))
class OptionalQuote(QuoteField):
    """A quote that may be absent."""


@extend_schema_field(PlaceRefSerializer)
class RequiredPlaceQuote(QuoteField):
    """A quote of a place, which is always there."""


@extend_schema_field(PlaceRefSerializer(allow_null=True))
class PlaceQuote(QuoteField):
    """A quote of a place, which may be absent."""


class GrowingWordField(serializers.ChoiceField):
    """A word of a vocabulary that may grow: a plain string with `x-extensible-enum`."""

    def to_representation(self, value: str) -> str:
        return str(value)


class WordsListField(serializers.ListField):
    """Several words of a vocabulary, each once and in its order."""

    child: Any

    def __init__(self, words: WordField, **kwargs: Any) -> None:
        child = GrowingWordField if words.grows else serializers.ChoiceField
        super().__init__(child=child(words.flatchoices), read_only=True, **kwargs)

    @property
    def unknown(self) -> list[str]:
        """What it reads when none is known: the word for it, or nothing."""
        return ["unknown"] if "unknown" in self.child.choices else []

    def to_representation(self, words: list[str]) -> list[str]:
        return [word for word in self.child.choices if word in words]


class CodedField(serializers.CharField):
    """Text in a notation, such as a date: a redaction removes it whole."""


class PlainSerializer(serializers.Serializer):
    """Renders some of the columns of a row; blank text is null: it is not known."""

    @property
    def needs(self) -> tuple[str, ...]:
        """What cannot be emptied: without it the row could not stand, or would say another thing.

        Where a redaction removes it, the row goes. Models name it, as they state the rules.
        """
        return getattr(getattr(getattr(self, "Meta", None), "model", None), "needs", ())

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {key: None if value == "" else value for key, value in shown.items()}

    def derive(self, shown: dict[str, Any]) -> None:
        """Compute anew what follows from other properties of `shown`, after a redaction."""


class PartSerializer(PlainSerializer, serializers.ModelSerializer):
    """Renders a row and describes it: every property read-only, required, null where unknown."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Describe blank text as nullable, decimals as numbers, growing words as strings."""
        if isinstance(model_field, WordsField):
            return WordsListField, {
                "words": model_field.base_field,
                "help_text": model_field.help_text,
            }
        field_class, built = super().build_standard_field(field_name, model_field)
        options: dict[str, Any] = {
            key: value for key, value in built.items() if key in ("choices", "help_text")
        }
        text = isinstance(model_field, models.CharField | models.TextField)
        if (text and model_field.blank) or model_field.null:
            options["allow_null"] = True
        if field_class is serializers.DecimalField:
            field_class = serializers.FloatField
        if isinstance(model_field, WordField) and model_field.grows:
            field_class = GrowingWordField
        coded = isinstance(model_field, EdtfField | LanguageField)
        if coded or (model_field.max_length or 10) < 10:
            field_class = CodedField if field_class is serializers.CharField else field_class
        return field_class, options | {"read_only": True}


class DateRangeField(serializers.Field):
    """A range of days, null where there is no such day."""

    def to_representation(self, value: Any) -> dict[str, str | None]:
        last = value.upper and value.upper - timedelta(days=1)
        return {
            "first": value.lower and value.lower.isoformat(),
            "last": last and last.isoformat(),
        }


class RangeSerializer(serializers.Serializer):
    """Days, both ends included; null is open."""

    first = serializers.DateField(read_only=True, allow_null=True, help_text="The first day.")
    last = serializers.DateField(read_only=True, allow_null=True, help_text="The last day.")


@extend_schema_field(RangeSerializer(allow_null=True))
class OptionalRangeField(DateRangeField):
    """A range of days that may be empty, which is null."""


@extend_schema_field(RangeSerializer())
class RequiredRangeField(DateRangeField):
    """A range of days that is never empty."""


def _told(name: str) -> dict[str, Any]:
    """Describe a column of Validity as the model does."""
    field: Any = Validity._meta.get_field(name)
    return {"read_only": True, "help_text": field.help_text}


class ValiditySerializer(PlainSerializer):
    """When it held: what was written, and the days that follow from it.

    `certain` are the days on which it certainly held, `possible` those on which it may have.
    """

    start = CodedField(**_told("start"), allow_null=True)
    start_kind = serializers.ChoiceField(StartKind.choices, **_told("start_kind"))
    end = CodedField(**_told("end"), allow_null=True)
    end_kind = serializers.ChoiceField(EndKind.choices, **_told("end_kind"))
    last_verified = serializers.DateField(**_told("last_verified"), allow_null=True)
    certain = OptionalRangeField(**_told("certain"))
    possible = RequiredRangeField(**_told("possible"))

    def derive(self, shown: dict[str, Any]) -> None:
        shown["start_kind"] = shown["start_kind"] if shown["start"] else StartKind.UNKNOWN.value
        if not shown["end"] and shown["end_kind"] != EndKind.ONGOING:
            shown["end_kind"] = EndKind.UNKNOWN.value
        verified = shown["last_verified"] and date.fromisoformat(shown["last_verified"])
        kinds = shown["start_kind"], shown["end_kind"]
        found = validity(shown["start"] or "", shown["end"] or "", *kinds, verified)
        shown["certain"], shown["possible"] = _days(found.certain), _days(found.possible)


def _days(span: Span | None) -> dict[str, str | None] | None:
    if span is None:
        return None
    first, last = (day.isoformat() if day else None for day in span)
    return {"first": first, "last": last}


class DocumentSerializer(PartSerializer):
    """Renders the body of a record. Subclasses say what else belongs to the type."""

    id = serializers.UUIDField(source="public_id", read_only=True, help_text="Public id.")

    summary: ClassVar[tuple[str, ...]]
    """The properties that lists show, the envelope included."""
    prefetch: ClassVar[tuple[Any, ...]] = ()
    """The related rows that a body is rendered from."""
    point_path: ClassVar[tuple[str, ...]] = ()
    """Where in the summary its own point stands, if it has one."""
    centroid_path: ClassVar[tuple[str, ...]] = ()
    """Where in the summary the centroid of its area stands, if it has one."""


ENVELOPE = ("version", "published_at", "edited_at", "seq")
"""What publication appends to every body."""


class EnvelopeSerializer(serializers.Serializer):
    """The properties that publication appends to every body."""

    version = serializers.IntegerField(
        read_only=True, help_text="Counts the editions of this record from 1."
    )
    published_at = serializers.DateTimeField(
        read_only=True, help_text="When this edition was published."
    )
    edited_at = serializers.DateTimeField(
        read_only=True,
        help_text="When the current text was published; that a quoted record reads otherwise "
        "does not count.",
    )
    seq = serializers.IntegerField(
        read_only=True, help_text="The position of this edition in the public record."
    )


class Derived(serializers.Field):
    """A property that follows from others of its document, which put it there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> None:
        """Leave it open while the others are rendered."""


class DerivedWord(Derived, serializers.ChoiceField):
    """A word that follows from other properties."""


class DerivedFlag(Derived, serializers.BooleanField):
    """A yes or no that follows from other properties."""
