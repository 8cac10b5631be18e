"""Writing the shipped places to the working tables: what is missing, and what is blank."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from editorial.models import Record
from editorial.redaction.guards import Guards
from exchange.set_aside import Reason, Reserved, SetAside, get_references, name_record
from exchange.world import ListedPlace, make_map_source, make_registry_source
from places.codes import PlaceKind
from places.models import Place, PlaceCitation, PlaceExternalId, PlaceName
from publishing.models import Edition
from sources.codes import LocatorKind, Match, Scheme
from sources.models import Source

_BATCH = 1000
COMMAND = "load_world"
"""What the audit calls every run of the command."""


class WorldImport:
    """Listed places on their way to the working tables.

    A place that is there already, by its code, is left as it is but for what is blank in it: its
    point, its parent, names in languages of which it has none, other spellings and former names,
    the code as external id, and citations where it has none at all.
    """

    def __init__(self, places: Sequence[ListedPlace]) -> None:
        self.reserved = Reserved(COMMAND)
        reasons = self.reserved.find(Place, [row.pk for row in _find_existing(places).values()])
        self.rows = _find_existing(places)  # again, as they are under the locks
        held = {
            code: reasons[row.pk] for code, row in sorted(self.rows.items()) if row.pk in reasons
        }
        held |= self._redacted(places)
        self.set_aside = [SetAside(code, *reason) for code, reason in held.items()]
        self.places = [place for place in places if place.code not in held]
        """The places that are written: not those that somebody has in hand."""
        self.created = [place.code for place in places if place.code not in self.rows]
        self.completed: set[str] = set()

    def _redacted(self, places: Sequence[ListedPlace]) -> dict[str, Reason]:
        """Return the places of which a redaction removed what would be written, by code."""
        ids = {place.code: place.public_id for place in places}
        ids |= {code: row.public_id for code, row in self.rows.items()}
        guards = Guards.of(ids.values())
        found: dict[str, Reason] = {}
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
                for violation in guards.row(ids[place.code], written):
                    name = f"place {ids[place.code]}"
                    found[place.code] = name, violation.message
        return found

    @transaction.atomic
    def write(self) -> None:
        """Write all rows in bulk."""
        known = [place for place in self.places if place.code in self.rows]
        self._create()
        for place in known:
            self._complete(place)
        names, ids = self._held(PlaceName, "language"), self._held(PlaceExternalId, "scheme")
        spelt = self._held(PlaceName, "text")
        self._add(
            PlaceName,
            [
                PlaceName(place=self.rows[place.code], text=text, language=language)
                for place in self.places
                for language, text in sorted(place.names.items())
                if (self.rows[place.code].pk, language) not in names
            ]
            + [
                PlaceName(
                    place=self.rows[place.code],
                    text=told["name"],
                    language=told["language"],
                    until=told["until"],
                )
                for place in self.places
                for told in place.further
                if (self.rows[place.code].pk, told["name"]) not in spelt
            ],
        )
        self._add(
            PlaceExternalId,
            [
                PlaceExternalId(
                    place=self.rows[place.code], scheme=Scheme.ISO3166, value=place.code
                )
                for place in self.places
                if (self.rows[place.code].pk, Scheme.ISO3166) not in ids
            ],
        )
        self._cite()

    def records(self) -> list[Record]:
        """Return what is to be published: what was written now, and what never was public."""
        sources = Source.objects.filter(
            public_id__in=[make_registry_source().public_id, make_map_source().public_id]
        )
        written = {self.rows[code].public_id for code in [*self.created, *self.completed]}
        found: list[Record] = [*sources, *self.rows.values()]
        public = set(
            Edition.objects.filter(record__in=[record.public_id for record in found])
            .values_list("record", flat=True)
            .distinct()
        )
        wanted = [r for r in found if r.public_id in written or r.public_id not in public]
        for model in (Source, Place):  # looked up at once
            self.reserved.find(model, [record.pk for record in wanted if type(record) is model])
        parents = {row.parent_id for row in self.rows.values() if row.parent_id}
        self.reserved.find_unquotable(Place, parents)
        return [record for record in wanted if not self._is_held(record)]

    def _is_held(self, record: Record) -> bool:
        """Whether somebody has in hand a record or what it quotes, which is then reported."""
        if self.reserved.find(type(record), [record.pk]):
            return True
        for column, model in get_references(type(record)):
            reasons = self.reserved.find_unquotable(model, filter(None, [getattr(record, column)]))
            for reason in reasons.values():
                self.set_aside.append(SetAside(name_record(record), *reason))
                return True
        return False

    def _create(self) -> None:
        """Create the missing places, those that others lie in first."""
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
        """Fill what is blank in the columns of a place that is there already."""
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
        """Write rows below places, and remember which places they complete."""
        codes, created = {row.pk: code for code, row in self.rows.items()}, set(self.created)
        model._default_manager.bulk_create(rows, batch_size=_BATCH)
        self.completed |= {codes[row.place_id] for row in rows} - created

    def _cite(self) -> None:
        """Cite the registry, and the map where it gave a point, for what was written now."""
        cited = self._held(PlaceCitation, "place_id")
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
                for source in ([iso, points] if place.point else [iso])
            ],
            batch_size=_BATCH,
        )

    def _held(self, model: type[Model], column: str) -> set[tuple[int, object]]:
        """Return what stands below the places already, by place."""
        created = set(self.created)
        known = [row.pk for code, row in self.rows.items() if code not in created]
        rows: QuerySet = model._default_manager.filter(place__in=known)
        return set(rows.values_list("place_id", column))


def make_place(place: ListedPlace, parent: Place | None, slug: str | None) -> Place:
    """Return the working row of a listed place, not saved; without a slug it gets one later."""
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
    """Return what of a place would be filled where it is blank, as a row that is not saved."""
    point = place.point if place.point and row.latitude is None else (None, None)
    return Place(latitude=point[0], longitude=point[1])


def _find_existing(places: Sequence[ListedPlace]) -> dict[str, Place]:
    """Return the places that are there already, by code."""
    codes, ids = {place.code for place in places}, {place.public_id: place.code for place in places}
    exact = PlaceExternalId.objects.filter(scheme=Scheme.ISO3166, match=Match.EXACT)
    named = dict(exact.filter(value__in=codes).values_list("place_id", "value"))
    found: dict[str, Place] = {}
    rows = Place.objects.filter(
        Q(public_id__in=list(ids)) | Q(pk__in=list(named)) | _COUNTRY | _ADMIN1
    )
    for row in rows.order_by("pk"):
        by_code = {"country": row.country, "admin1": row.admin1}.get(row.kind)
        code = ids.get(row.public_id) or named.get(row.pk) or by_code
        if code and code in codes:
            found.setdefault(code, row)
    return found


_COUNTRY = Q(kind=PlaceKind.COUNTRY) & ~Q(country="")
_ADMIN1 = Q(kind=PlaceKind.ADMIN1) & ~Q(admin1="")


def _save_source(source: Source) -> Source:
    """Return the source as it is kept, saving it where it is not."""
    there = Source.objects.filter(public_id=source.public_id).first()
    if there is None:
        source.save()
    return there or source
