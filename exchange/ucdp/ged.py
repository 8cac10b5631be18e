"""UCDP's Georeferenced Event Dataset: its events as incidents, with their sides, places and dead.

A file is read once into staging, held against what was imported before, and only what is new or
reads otherwise is written. The caller holds one transaction around it.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from actors.models import Actor
from editorial.chunks import in_chunks
from editorial.models import Edition, Record
from editorial.progress import Progress, Step
from exchange.copying import copy, reserve
from exchange.gazetteer import Gazetteer
from exchange.importing import Import
from exchange.models import LEFT_ALONE, ImportedRow
from exchange.parts import Part, Update, create
from exchange.staging import Staged
from exchange.tables import UnreadableError, digest, lines
from exchange.ucdp import ABOUT, UCDP
from exchange.ucdp.countries import iso
from exchange.ucdp.events import MODELS, matched, parts
from exchange.ucdp.rows import TABLE, Event, Side, read
from exchange.ucdp.sides import make, standing
from incidents.models import Incident, random_code
from places.codes import PlaceKind
from sources.models import Source

_ASIDE = {"source_id"}
_GONE = """
SELECT key FROM exchange_importedrow AS before
WHERE dataset = %s AND NOT EXISTS (SELECT FROM staged WHERE staged.key = before.key)
    AND (row->>'country_id', left(row->>'date_start', 4)) IN (
        SELECT DISTINCT row->>'country_id', left(row->>'date_start', 4) FROM staged)
ORDER BY key
"""


class GedImport(Import):
    """Events become incidents, their sides actors."""

    help = """\
UCDP's Georeferenced Event Dataset and its candidate releases, as CSV. Incidents are found again
by UCDP's event id, actors by its actor id; places are those that are published here.
"""
    dataset = "ucdp_ged"
    name = "UCDP Georeferenced Event Dataset"
    rows = "events"
    publisher = UCDP
    about = ABOUT

    def __init__(self, path: Path, release: str, progress: Progress) -> None:
        super().__init__(path, release, progress)
        self.sides: dict[str, Side] = {}
        self.actors: dict[str, Actor] = {}
        self.changed: list[int] = []

    def write(self) -> None:
        self.gazetteer = Gazetteer()
        with self.progress.phase("read", lines(self.path)) as step:
            self.staging.fill(self._checked(step))
        self.report.unchanged = self.staging.unchanged
        self.report.gone = _gone(self.dataset)
        if not self.staging.new + self.staging.changed:
            return
        self.actors = self._actors()
        with self.progress.phase("write new", self.staging.new) as step:
            for chunk in self.staging.chunks(new=True):
                self._create(chunk)
                step(len(chunk))
        with self.progress.phase("bring up to date", self.staging.changed) as step:
            for chunk in self.staging.chunks(new=False):
                self._update(chunk)
                step(len(chunk))

    def records(self) -> Iterator[Record]:
        waiting = self.staging.unsubmitted()
        if not waiting and not self.changed:
            return
        publisher = self.cited.publisher
        releases = Source.objects.filter(publisher=publisher, title__startswith=self.name)
        quoted = [publisher, *releases, *self._actors().values()]
        public_ids = [record.public_id for record in quoted if record]
        known = set(Edition.objects.filter(record__in=public_ids).values_list("record", flat=True))
        yield from (record for record in quoted if record and record.public_id not in known)
        yield from in_chunks(Incident.objects.filter(public_id__in=waiting).only("slug"))
        changed = Incident.objects.filter(pk__in=self.changed).exclude(public_id__in=waiting)
        yield from in_chunks(changed.only("slug"))

    def _checked(self, step: Step) -> Iterator[tuple[Staged, str]]:
        """Yield the rows that can be read, each with the key of its place; count the others."""
        seen: dict[str, int] = {}
        for number, row in TABLE.rows(self.path):
            step()
            try:
                if isinstance(row, UnreadableError):
                    raise row
                event = read(row)
                if event.key in seen:
                    raise UnreadableError({"id": f"it is that of row {seen[event.key]} too"})
            except UnreadableError as error:
                self.report.unreadable.append(f"row {number}: {error}")
                continue
            seen[event.key] = number
            for side in (event.a, event.b):
                self.sides.setdefault(side.key, side)
            flags = [*event.flags]
            place = matched(event, self.gazetteer)
            code = iso(event.country, event.division)
            if not code:
                flags.append("country number unknown")
                self.report.unmatched[f"country {event.country}"] += 1
            elif not place:
                self.report.unmatched[f"country {code}"] += 1
            quoted = place and place.kind == PlaceKind.ADMIN1
            if event.division and event.where_prec != 6 and not quoted:
                flags.append("division not found")
                self.report.unmatched[event.division] += 1
            self.report.places[place.get_kind_display() if place else "none"] += 1
            self.report.flags.update(flags)
            staged = Staged(number, event.key, digest(row), flags, row)
            yield staged, str(place.pk) if place else ""

    def _create(self, chunk: list[Staged]) -> None:
        events = [read(staged.row) for staged in chunk]
        ids = [uuid.uuid4() for _ in chunk]
        codes = _codes(events)
        made = create(
            [
                self._parts(event, {"public_id": public_id, "slug": code})
                for event, public_id, code in zip(events, ids, codes, strict=True)
            ]
        )
        keys = reserve(ImportedRow, len(chunk))
        kept = [
            self.kept(staged, self.cited) | {"id": key, "record": public_id, "made": one}
            for staged, key, public_id, one in zip(chunk, keys, ids, made, strict=True)
        ]
        copy(ImportedRow, kept)
        self.report.created += len(chunk)

    def _update(self, chunk: list[Staged]) -> None:
        before = {
            row.key: row
            for row in ImportedRow.objects.filter(
                dataset=self.dataset, key__in=[staged.key for staged in chunk]
            )
        }
        records = [row.record for row in before.values()]
        standing = Edition.objects.standing(records).values_list("record", "public")
        ended = {record for record, public in standing if not public}
        update = Update(MODELS, [row.made for row in before.values()], _ASIDE)
        for staged in chunk:
            row = before[staged.key]
            if row.record in ended or LEFT_ALONE in row.flags:
                self.report.left += 1
                continue
            outcome = update.bring(self._parts(read(staged.row), {}), row.made)
            if outcome.changed:
                self.changed.append(outcome.made["record"][0])
            self.report.changed += outcome.changed
            self.report.unchanged += not outcome.changed
            self.report.kept += [f"{staged.key} {name}" for name in outcome.kept]
            for column, value in (self.kept(staged, self.cited) | {"made": outcome.made}).items():
                setattr(row, column, value)
            row.save()

    def _parts(self, event: Event, drawn: dict[str, Any]) -> list[Part]:
        place = matched(event, self.gazetteer)
        record, *below = parts(event, place, self.actors, self.cited.pk)
        return [record._replace(derived={**record.derived, **drawn}), *below]

    def _actors(self) -> dict[str, Actor]:
        """Return the actors of all sides, made where they are not there."""
        actors = standing(self.sides)
        for key in sorted(self.sides.keys() - actors.keys(), key=int):
            actors[key] = make(self.sides[key], self.cited, self.gazetteer)
            self.report.actors.append(actors[key].name)
        return actors


def _codes(events: list[Event]) -> list[str]:
    """Return a free code for the incident of each event; longer ones where short ones are taken."""
    codes: dict[str, int] = {}
    letters, waiting = 4, set(range(len(events)))
    while waiting:
        drawn: dict[str, int] = {}
        for number in waiting:
            event = events[number]
            drawn[random_code(iso(event.country, event.division), event.start, letters)] = number
        taken = set(Incident.objects.filter(slug__in=drawn).values_list("slug", flat=True))
        free = {code: n for code, n in drawn.items() if code not in taken and code not in codes}
        codes |= free
        waiting -= set(free.values())
        letters += 1
    return sorted(codes, key=codes.__getitem__)


def _gone(dataset: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [dataset])
        return [key for (key,) in cursor.fetchall()]
