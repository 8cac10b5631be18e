"""The vocabularies of the documents: their words, the meanings, and the codes of other systems.

Each module of codes contains enumerations and two dicts by enumeration: the meanings of the words
(`MEANINGS`) and their codes in other systems (`CROSSWALKS`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from operator import attrgetter
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db.models import TextChoices
from django.utils.module_loading import module_has_submodule

from publishing.fields import GrowingEnumeration

EnumerationType = type[TextChoices]
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True)
class Crosswalk:
    """The codes of the words of a vocabulary in one field of another system."""

    system: str
    """The system and its field, such as `acled.inter`."""
    meaning: str
    """What the field is, and what does not follow from the word alone."""
    codes: Mapping[str, str | None]
    """The code for each of our words; None if the system has no code for it."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """The word that an import uses for each of their codes."""


@dataclass(frozen=True)
class Vocabulary:
    """An enumeration with its meanings and crosswalks."""

    words: EnumerationType
    meanings: Mapping[str, str]
    crosswalks: tuple[Crosswalk, ...]

    @property
    def name(self) -> str:
        """The name in the API, such as `sub_type`."""
        return _CAPITAL.sub("_", self.words.__name__).lower()

    @property
    def grows(self) -> bool:
        """Whether it may get new words within v1 of the API."""
        return issubclass(self.words, GrowingEnumeration)


@cache
def list_vocabularies() -> dict[str, Vocabulary]:
    """Return every vocabulary by name, sorted by name."""
    crosswalks = dict(_iterate_codes("CROSSWALKS"))
    listed = [
        Vocabulary(words, meanings, tuple(crosswalks.pop(words, ())))
        for words, meanings in _iterate_codes("MEANINGS")
    ]
    if crosswalks:
        raise LookupError(f"These have crosswalks but no meanings: {[*crosswalks]}")
    return {vocabulary.name: vocabulary for vocabulary in sorted(listed, key=attrgetter("name"))}


def find_crosswalk(words: EnumerationType, system: str) -> Crosswalk:
    """Return the crosswalk of an enumeration to a field of another system."""
    crosswalks = dict(_iterate_codes("CROSSWALKS"))[words]
    return next(crosswalk for crosswalk in crosswalks if crosswalk.system == system)


def _iterate_codes(name: str) -> Iterator[tuple[EnumerationType, Any]]:
    """Yield the items of the dicts with a given name in all modules of codes."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "codes"):
            codes = import_module(f"{app.name}.codes")
            within = getattr(codes, "__path__", ())
            modules = [
                import_module(f"{app.name}.codes.{info.name}") for info in iter_modules(within)
            ]
            for module in modules or [codes]:
                yield from getattr(module, name, {}).items()
