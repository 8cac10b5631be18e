"""Query parameters: each is read, refused, described and applied by one declared filter.

Django's forms and django-filter ignore what they do not know and take the last of what is
repeated. Here every parameter is read from all its values, and whatever cannot be met is a fault.
"""

import re
from copy import copy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices

from dates import DateError, parse_day_range
from publishing.models.release import NAME as RELEASE
from publishing.models.release import NAME_LENGTH as RELEASE_LENGTH
from publishing.snapshots import Snapshot

Schema = dict[str, Any]
DAY_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
ISO3166 = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


class _Values(forms.Widget):
    """Hands all values of a parameter to its field."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name)


class _Field(forms.Field):
    """Reads all values of a parameter and collects what is wrong with them."""

    widget = _Values

    def __init__(self, parameter: "Parameter") -> None:
        super().__init__(required=False)
        self.parameter = parameter

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Field":
        """Return itself: every form copies its fields, and nothing here is a request's own."""
        return self

    def clean(self, values: list[str]) -> Any:
        parameter = self.parameter
        if not values and parameter.needed:
            raise ValidationError("It is missing: give a value.", code="missing")
        if not values:
            return None
        if not parameter.repeatable and len(values) > 1:
            raise ValidationError("It may be given once only.", code="repeated")
        if len(values) > parameter.most:
            raise ValidationError(f"It may be given up to {parameter.most} times.", code="too_many")
        read, faults = [], []
        for text in values:
            try:
                read.append(parameter.read_given(text))
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        return read if parameter.repeatable else read[0]


class Parameter(django_filters.Filter):
    """One query parameter.

    Subclasses say how one value is read (`read`, raising ValueError with a sentence) and described
    (`schema`). What it keeps is `field_name`, or a method of the filter set named by `method`;
    with neither it is for others to look at.
    """

    repeatable = False
    most = 100
    schema: Schema = {"type": "string"}

    def __init__(
        self,
        description: str,
        field_name: str | None = None,
        *,
        lookup: str = "exact",
        method: str | None = None,
        default: Any = None,
        needed: bool = False,
    ) -> None:
        self.description = description
        self.default = default
        self.needed = needed
        super().__init__(field_name=field_name, lookup_expr=lookup, method=method)
        self.applies = bool(field_name or method)
        self._field = _Field(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Return it for one request, which has methods of its own; copying the rest is in vain."""
        own: Any = copy(self)
        if own.method:
            own.method = own.method  # which makes its caller anew
        return own

    def read(self, text: str) -> Any:
        """Return what one value means; ValueError, with a sentence, where it means nothing."""
        return text

    def read_given(self, text: str) -> Any:
        """Return what a value means. Raises ValidationError with a code."""
        if not text:
            raise ValidationError("It is empty: give a value, or leave it out.", code="empty")
        try:
            return self.read(text)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def is_default(self, values: list[str]) -> bool:
        """Return whether `values` mean the declared default, however it is written."""
        if self.default is None or len(values) > (self.most if self.repeatable else 1):
            return False
        try:
            read = [self.read_given(text) for text in values]
        except ValidationError:
            return False
        return set(read) == set(self.default if self.repeatable else [self.default])

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Keep what the parameter asks for."""
        if value is None or not self.applies:
            return qs
        if self.repeatable:
            return qs.filter(**{f"{self.field_name}__in": value})
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value})

    def described(self) -> Schema:
        """Return the JSON Schema of the parameter."""
        schema = dict(self.schema)
        if self.repeatable:
            schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": self.most}
        if self.default is not None:
            schema["default"] = self.default
        return schema


class Words(Parameter):
    """One or more words of a vocabulary, meaning or."""

    repeatable = True

    def __init__(self, words: type[TextChoices], *args: Any, **options: Any) -> None:
        self.words = words
        super().__init__(*args, **options)
        self.schema = {"type": "string", "enum": list(words.values)}

    def read(self, text: str) -> str:
        if text not in self.words.values:
            raise ValueError(f"“{text[:40]}” is none of: {', '.join(self.words.values)}.")
        return text


class Word(Words):
    """One word of a vocabulary."""

    repeatable = False


class Flag(Parameter):
    """True or false."""

    schema = {"type": "boolean"}

    def read(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError("It is true or false.")
        return text == "true"


class Whole(Parameter):
    """A whole number within bounds."""

    def __init__(self, description: str, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        self.schema = {"type": "integer", "minimum": low, "maximum": high}
        super().__init__(description, **options)

    def read(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not self.low <= int(text) <= self.high:
            raise ValueError(f"It is a whole number from {self.low} to {self.high}.")
        return int(text)


class Ids(Parameter):
    """One or more public ids."""

    repeatable = True
    schema = {"type": "string", "format": "uuid"}

    def read(self, text: str) -> UUID:
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text.lower()):
            raise ValueError("A public id is a UUID: 8-4-4-4-12 hex digits.")
        return UUID(text)


class Records(Parameter):
    """One or more records, each by public id or by slug."""

    repeatable = True
    schema = {
        "type": "string",
        "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$",
        "maxLength": 120,
    }

    def read(self, text: str) -> UUID | str:
        try:
            return UUID(text) if len(text) == 36 else self.slug(text)
        except ValueError:
            return self.slug(text)

    def slug(self, text: str) -> str:
        """Return a well-formed slug. Raises ValueError."""
        if len(text) > 120 or not SLUG.fullmatch(text):
            raise ValueError(
                "It is a public id, or a slug of lowercase letters, digits and hyphens."
            )
        return text


class Places(Records):
    """One or more places, each by ISO 3166 code, public id or slug."""

    schema = {
        "type": "string",
        "pattern": f"^({ISO3166.pattern}|{SLUG.pattern})$",
        "maxLength": 120,
    }

    def read(self, text: str) -> UUID | str:
        return text if ISO3166.fullmatch(text) else super().read(text)


class Days(Parameter):
    """The days of a day, a month or a year."""

    schema = {"type": "string", "pattern": DAY_PATTERN}

    def read(self, text: str) -> tuple[date, date]:
        try:
            return parse_day_range(text)
        except DateError as fault:
            raise ValueError(str(fault)) from fault


class FirstDay(Days):
    """The first day of a day, a month or a year."""

    def read(self, text: str) -> date:  # type: ignore[override]
        return super().read(text)[0]


class LastDay(Days):
    """The last day of a day, a month or a year."""

    def read(self, text: str) -> date:  # type: ignore[override]
        return super().read(text)[1]


class Moment(Parameter):
    """A moment, as RFC 3339 with an offset."""

    schema = {"type": "string", "format": "date-time"}

    def read(self, text: str) -> datetime:
        shape = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)"
        if not re.fullmatch(shape, text, re.ASCII):
            raise ValueError(
                "It is a moment with an offset: 2024-06-01T12:00:00Z, or with %2B03:00 at its end."
            )
        try:
            moment = datetime.fromisoformat(text.upper())
        except ValueError as fault:
            raise ValueError("There is no such moment.") from fault
        try:
            return moment.astimezone(UTC)  # PostgreSQL takes no offset of 16 hours or more
        except OverflowError:  # the first or the last day of the calendar
            return moment.replace(tzinfo=UTC)


class SnapshotParameter(Parameter):
    """A snapshot: a position in the public record."""

    schema = {"type": "string", "pattern": r"^(0|[1-9][0-9]*)-[0-9a-f]{8}$"}

    def read(self, text: str) -> Snapshot:
        return Snapshot.parse(text)


class ReleaseName(Parameter):
    """The name of a release."""

    schema = {"type": "string", "pattern": f"^{RELEASE}$", "maxLength": RELEASE_LENGTH}

    def read(self, text: str) -> str:
        if len(text) > RELEASE_LENGTH or not re.fullmatch(RELEASE, text, re.ASCII):
            raise ValueError(
                "A release's name is made of lowercase letters, digits, hyphens and dots."
            )
        return text
