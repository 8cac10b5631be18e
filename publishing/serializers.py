"""The base serializers of documents, which render bodies and describe them in OpenAPI."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar, cast

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dates import derive_validity
from dates.bounds import Span
from publishing import documents
from publishing.codes import EndKind, StartKind
from publishing.fields import EdtfField, LanguageField, WordField, WordsField
from publishing.models import Validity
from publishing.rendering import list_rows


class ReferenceSerializer(serializers.Serializer):
    """A reference to another record. Kind, name and slug are null if that is withdrawn."""

    id = serializers.UUIDField(read_only=True, help_text="Public id.")
    type = serializers.CharField(read_only=True, help_text="The type of the record.")
    kind = serializers.CharField(
        read_only=True, allow_null=True, help_text="Its kind; for an incident, the event type."
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
    """The answer for a record that was merged into another."""

    merged_into = ReferenceSerializer(
        read_only=True, help_text="The record that it was merged into."
    )


class PointSerializer(serializers.Serializer):
    """A point on the earth (WGS 84)."""

    latitude = serializers.FloatField(read_only=True, help_text="Degrees north.")
    longitude = serializers.FloatField(read_only=True, help_text="Degrees east.")


class PlaceReferenceSerializer(ReferenceSerializer):
    """A reference to a place, with its codes and centroid."""

    country = serializers.CharField(
        read_only=True, allow_null=True, help_text="ISO 3166-1 alpha-2 code of its country."
    )
    admin1 = serializers.CharField(
        read_only=True, allow_null=True, help_text="ISO 3166-2 code of its first-level division."
    )
    point = PointSerializer(read_only=True, allow_null=True, help_text="Its centroid.")


class ReferenceField(serializers.Field):
    """A field that renders another record as a bare reference; publication inserts the rest."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, record: Any) -> dict[str, str]:
        return {"id": str(record.public_id)}


@extend_schema_field(ReferenceSerializer)
class RequiredReference(ReferenceField):
    """A reference that is never null."""


@extend_schema_field(ReferenceSerializer(allow_null=True))
class OptionalReference(ReferenceField):
    """A reference that may be null."""


@extend_schema_field(PlaceReferenceSerializer)
class RequiredPlaceReference(ReferenceField):
    """A reference to a place that is never null."""


@extend_schema_field(PlaceReferenceSerializer(allow_null=True))
class OptionalPlaceReference(ReferenceField):
    """A reference to a place that may be null."""


class GrowingWordField(serializers.ChoiceField):
    """A word of a vocabulary that may get new words: a string with `x-extensible-enum`."""

    def to_representation(self, value: str) -> str:
        return str(value)


class WordsListField(serializers.ListField):
    """Several words of a vocabulary, each once, in the order of the vocabulary."""

    child: Any

    def __init__(self, words: WordField, **kwargs: Any) -> None:
        child = GrowingWordField if words.grows else serializers.ChoiceField
        super().__init__(child=child(words.flatchoices), read_only=True, **kwargs)

    @property
    def unknown(self) -> list[str]:
        """The value if nothing is known: the word `unknown` if there is one, else no word."""
        return ["unknown"] if "unknown" in self.child.choices else []

    def to_representation(self, words: list[str]) -> list[str]:
        return [word for word in self.child.choices if word in words]


class CodedField(serializers.CharField):
    """A text in a notation, such as a date. A redaction removes it as a whole."""


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}(\.\d{1,6})?$"})
class LocalTimeField(serializers.TimeField):
    """A time of day without an offset, which the format `time` of JSON Schema would demand."""


class PlainSerializer(serializers.Serializer):
    """Renders columns of a row. A blank text becomes null: it is unknown."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The properties without which a row is invalid or means something else.

        If a redaction removes one of them, it removes the row. The models name them.
        """
        return getattr(getattr(getattr(self, "Meta", None), "model", None), "needs", ())

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return what DRF returns, with null for a blank text.

        DRF finds out anew for each row how each property is read, which takes most of its time.
        """
        rendered = {}
        for name, read, render in self._readers:
            value = read(instance)
            if value is not None:
                value = render(value)
            rendered[name] = None if value == "" else value
        return rendered

    @cached_property
    def _readers(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        """For each property: its name, how it is read from a row, and how its value is rendered."""
        return [
            (name, *_make_reader(field))
            for name, field in self.fields.items()
            if not field.write_only
        ]

    def derive(self, values: dict[str, Any]) -> None:
        """Recompute the properties that follow from others in `values`, after a redaction."""


def _make_reader(field: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Return how a property is read from a row, and how its value is rendered."""
    if isinstance(field, serializers.ListSerializer) and len(field.source_attrs) == 1:
        name, child = str(field.source), cast(serializers.BaseSerializer, field.child)
        return (
            lambda row: list_rows(row, name),
            lambda rows: list(map(child.to_representation, rows)),
        )
    plain = type(field).get_attribute is serializers.Field.get_attribute
    if plain and len(field.source_attrs) == 1:
        return attrgetter(field.source), field.to_representation
    return field.get_attribute, field.to_representation


class PartSerializer(PlainSerializer, serializers.ModelSerializer):
    """Renders a row. Every property is read-only and required; an unknown one is null."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Describe blank text as nullable, decimals as numbers, and growing words as strings."""
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
        if field_class is serializers.TimeField:
            field_class = LocalTimeField
        if isinstance(model_field, WordField) and model_field.grows:
            field_class = GrowingWordField
        coded = isinstance(model_field, EdtfField | LanguageField)
        if coded or (model_field.max_length or 10) < 10:
            field_class = CodedField if field_class is serializers.CharField else field_class
        return field_class, options | {"read_only": True}


class RangeField(serializers.Field):
    """A range of days."""

    def to_representation(self, value: Any) -> dict[str, str | None]:
        last = value.upper and value.upper - timedelta(days=1)
        return {
            "first": value.lower and value.lower.isoformat(),
            "last": last and last.isoformat(),
        }


class RangeSerializer(serializers.Serializer):
    """A range of days, both ends included. Null is unbounded."""

    first = serializers.DateField(read_only=True, allow_null=True, help_text="The first day.")
    last = serializers.DateField(read_only=True, allow_null=True, help_text="The last day.")


@extend_schema_field(RangeSerializer(allow_null=True))
class OptionalRangeField(RangeField):
    """A range of days that is null if it is empty."""


@extend_schema_field(RangeSerializer())
class RequiredRangeField(RangeField):
    """A range of days that is never empty."""


def _describe_column(name: str) -> dict[str, Any]:
    """Return the options of a field that is described like the column of Validity."""
    field: Any = Validity._meta.get_field(name)
    return {"read_only": True, "help_text": field.help_text}


class ValiditySerializer(PlainSerializer):
    """The period in which it is valid: the dates as written, and the days that follow from them.

    `certain` are the days on which it was certainly valid, `possible` those on which it may have
    been valid.
    """

    start = CodedField(**_describe_column("start"), allow_null=True)
    start_kind = serializers.ChoiceField(StartKind.choices, **_describe_column("start_kind"))
    end = CodedField(**_describe_column("end"), allow_null=True)
    end_kind = serializers.ChoiceField(EndKind.choices, **_describe_column("end_kind"))
    last_verified = serializers.DateField(**_describe_column("last_verified"), allow_null=True)
    certain = OptionalRangeField(**_describe_column("certain"))
    possible = RequiredRangeField(**_describe_column("possible"))

    def derive(self, values: dict[str, Any]) -> None:
        if not values["start"]:
            values["start_kind"] = StartKind.UNKNOWN.value
        if not values["end"] and values["end_kind"] != EndKind.ONGOING:
            values["end_kind"] = EndKind.UNKNOWN.value
        verified = values["last_verified"] and date.fromisoformat(values["last_verified"])
        kinds = values["start_kind"], values["end_kind"]
        ranges = derive_validity(values["start"] or "", values["end"] or "", *kinds, verified)
        values["certain"] = _render_span(ranges.certain)
        values["possible"] = _render_span(ranges.possible)


def _render_span(span: Span | None) -> dict[str, str | None] | None:
    if span is None:
        return None
    first, last = (day.isoformat() if day else None for day in span)
    return {"first": first, "last": last}


class DocumentSerializer(PartSerializer):
    """Renders the body of a record; one subclass for each type."""

    id = serializers.UUIDField(source="public_id", read_only=True, help_text="Public id.")

    needs_citation: ClassVar[bool] = False
    """Whether the body is to have a citation; without one it is approved only with a reason."""
    summary: ClassVar[tuple[str, ...]]
    """The properties of the document that lists show, the envelope included."""
    computed: ClassVar[type[serializers.Serializer]] = serializers.Serializer
    """Describes the further properties that lists show.

    They depend on other records: no document has them, and `Entry.computed` has their queries.
    """
    prefetch: ClassVar[tuple[Any, ...]] = ()
    """The related rows to prefetch before a body is rendered."""
    point_path: ClassVar[tuple[str, ...]] = ()
    """The path of the point in the summary, if the type has one."""
    centroid_path: ClassVar[tuple[str, ...]] = ()
    """The path of the centroid in the summary, if the type has one."""

    def make_title(self, document: dict[str, Any]) -> str | None:
        """Return the title of a record whose references have no name, from its summary."""
        return None

    def lacks_citation(self, body: bytes) -> bool:
        """Whether a body needs a citation and has none, of the record or of any part."""
        return self.needs_citation and documents.CITED not in body


ENVELOPE = ("version", "published_at", "edited_at", "seq")
"""The properties that publication appends to every body."""


class EnvelopeSerializer(serializers.Serializer):
    """The properties that publication appends to every body."""

    version = serializers.IntegerField(
        read_only=True, help_text="The number of this edition among those of the record, from 1."
    )
    published_at = serializers.DateTimeField(
        read_only=True, help_text="When this edition was published."
    )
    edited_at = serializers.DateTimeField(
        read_only=True,
        help_text="When the current text was published. Changed references do not count.",
    )
    seq = serializers.IntegerField(
        read_only=True, help_text="The position of this edition in the public record."
    )


class DerivedField(serializers.Field):
    """A property that the document computes from others."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> None:
        """Return nothing: the value is computed after the other properties are rendered."""


class DerivedWord(DerivedField, GrowingWordField):
    """A word of a growing vocabulary that the document computes from other properties."""


class DerivedFlag(DerivedField, serializers.BooleanField):
    """A boolean that the document computes from other properties."""
