"""The vocabularies of the documents: their words, what these mean, and what others call them.

Beside its words each module of codes has dicts by enumeration: what they mean (`MEANINGS`), and
what they are in other systems (`CROSSWALKS`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
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
    """What the words of a vocabulary are in one field of another system."""

    system: str
    """The system and its field, as in `acled.inter`."""
    meaning: str
    """What the field is, and what of it does not follow from the word alone."""
    codes: Mapping[str, str | None]
    """By our word, theirs; None where the system has nothing that says it."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """By their code, the word under which an importer takes it."""


@dataclass(frozen=True)
class Vocabulary:
    """An enumeration with all that is told of it."""

    words: EnumerationType
    meanings: Mapping[str, str]
    crosswalks: tuple[Crosswalk, ...]

    @property
    def name(self) -> str:
        """What it is asked for by: `sub_type`."""
        return _CAPITAL.sub("_", self.words.__name__).lower()

    @property
    def grows(self) -> bool:
        """Whether new words may come within v1 of the API."""
        return issubclass(self.words, GrowingEnumeration)


@cache
def list_vocabularies() -> dict[str, Vocabulary]:
    """Return every vocabulary by its name, in the order of the names."""
    crosswalks = dict(_listed("CROSSWALKS"))
    found = [
        Vocabulary(words, meanings, tuple(crosswalks.pop(words, ())))
        for words, meanings in _listed("MEANINGS")
    ]
    if crosswalks:
        raise LookupError(f"Crosswalks of what has no meanings: {[*crosswalks]}")
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def find_crosswalk(words: EnumerationType, system: str) -> Crosswalk:
    """Return what the words of an enumeration are in a system."""
    (found,) = [one for one in dict(_listed("CROSSWALKS"))[words] if one.system == system]
    return found


def _listed(name: str) -> Iterator[tuple[EnumerationType, Any]]:
    """Yield what the modules of codes have in a dict of some name."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "codes"):
            codes = import_module(f"{app.name}.codes")
            within = getattr(codes, "__path__", ())
            modules = [
                import_module(f"{app.name}.codes.{one.name}") for one in iter_modules(within)
            ]
            for module in modules or [codes]:
                yield from getattr(module, name, {}).items()
