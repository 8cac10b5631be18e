"""Removals: how a redaction removes texts and fields from documents and bodies.

A text becomes `[redacted]`, an enumeration `unknown`, any other value null. If the serializer
allows none of these, the whole row of the list is removed. The properties that follow from others
are derived again.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from rest_framework import serializers

from editorial.redaction import facts, matching
from publishing.completion import Property, properties
from publishing.documents import REDACTED
from publishing.serializers import WordsListField

_PATH = re.compile(r"([a-z_]+)(?:\[([0-9]{1,4})\])?", re.ASCII)
_CANNOT_BE_EMPTY = object()
"""What `_clean_value` returns for a value that cannot be emptied."""


class Removal:
    """Removes texts or fields from documents, and collects their paths in `paths`."""

    def __init__(self) -> None:
        self.paths: set[str] = set()

    def clean(self, serializer: Any, document: dict[str, Any]) -> bool:
        """Clean a document or a body in place; return whether anything was removed."""
        raise NotImplementedError

    def clean_text(self, text: str) -> str:
        """Return a text outside of documents, such as a note, without what is removed."""
        return text

    def affects_slug(self, slug: str) -> bool:
        """Return whether a slug reveals what is removed."""
        raise NotImplementedError


class TextRemoval(Removal):
    """The removal of every occurrence of texts, in any case and in their folded form."""

    def __init__(self, values: Iterable[str]) -> None:
        super().__init__()
        self.values = [value.strip() for value in values if value.strip()]
        self.found: set[str] = set()
        for value in self.values:
            if len(value) < 2 or not matching.passages(value):
                raise ValidationError(f"“{value}” is too short to be found reliably.", code="value")
        self.patterns = {value: matching.pattern(value) for value in self.values}

    def clean_text(self, text: str) -> str:
        for value, pattern in self.patterns.items():
            cleaned = matching.replace_matches(pattern, REDACTED, text)
            if cleaned != text:
                self.found.add(value)
            text = cleaned
        return text

    def affects_slug(self, slug: str) -> bool:
        return self.clean_text(slug) != slug

    def clean(self, serializer: Any, document: dict[str, Any]) -> bool:
        earlier, self.paths = self.paths, set()
        if not self._clean_object(serializer, document, ""):
            raise _make_needed_error(", ".join(sorted(self.paths)))
        touched, self.paths = bool(self.paths), earlier | self.paths
        return touched

    def _clean_object(self, serializer: Any, document: dict[str, Any], path: str) -> bool:
        """Clean an object; return whether it is still valid."""
        before = len(self.paths)
        for property_ in properties(serializer).values():
            if document.get(property_.name) is not None and property_.name not in ("id", "slug"):
                required = property_.name in _needs(serializer)
                value = self._clean_value(
                    property_, document[property_.name], f"{path}{property_.name}", required
                )
                if value is _CANNOT_BE_EMPTY:
                    return False
                document[property_.name] = value
        if len(self.paths) != before:
            _derive(serializer, document)
        return True

    def _clean_value(self, property_: Property, value: Any, path: str, required: bool) -> Any:
        if property_.is_reference or property_.words:
            return value
        if property_.many:
            return [item for item in value if self._clean_object(property_.inner, item, f"{path}.")]
        if property_.inner is not None:
            valid = self._clean_object(property_.inner, value, f"{path}.")
            return value if valid else None if property_.nullable else _CANNOT_BE_EMPTY
        if not isinstance(value, str) or (cleaned := self.clean_text(value)) == value:
            return value
        self.paths.add(path)
        if required and cleaned == REDACTED:
            return _CANNOT_BE_EMPTY
        if is_free_text(property_.field):
            return cleaned
        return None if property_.nullable and not required else _CANNOT_BE_EMPTY


class PathStep(NamedTuple):
    """A step of a path: a property, or a row of a list."""

    name: str
    row: int | None
    versions: list[dict[str, Any]]
    """All versions of the row that its audit has; empty if the step means all rows."""


class FieldRemoval(Removal):
    """The removal of the values at paths. A row of a list is removed from every past list too."""

    def __init__(self, paths: Iterable[str], slug_from: tuple[str, ...]) -> None:
        super().__init__()
        self.targets = [[_parse_step(part) for part in path.split(".")] for path in paths]
        self.slug_from = {*slug_from, "slug"}
        self.removed: dict[str, set[str]] = {path_of(target): set() for target in self.targets}
        """The removed values by path, as guards compare them."""

    def affects_slug(self, slug: str) -> bool:
        return any(target[0].name in self.slug_from for target in self.targets)

    def clean(self, serializer: Any, document: dict[str, Any]) -> bool:
        touched = False
        for target in self.targets:
            before, names = repr(document), [step.name for step in target]
            values = set(facts.values_at(document, names))
            if target[0].name != "slug" and not self._apply(serializer, document, target):
                raise _make_needed_error(path_of(target))
            if repr(document) != before:
                self.removed[path_of(target)] |= values - set(facts.values_at(document, names))
                self.paths.add(path_of(target))
                touched = True
        return touched

    def _apply(self, serializer: Any, document: dict[str, Any], steps: list[PathStep]) -> bool:
        """Empty what the steps lead to; return whether the object is still valid."""
        step, *rest = steps
        property_ = properties(serializer)[step.name]
        value = document.get(step.name)
        if value is None or value == []:
            return True
        if property_.many and (rest or step.versions):
            document[step.name] = [
                item for item in value if self._clean_item(property_, item, step, rest)
            ]
        elif rest:
            if not self._apply(property_.inner, value, rest):
                if not can_be_null(serializer, property_):
                    return False
                document[step.name] = None
        else:
            if not can_be_empty(serializer, property_):
                return False
            document[step.name] = _empty(property_, value)
        _derive(serializer, document)
        return True

    def _clean_item(
        self, property_: Property, item: Any, step: PathStep, rest: list[PathStep]
    ) -> bool:
        """Clean a row of a list; return whether it stays."""
        if step.versions and not any(
            is_same(property_.inner, item, version) for version in step.versions
        ):
            return True
        return bool(rest) and self._apply(property_.inner, item, rest)


def clean_texts(value: Any, clean: Callable[[str], str]) -> Any:
    """Return a JSON value with every text replaced by `clean(text)`."""
    if isinstance(value, dict):
        return {key: clean_texts(inner, clean) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean_texts(inner, clean) for inner in value]
    return clean(value) if isinstance(value, str) else value


def path_of(steps: list[PathStep]) -> str:
    """Return the path of steps, without the numbers of rows, which may change."""
    return ".".join(step.name for step in steps)


def is_same(serializer: Any, row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two rows of a list are equal, except for the lists in them."""
    return all(
        _strip_reference(row[property_.name]) == _strip_reference(other[property_.name])
        for property_ in properties(serializer).values()
        if not property_.many and property_.name in row and property_.name in other
    )


def is_free_text(field: Any) -> bool:
    """Return whether a property is free text, not a date, an address or a code."""
    return type(field) is serializers.CharField


def _strip_reference(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and "id" in value else value


def _needs(serializer: Any) -> tuple[str, ...]:
    """Return the properties without which a row is invalid or gets another meaning."""
    return getattr(serializer, "needs", ())


def can_be_null(serializer: Any, property_: Property) -> bool:
    """Return whether a row is valid with null in a property."""
    return property_.nullable and property_.name not in _needs(serializer)


def can_be_empty(serializer: Any, property_: Property) -> bool:
    """Return whether a row is valid without the value of a property."""
    if property_.name in _needs(serializer):
        return False
    if property_.many or property_.nullable or isinstance(property_.field, WordsListField):
        return True
    if property_.inner is not None and not property_.is_reference:
        inner = property_.inner
        return all(can_be_empty(inner, each) for each in properties(inner).values())
    return "unknown" in property_.words or is_free_text(property_.field)


def _empty(property_: Property, value: Any) -> Any:
    """Return the value that replaces a removed one in a row that is valid without it."""
    if value is None or property_.many:
        return [] if property_.many else None
    if isinstance(property_.field, WordsListField):
        return property_.unknown
    if property_.words:
        return "unknown" if "unknown" in property_.words else None
    if property_.inner is not None and not property_.is_reference and not property_.nullable:
        inner = properties(property_.inner)
        return {name: _empty(inner[name], each) for name, each in value.items()}
    return REDACTED if is_free_text(property_.field) and isinstance(value, str) else None


def _derive(serializer: Any, document: dict[str, Any]) -> None:
    if derive := getattr(serializer, "derive", None):
        derive(document)


def _parse_step(part: str) -> PathStep:
    match = _PATH.fullmatch(part.strip())
    if not match:
        raise ValidationError(
            f"“{part}” is not a path: use names of the document, such as description, "
            "individual.birth or names[2].",
            code="path",
        )
    return PathStep(match[1], int(match[2]) if match[2] else None, [])


def _make_needed_error(path: str) -> ValidationError:
    return ValidationError(
        f"“{path}” cannot be empty in a document: correct it first, or redact the whole record.",
        code="needed",
    )
