"""UCDP's Georeferenced Event Dataset: its events as incidents, with their sides, places and dead.

A file is read once into staging, held against what was imported before, and only what is new or
reads otherwise is written. The caller holds one transaction around it.
"""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction

from actors.models import Actor
from dates import DateError
from editorial.models import Record
from exchange import cells
from exchange.copying import copy, reserve
from exchange.coverage import Coverage, Missing
from exchange.gazetteer import Gazetteer
from exchange.importing import KEPT, Import
from exchange.models import ImportedRow
from exchange.parts import Candidate, Outcome, Part, Update, create, read_alike
from exchange.set_aside import SetAside, name_record
from exchange.staging import CHUNK, Staged
from exchange.tables import UnreadableError, digest, lines
from exchange.ucdp import ABOUT, UCDP
from exchange.ucdp.countries import iso
from exchange.ucdp.events import MODELS, matched, parts
from exchange.ucdp.rows import TABLE, Event, Side, read
from exchange.ucdp.sides import make, quoted, standing
from incidents.models import Incident, IncidentExternalId, random_code
from places.codes import PlaceKind
from publishing.bulk import in_chunks
from publishing.commands import Step
from publishing.models import Edition
from sources.codes import Match, Scheme
from sources.models import Source

_ASIDE = {"source_id"}
_MISSING = """
SELECT key, record, release, row->>'country_id', row->>'adm_1'
FROM exchange_importedrow AS before
WHERE dataset = %s AND NOT EXISTS (SELECT FROM staged WHERE staged.key = before.key)
    AND left(row->>'date_start', 10) >= %s AND left(row->>'date_end', 10) <= %s
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sides: dict[str, Side] = {}
        self.actors: dict[str, Actor] = {}
        self.changed: list[int] = []
        self.gone: dict[str, str] = {}
        """The sides that were redacted as a whole, each with why it is not made again."""
        self.held: set[str] = set()
        """The keys of the rows that are set aside."""

    def write(self) -> None:
        self.gazetteer = Gazetteer()
        with self.progress.phase("read", lines(self.path)) as step:
            self.staging.fill(self._checked(step))
        self.refuse_older(self.staging.releases())
        self.find_missing()
        self.guard(standing(self.sides).values())
        self._hold_back_unsubmitted()
        self.report.unchanged = self.staging.unchanged
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
        held = ImportedRow.objects.filter(dataset=self.dataset, key__in=self.held)
        waiting = self.staging.unsubmitted() - set(held.values_list("record", flat=True))
        if not waiting and not self.changed:
            return
        publisher = self.cited.publisher
        releases = Source.objects.filter(publisher=publisher, title__startswith=self.name)
        cited = [publisher, *releases, *self._actors().values()]
        yield from self.submittable(record for record in cited if record)
        yield from in_chunks(Incident.objects.filter(public_id__in=waiting).only("slug"))
        changed = Incident.objects.filter(pk__in=self.changed).exclude(public_id__in=waiting)
        yield from in_chunks(changed.only("slug"))

    def missing(self, coverage: Coverage) -> Iterator[Missing]:
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, [self.dataset, f"{coverage.start}", f"{coverage.end}"])
            rows = cursor.fetchall()
        for key, record, release, country, division in rows:
            try:
                code = iso(cells.number(country), division or "")
            except ValueError:
                continue  # a redaction emptied the row, and imports leave it alone
            if coverage.has_country({code} - {""}):
                yield Missing(key, record, release)

    def _hold_back_unsubmitted(self) -> None:
        """Leave to whoever works on it what earlier runs wrote and nobody has submitted.

        What says by now what was redacted of a side is written anew, without that.
        """
        waiting = sorted(self.staging.unsubmitted())
        for start in range(0, len(waiting), CHUNK):
            rows = ImportedRow.objects.filter(
                dataset=self.dataset, record__in=waiting[start : start + CHUNK]
            )
            candidates = [Candidate(row.key, row.made) for row in rows.only("key", "made")]
            anew = self.find_quoting_redacted(candidates, MODELS)
            self.staging.reopen(anew)
            others = [candidate for candidate in candidates if candidate.key not in anew]
            self.held |= self.hold_back(others, MODELS)

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
                    raise UnreadableError(
                        {"id": f"it is that of row {seen[event.key]} too: “{event.key}”"}
                    )
            except UnreadableError as error:
                self.report.refuse(f"{self.path.name}, row {number}", error)
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
        chunk = [staged for staged in self._cleaned(chunk) if self._can_quote(staged)]
        ids = {staged.key: uuid.uuid4() for staged in chunk}
        events = [read(staged.row) for staged in chunk]
        parts = {
            event.key: self._parts(event, {"public_id": ids[event.key], "slug": code})
            for event, code in zip(events, _codes(events), strict=True)
        }
        held = self._entered_by_hand(parts)
        fresh = [Candidate(key, {}, some) for key, some in parts.items() if key not in held]
        held |= self.hold_back(fresh, MODELS)
        self.held |= held
        chunk = [staged for staged in chunk if staged.key not in held]
        made = create([parts[staged.key] for staged in chunk])
        keys = reserve(ImportedRow, len(chunk))
        copy(
            ImportedRow,
            [
                self.kept(staged, self.cited) | {"id": key, "record": ids[staged.key], "made": made}
                for staged, key, made in zip(chunk, keys, made, strict=True)
            ],
        )
        self.report.created += len(chunk)

    def _entered_by_hand(self, keys: Iterable[str]) -> set[str]:
        """Return the events that a person has entered under UCDP's id, and report them."""
        ids = IncidentExternalId.objects.filter(
            scheme=Scheme.UCDP_EVENT, match=Match.EXACT, value__in=list(keys)
        )
        entered = {row.value: row.incident for row in ids.select_related("incident")}
        reason = "has the id of the event, and was not imported"
        self.report.set_aside += [
            SetAside(key, name_record(incident), reason) for key, incident in entered.items()
        ]
        return set(entered)

    def _cleaned(self, chunk: list[Staged]) -> list[Staged]:
        """Return rows without what redactions removed from their sides."""
        kept = []
        for staged in chunk:
            event = read(staged.row)
            if legible := self.clean(staged, quoted((event.a, event.b), self.actors), read):
                kept.append(legible)
            else:
                self.held.add(staged.key)
        return kept

    def _update(self, chunk: list[Staged]) -> None:
        chunk = self._cleaned(chunk)
        rows = ImportedRow.objects.filter(
            dataset=self.dataset, key__in=[staged.key for staged in chunk]
        )
        before = {row.key: row for row in rows}
        standing = Edition.objects.standing([row.record for row in before.values()])
        ended = set(standing.filter(public=False).values_list("record", flat=True))
        candidates = {}
        for staged in chunk:
            row = before[staged.key]
            if row.redaction:
                self.leave(row.key, row.record, row.redaction)
            elif row.record in ended:
                self.report.left += 1
            elif not self._can_quote(staged):
                self.held.add(staged.key)
            elif staged.key not in self.held:
                parts = self._parts(read(staged.row), {})
                candidates[staged.key] = Candidate(staged.key, row.made, parts)
        changing = {
            key: candidate
            for key, candidate in candidates.items()
            if not read_alike([*candidate.parts], candidate.made, _ASIDE)
        }
        held = self.hold_back(changing.values(), MODELS)
        update = Update(
            MODELS, [each.made for key, each in changing.items() if key not in held], _ASIDE
        )
        written = []
        for staged in chunk:
            candidate = candidates.get(staged.key)
            if candidate is None or staged.key in held:
                continue
            outcome = Outcome(candidate.made)
            if staged.key in changing:
                try:
                    with transaction.atomic():
                        outcome = update.bring([*candidate.parts], candidate.made)
                except (IntegrityError, DateError) as error:
                    self.misfit(candidate, error, MODELS)
                    held.add(staged.key)
                    continue
            if outcome.changed:
                self.changed.append(outcome.made["record"][0])
            self.report.changed += outcome.changed
            self.report.unchanged += not outcome.changed
            self.report.kept += [f"{staged.key} {name}" for name in outcome.kept]
            row = before[staged.key]
            for column, value in (self.kept(staged, self.cited) | {"made": outcome.made}).items():
                setattr(row, column, value)
            written.append(row)
        self.held |= held
        ImportedRow.objects.bulk_update(written, KEPT, batch_size=CHUNK)

    def _can_quote(self, staged: Staged) -> bool:
        """Whether both sides of an event may be here; else it is set aside."""
        event = read(staged.row)
        for side in (event.a, event.b):
            if why := self.gone.get(side.key):
                self.leave(staged.key, f"actor {side.key} of UCDP", why)
                return False
        return True

    def _parts(self, event: Event, drawn: dict[str, Any]) -> list[Part]:
        place = matched(event, self.gazetteer)
        record, *below = parts(event, place, self.actors, self.cited.pk)
        return [record._replace(derived={**record.derived, **drawn}), *below]

    def _actors(self) -> dict[str, Actor]:
        """Return the actors of all sides, made where they are not there."""
        actors = standing(self.sides)
        self.gone = self.forbidden(self.sides.keys() - actors.keys(), Scheme.UCDP_ACTOR)
        for key in sorted(self.sides.keys() - actors.keys() - self.gone.keys(), key=int):
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
