"""What a redaction removes from documents and bodies, by what their serializers allow.

Text becomes `[redacted]`, an enumeration `unknown`, else null; where none fits, the row of the
list goes. What follows from what was removed is computed anew (`derive` of the serializers).
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from rest_framework import serializers

from editorial.redaction import facts, matching
from publishing.completion import Property, properties
from publishing.serializers import WordsListField

REDACTED = "[redacted]"
_PATH = re.compile(r"([a-z_]+)(?:\[([0-9]{1,4})\])?", re.ASCII)
_GONE = object()
"""Stands for what cannot be emptied."""


class Removal:
    """Goes through documents and empties what is to be removed; `paths` tells where it stood."""

    def __init__(self) -> None:
        self.paths: set[str] = set()

    def clean(self, serializer: Any, shown: dict[str, Any]) -> bool:
        """Empty `shown`, a document or a body, in place; return whether anything was removed."""
        raise NotImplementedError

    def text(self, text: str) -> str:
        """Return a text beside the documents, such as a note, without what is to be removed."""
        return text

    def ends_slug(self, slug: str) -> bool:
        """Return whether a slug tells what is to be removed."""
        raise NotImplementedError


class TextRemoval(Removal):
    """Every occurrence of some texts, however their letters are cased, and as they are folded."""

    def __init__(self, values: Iterable[str]) -> None:
        super().__init__()
        self.values = [value.strip() for value in values if value.strip()]
        self.found: set[str] = set()
        for value in self.values:
            if len(value) < 2 or not matching.passages(value):
                raise ValidationError(f"“{value}” is too short to be looked for.", code="value")
        self.patterns = {value: matching.pattern(value) for value in self.values}

    def text(self, text: str) -> str:
        for value, pattern in self.patterns.items():
            cleaned = matching.replace_matches(pattern, REDACTED, text)
            if cleaned != text:
                self.found.add(value)
            text = cleaned
        return text

    def ends_slug(self, slug: str) -> bool:
        return self.text(slug) != slug

    def clean(self, serializer: Any, shown: dict[str, Any]) -> bool:
        known, self.paths = self.paths, set()
        if not self._object(serializer, shown, ""):
            raise _needed(", ".join(sorted(self.paths)))
        touched, self.paths = bool(self.paths), known | self.paths
        return touched

    def _object(self, serializer: Any, shown: dict[str, Any], at: str) -> bool:
        """Empty an object; False where it cannot stand any more."""
        before = len(self.paths)
        for told in properties(serializer).values():
            if shown.get(told.name) is not None and told.name not in ("id", "slug"):
                needed = told.name in _needs(serializer)
                value = self._value(told, shown[told.name], f"{at}{told.name}", needed)
                if value is _GONE:
                    return False
                shown[told.name] = value
        if len(self.paths) != before:
            _derive(serializer, shown)
        return True

    def _value(self, told: Property, value: Any, at: str, needed: bool) -> Any:
        if told.is_reference or told.words:
            return value
        if told.many:
            return [item for item in value if self._object(told.inner, item, f"{at}.")]
        if told.inner is not None:
            stands = self._object(told.inner, value, f"{at}.")
            return value if stands else None if told.nullable else _GONE
        if not isinstance(value, str) or (cleaned := self.text(value)) == value:
            return value
        self.paths.add(at)
        if needed and cleaned == REDACTED:
            return _GONE
        if is_free_text(told.field):
            return cleaned
        return None if told.nullable and not needed else _GONE


class PathStep(NamedTuple):
    """One step of a path: a property, or one row of a list."""

    name: str
    row: int | None
    forms: list[dict[str, Any]]
    """How the row has ever read, as its audit tells; empty for all rows."""


class FieldRemoval(Removal):
    """What stands at some paths; a row of a list is followed through its past."""

    def __init__(self, paths: Iterable[str], slug_from: tuple[str, ...]) -> None:
        super().__init__()
        self.targets = [[_step(part) for part in path.split(".")] for path in paths]
        self.slug_from = {*slug_from, "slug"}
        self.removed: dict[str, set[str]] = {path_of(target): set() for target in self.targets}
        """What documents said at each path, as guards compare it."""

    def ends_slug(self, slug: str) -> bool:
        return any(target[0].name in self.slug_from for target in self.targets)

    def clean(self, serializer: Any, shown: dict[str, Any]) -> bool:
        touched = False
        for target in self.targets:
            before, names = repr(shown), [step.name for step in target]
            said = set(facts.values_at(shown, names))
            if target[0].name != "slug" and not self._apply(serializer, shown, target):
                raise _needed(path_of(target))
            if repr(shown) != before:
                self.removed[path_of(target)] |= said - set(facts.values_at(shown, names))
                self.paths.add(path_of(target))
                touched = True
        return touched

    def _apply(self, serializer: Any, shown: dict[str, Any], steps: list[PathStep]) -> bool:
        """Empty what the steps lead to; False where what holds it cannot stand without it."""
        step, *rest = steps
        told = properties(serializer)[step.name]
        value = shown.get(step.name)
        if value is None or value == []:
            return True
        if told.many and (rest or step.forms):
            shown[step.name] = [item for item in value if self._stays(told, item, step, rest)]
        elif rest:
            if not self._apply(told.inner, value, rest):
                if not can_be_null(serializer, told):
                    return False
                shown[step.name] = None
        else:
            if not can_be_empty(serializer, told):
                return False
            shown[step.name] = _empty(told, value)
        _derive(serializer, shown)
        return True

    def _stays(self, told: Property, item: Any, step: PathStep, rest: list[PathStep]) -> bool:
        if step.forms and not any(is_same(told.inner, item, form) for form in step.forms):
            return True
        return bool(rest) and self._apply(told.inner, item, rest)


def clean_texts(value: Any, clean: Callable[[str], str]) -> Any:
    """Return JSON of which every text went through `clean`."""
    if isinstance(value, dict):
        return {key: clean_texts(inner, clean) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean_texts(inner, clean) for inner in value]
    return clean(value) if isinstance(value, str) else value


def path_of(steps: list[PathStep]) -> str:
    """Return the path of what was removed; rows are not numbered: their places change."""
    return ".".join(step.name for step in steps)


def is_same(serializer: Any, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two rows of a list read alike, but for the lists in them."""
    return all(
        _id(one[told.name]) == _id(other[told.name])
        for told in properties(serializer).values()
        if not told.many and told.name in one and told.name in other
    )


def is_free_text(field: Any) -> bool:
    """Return whether a property is free text; a date, an address or a code is not."""
    return type(field) is serializers.CharField


def _id(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and "id" in value else value


def _needs(serializer: Any) -> tuple[str, ...]:
    """Return the properties without which a row cannot stand, or would say another thing."""
    return getattr(serializer, "needs", ())


def can_be_null(serializer: Any, told: Property) -> bool:
    """Return whether a row can stand with null in a property."""
    return told.nullable and told.name not in _needs(serializer)


def can_be_empty(serializer: Any, told: Property) -> bool:
    """Return whether a row can stand without the value of a property; else it must go."""
    if told.name in _needs(serializer):
        return False
    if told.many or told.nullable or isinstance(told.field, WordsListField):
        return True
    if told.inner is not None and not told.is_reference:
        known = properties(told.inner).values()
        return all(can_be_empty(told.inner, inner) for inner in known)
    return "unknown" in told.words or is_free_text(told.field)


def _empty(told: Property, value: Any) -> Any:
    """Return what stands for a value that was removed, where its row stands without it."""
    if value is None or told.many:
        return [] if told.many else None
    if isinstance(told.field, WordsListField):
        return told.unknown
    if told.words:
        return "unknown" if "unknown" in told.words else None
    if told.inner is not None and not told.is_reference and not told.nullable:
        known = properties(told.inner)
        return {name: _empty(known[name], held) for name, held in value.items()}
    return REDACTED if is_free_text(told.field) and isinstance(value, str) else None


def _derive(serializer: Any, shown: dict[str, Any]) -> None:
    if derive := getattr(serializer, "derive", None):
        derive(shown)


def _step(part: str) -> PathStep:
    found = _PATH.fullmatch(part.strip())
    if not found:
        raise ValidationError(
            f"“{part}” is no path: write names as the document has them, such as description, "
            "individual.birth or names[2].",
            code="path",
        )
    return PathStep(found[1], int(found[2]) if found[2] else None, [])


def _needed(path: str) -> ValidationError:
    return ValidationError(
        f"“{path}” cannot be empty in a document: correct it first, or redact the whole record.",
        code="needed",
    )
