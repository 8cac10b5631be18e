"""Query parameters: each reads, refuses, describes and applies its own values.

Django forms and django-filter ignore values that they cannot use and take the last of repeated
ones. A parameter here reads every value, and each value that it cannot use is a fault.
"""

import re
from collections.abc import Iterator
from copy import copy
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices

from api import codes
from api.hints import DOCS, suggest_word
from api.problems import Fault
from dates import DateError, parse_day_range
from publishing import search
from publishing.fields import GrowingEnumeration
from publishing.models.release import NAME as RELEASE
from publishing.models.release import NAME_LENGTH as RELEASE_LENGTH
from publishing.normalization import fold_text
from publishing.snapshots import START, Snapshot
from publishing.vocabularies import list_vocabularies

Schema = dict[str, Any]
DAY_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.I)
_SNAPSHOT = "0-0{8}|[1-9][0-9]{0,17}-[0-9a-f]{8}"
_MOMENT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
ISO3166 = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


class Parameter(django_filters.Filter):
    """A query parameter.

    Subclasses parse one value (`parse`) and describe it (`schema`). A parameter filters by the
    column `field_name`, by a method of its group or filter set (`method`), or its group filters by
    it (`by_group`). A parameter with none of the three only changes how others work.

    It may declare rules of its own, which apply only when it is given: the parameter that it
    `requires`, the parameter whose value it must not exceed (`at_most`), and the only format that
    it goes with (`only_format`).
    """

    parent: Any
    """The group or filter set whose method filters; only in the copy for a request."""
    repeatable = False
    min_values = 1
    max_values = 100
    schema: Schema = {"type": "string"}
    example: Any = None
    """A value that the description shows; a list if it has to be repeated."""

    def __init__(
        self,
        description: str,
        field_name: str | None = None,
        *,
        lookup: str | None = None,
        method: str | None = None,
        by_group: bool = False,
        default: Any = None,
        required: bool = False,
        requires: str | None = None,
        at_most: str | None = None,
        only_format: str | None = None,
        example: Any = None,
    ) -> None:
        lookup = lookup or ("in" if self.repeatable else "exact")
        super().__init__(field_name, lookup, method=method)
        self.description = description
        self.default = default
        self.example = self.example if example is None else example
        self.required = required
        self.requires, self.at_most, self.only_format = requires, at_most, only_format
        self.is_filter = bool(field_name or method or by_group)
        self.by_group = by_group

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Return a shallow copy for one request, whose method is bound to that request."""
        duplicate: Any = copy(self)
        if duplicate.method:
            duplicate.method = duplicate.method  # the setter binds the method to the copy
        return duplicate

    def companions(self, name: str) -> "dict[str, Parameter]":
        """Return the parameters that a parameter of this name brings with it."""
        return {}

    def parse(self, text: str) -> Any:
        """Return the meaning of one value. Raises ValueError with a sentence that helps."""
        return text

    def clean(self, values: list[str]) -> Any:
        """Return the meaning of all values; None without any. Raises ValidationError."""
        if not values and self.required:
            raise ValidationError("This parameter is required: give a value.", code="missing")
        if not values:
            return None
        if not self.repeatable and len(values) > 1:
            raise ValidationError("Give this parameter only once.", code="repeated")
        if len(values) > self.max_values:
            detail = f"Give this parameter at most {self.max_values} times."
            raise ValidationError(detail, code="too_many")
        cleaned, faults = [], []
        for text in values:
            try:
                cleaned.append(self.clean_value(text))
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        if len(values) < self.min_values:
            detail = f"Give this parameter {self.min_values} times."
            raise ValidationError(detail, code="too_few")
        return cleaned if self.repeatable else cleaned[0]

    def clean_value(self, text: str) -> Any:
        """Return the meaning of one value. Raises ValidationError with a code."""
        if not text:
            raise ValidationError("Give a value, or leave the parameter out.", code="empty")
        try:
            return self.parse(text)
        except ValueError as fault:
            if words := self._split(text):
                detail = "To give several values, repeat the parameter: "
                detail += "&".join(f"%(name)s={word.replace('%', '%%')}" for word in words)
                params = {"name": "name"}  # the filter set knows the name
                raise ValidationError(detail, code="invalid", params=params) from fault
            raise ValidationError(str(fault), code="invalid") from fault

    def _split(self, text: str) -> list[str]:
        """Return the values of a list in one value, such as IQ,SY; none if it is no such list."""
        words = [word.strip() for word in re.split("[,;|]", text[:1000])]
        if not self.repeatable or len(words) < 2:
            return []
        try:
            for word in words:
                self.parse(word)
        except ValueError:
            return []
        return [quote(word, safe=":/") for word in words[:3]]

    def is_default(self, values: list[str]) -> bool:
        """Return whether `values` mean the declared default, however they are written."""
        if self.default is None or len(values) > (self.max_values if self.repeatable else 1):
            return False
        try:
            parsed = {self.clean_value(text) for text in values}
        except ValidationError:
            return False
        return parsed == set(self.default if self.repeatable else [self.default])

    def check(self, name: str, filters: Any) -> Iterator[Fault]:
        """Yield the faults of this parameter, given as `name`, beside the others in `filters`."""
        if self.requires and self.requires not in filters.given:
            detail = f"Use `{name}` only together with `{self.requires}`."
            yield Fault("contradiction", name, detail)
        if self.at_most in filters.given and filters.params[name] > filters.params[self.at_most]:
            detail = f"The value of `{name}` must not be greater than that of `{self.at_most}`."
            yield Fault("contradiction", name, detail)
        if self.only_format and filters.request.accepted_renderer.format != self.only_format:
            detail = f"Use `{name}` only with `format={self.only_format}`."
            yield Fault("contradiction", name, detail)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Return the rows that match the value."""
        return super().filter(qs, value) if self.is_filter and not self.by_group else qs

    def describe(self) -> str:
        """Return what the parameter means, for the description."""
        return self.description

    def openapi_schema(self) -> Schema:
        """Return the JSON Schema of the parameter."""
        schema = dict(self.schema)
        if self.repeatable:
            schema = {
                "type": "array",
                "items": schema,
                "minItems": self.min_values,
                "maxItems": self.max_values,
            }
        if self.default is not None:
            schema["default"] = self.default
        if self.example is not None:
            several = self.repeatable and not isinstance(self.example, list)
            schema["examples"] = [[self.example] if several else self.example]
        return schema


class MultipleChoiceParameter(Parameter):
    """One or more words of a vocabulary, any of which may match.

    The words of a growing vocabulary are described as strings, as they are in answers, so that
    typed clients can send them back. Unknown words are refused in either case.
    """

    repeatable = True

    def __init__(self, choices: type[TextChoices], *args: Any, **options: Any) -> None:
        self.choices = choices
        super().__init__(*args, **options)
        grows = issubclass(choices, GrowingEnumeration)
        words = "x-extensible-enum" if grows else "enum"
        self.schema = {"type": "string", words: list(choices.values)}
        if self.example is None:
            others = (word for word in choices.values if word != self.default)
            self.example = next(others, None)

    def parse(self, text: str) -> str:
        if text not in self.choices.values:
            raise ValueError(suggest_word(text, self.choices.values, self._address))
        return text

    def describe(self) -> str:
        """Return what the parameter means, and where its words are listed if new ones may come."""
        listed = f" Its words: `{self._address}`."
        return self.description + (listed if "x-extensible-enum" in self.schema else "")

    @property
    def _address(self) -> str:
        """The address of the list of the words: a vocabulary, or the documentation."""
        names = (n for n, found in list_vocabularies().items() if found.words is self.choices)
        return next((f"/api/v1/vocabularies/{name}" for name in names), DOCS)


class ChoiceParameter(MultipleChoiceParameter):
    """One word of a vocabulary."""

    repeatable = False


class BooleanParameter(Parameter):
    """True or false."""

    schema = {"type": "boolean"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.example = not self.default

    def parse(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("Use true or false.")
        return text == "true"


class IntegerParameter(Parameter):
    """A whole number within bounds."""

    def __init__(self, description: str, low: int, high: int, *args: Any, **options: Any) -> None:
        self.low, self.high = low, high
        self.schema = {"type": "integer", "minimum": low, "maximum": high}
        self.example = max(low, min(10, high))
        super().__init__(description, *args, **options)

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(f"Use a whole number from {self.low} to {self.high}.")
        return int(text)


class IdsParameter(Parameter):
    """One or more public ids."""

    repeatable = True
    schema = {"type": "string", "format": "uuid"}
    example = "e63aa651-9c2c-4a51-ad8c-b316c3e5730a"

    def parse(self, text: str) -> UUID:
        if not UUID_TEXT.fullmatch(text):
            raise ValueError("Use a public id, a UUID of 8-4-4-4-12 hexadecimal digits.")
        return UUID(text)


class RecordsParameter(Parameter):
    """One or more records, each by public id or by slug."""

    repeatable = True
    advice = "Use a public id"
    schema = {
        "type": "string",
        "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$",
        "maxLength": 120,
    }
    example: Any = "popular-mobilization-forces"

    def parse(self, text: str) -> UUID | str:
        if UUID_TEXT.fullmatch(text):
            return UUID(text)
        if len(text) > 120 or not SLUG.fullmatch(text):
            raise ValueError(f"{self.advice}, or a slug of lowercase letters, digits and hyphens.")
        return text


class RecordParameter(RecordsParameter):
    """One record, by public id or by slug."""

    repeatable = False


class PlacesParameter(RecordsParameter):
    """One or more places, each by ISO 3166 code, public id or slug.

    Codes may be written in other ways: IRQ and UK are IQ and GB. Only what cannot be a slug is read
    as a code here; a slug that no place has may still be one.
    """

    schema = {
        "type": "string",
        "pattern": f"^([A-Z]{{2,3}}([-_][A-Z0-9]{{1,3}})?|{SLUG.pattern})$",
        "maxLength": 120,
    }
    advice = "Use an ISO 3166 code such as IQ or IQ-BA, a public id"
    example = "IQ"

    def parse(self, text: str) -> UUID | str:
        if not SLUG.fullmatch(text):
            if code := codes.read_place(text):
                return code
            if ISO3166.fullmatch(text):
                return text
        return super().parse(text)


class DaysParameter(Parameter):
    """The days of a day, a month or a year, as its first and its last day."""

    schema = {"type": "string", "pattern": DAY_PATTERN}
    example = "2014-06"

    def parse(self, text: str) -> Any:
        try:
            return parse_day_range(text)
        except DateError as fault:
            raise ValueError(str(fault)) from fault


class FirstDayParameter(DaysParameter):
    """The first day of a day, a month or a year."""

    def parse(self, text: str) -> date:
        first, _ = super().parse(text)
        return first


class LastDayParameter(DaysParameter):
    """The last day of a day, a month or a year."""

    def parse(self, text: str) -> date:
        _, last = super().parse(text)
        return last


def parse_moment(text: str) -> datetime:
    """Return a moment in UTC. Raises ValueError with a sentence that helps."""
    if not re.fullmatch(_MOMENT, text):
        raise ValueError(
            "Use a date and time with an offset, such as 2024-06-01T12:00:00Z, or with "
            "%2B03:00 at the end."
        )
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as fault:
        raise ValueError("This date or time does not exist.") from fault
    try:
        return moment.astimezone(UTC)  # PostgreSQL takes no offset of 16 hours or more
    except OverflowError:  # the first or the last day of the calendar
        return moment.replace(tzinfo=UTC)


class MomentParameter(Parameter):
    """A moment, as RFC 3339 with an offset."""

    schema = {"type": "string", "format": "date-time"}
    example = "2026-02-01T00:00:00Z"

    def parse(self, text: str) -> datetime:
        return parse_moment(text)


class SnapshotParameter(Parameter):
    """A snapshot of the public record."""

    schema = {"type": "string", "pattern": f"^({_SNAPSHOT})$"}
    example = str(START)

    def parse(self, text: str) -> Snapshot:
        return Snapshot.parse(text)


class PositionParameter(Parameter):
    """A snapshot of the public record, or a moment as RFC 3339 with an offset."""

    schema = {"type": "string", "pattern": f"^({_SNAPSHOT}|{_MOMENT})$"}
    example = MomentParameter.example

    def parse(self, text: str) -> Snapshot | datetime:
        if re.match("[0-9]{4}-[0-9]{2}-", text):
            return parse_moment(text)
        try:
            return Snapshot.parse(text)
        except ValueError as fault:
            raise ValueError(
                "Use a snapshot, such as 123-0a1b2c3d, or a moment, such as 2024-06-01T12:00:00Z."
            ) from fault


class CountryCodesParameter(Parameter):
    """One or more countries, each by its ISO 3166-1 code only: IQ, or also iq, IRQ or 368."""

    repeatable = True
    schema = {"type": "string", "pattern": "^([A-Za-z]{2,3}|[0-9]{3})$"}
    example = "IQ"

    def parse(self, text: str) -> str:
        if code := codes.read_country(text):
            return code
        if not re.fullmatch("[A-Z]{2}", text, re.ASCII):
            raise ValueError("Use an ISO 3166-1 alpha-2 code, such as IQ.")
        return text


class ReleaseParameter(Parameter):
    """The name of a release."""

    schema = {"type": "string", "pattern": f"^{RELEASE}$", "maxLength": RELEASE_LENGTH}
    example = "2026-1"

    def parse(self, text: str) -> str:
        if len(text) > RELEASE_LENGTH or not re.fullmatch(RELEASE, text, re.ASCII):
            raise ValueError(
                "Use the name of a release: lowercase letters, digits, hyphens and dots."
            )
        return text


class TextParameter(Parameter):
    """A text in any script, with at least one letter or digit."""

    max_length = 300
    example = "Kataib Hezbollah"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.schema = {"type": "string", "minLength": 1, "maxLength": self.max_length}

    def parse(self, text: str) -> str:
        if len(text) > self.max_length:
            raise ValueError(f"Use at most {self.max_length} characters.")
        if not fold_text(text):
            raise ValueError("Use at least one letter or digit.")
        return text


class SearchParameter(TextParameter):
    """A full-text query, in the syntax of web search engines."""

    max_length = 200
    example = "rocket or drone"

    def parse(self, text: str) -> Any:
        return search.parse_query(super().parse(text))


class FieldsParameter(Parameter):
    """Names of properties or columns, repeated or separated by commas."""

    repeatable = True
    schema = {"type": "string", "pattern": "^[a-z0-9_.]+(,[a-z0-9_.]+)*$"}

    def parse(self, text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        if not all(names):
            raise ValueError("Separate the names by single commas.")
        return names
