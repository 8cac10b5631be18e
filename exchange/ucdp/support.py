"""UCDP's External Support Dataset: who supported an actor in a year, with what, against whom.

- A supported actor is sponsored by each supporter: one affiliation for each run of years.
- Support is one row for each type, opponent and run of years that state the same.
- Where as many supporters gave a type as may have given it, each of them gave it. Otherwise UCDP
  does not say who gave it: each of them has it, and `jointly` says how many gave it.
- UCDP observes years. What it states for a year counts on every day of the year, and on no day of
  other years: a run lasts from the first of January of its first year to the last of December of
  its last one.
- Earlier importers made one affiliation of all years of a pair. It becomes that of the first run,
  unless an editor has changed it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from actors.codes import AffiliationKind, SupportType
from actors.models import (
    Actor,
    Affiliation,
    AffiliationCitation,
    Support,
    SupportCitation,
)
from exchange.commands import InputError
from exchange.coverage import Coverage, MissingRow
from exchange.gazetteer import Gazetteer
from exchange.importing import Conversion, Convert
from exchange.models import ImportedRow
from exchange.parts import (
    ImportedPart,
    Made,
    PartModels,
    derive_days,
    get_editable,
    is_corrected,
)
from exchange.staging import StagedRow, Staging
from exchange.tables import (
    Row,
    TableFormat,
    UnreadableError,
    digest,
    is_number,
    parse_number,
    quote_value,
)
from exchange.ucdp.actor_matching import (
    GOVERNMENT,
    UcdpActor,
    find_actors,
    name_of,
    shorten,
)
from exchange.ucdp.base import UcdpImport, explain_days
from publishing.codes import EndKind, StartKind
from sources.codes import LocatorKind

_PAIRS = "ucdp_esd_pair"
"""The word in the database for what all rows together state of an actor and a supporter."""
TYPES = {
    "x": SupportType.TROOP_SUPPORT,
    "p": SupportType.FOREIGN_TROOP_PRESENCE,
    "y": SupportType.INFRASTRUCTURE_OR_JOINT_OPERATIONS,
    "w": SupportType.WEAPONS,
    "m": SupportType.MATERIEL_LOGISTICS,
    "t": SupportType.TRAINING_EXPERTISE,
    "f": SupportType.FUNDING,
    "i": SupportType.INTELLIGENCE,
    "l": SupportType.TERRITORY_ACCESS,
    "o": SupportType.OTHER,
    "u": SupportType.UNKNOWN,
}
"""By UCDP's letter."""
_COUNTS = [f"ext_{letter}_count{sort}" for letter in TYPES for sort in ("_s", "_ns")]
_BASE = ("actor_id", "actor_name", "oppo_id", "oppo_name", "dyad_id", "year", "ext_id", "ext_name")
TABLE = TableFormat("UCDP's External Support Dataset by actor and year", (*_BASE, *_COUNTS))
_BETWEEN = re.compile(r",(?! )")
"""What separates supporters; the names of some contain a comma and a blank."""


@dataclass(frozen=True, slots=True)
class Gift:
    """One type of support in a year, and the supporters who may have given it."""

    type: SupportType
    givers: tuple[UcdpActor, ...]
    number: int
    """How many of them gave it, in UCDP's count."""


@dataclass(frozen=True, slots=True)
class ActorYear:
    """The content of a row, validated."""

    actor: UcdpActor
    opponent: UcdpActor
    dyad: int
    year: int
    supporters: tuple[UcdpActor, ...]
    gifts: tuple[Gift, ...]
    coalition: str
    elements: bool
    """Whether only elements of a supporter gave support."""

    @property
    def key(self) -> str:
        """Actor, dyad and year, since the number of a row changes with every release."""
        return f"{self.actor.key} {self.dyad} {self.year}"


def read_actor_year(row: Row) -> ActorYear:
    """Return the content of a row. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}

    def number(column: str) -> int:
        try:
            return parse_number(row.get(column) or "0")
        except ValueError as fault:
            faults[column] = str(fault)
            return 0

    ids, names = _split(row["ext_id"]), _split(row["ext_name"])
    if len(ids) != len(names):
        faults["ext_name"] = f"it has {len(names)} names, and ext_id {len(ids)} ids"
    if not all(map(is_number, ids)):
        faults["ext_id"] = f"{quote_value(row['ext_id'])} is no list of numbers"
    for column in ("actor_name", "oppo_name"):
        if not row[column]:
            faults[column] = "it is empty"
    supporters = tuple(UcdpActor(key, name) for key, name in zip(ids, names, strict=False))
    counts = {
        kind: (number(f"ext_{letter}_count_s"), number(f"ext_{letter}_count_ns"))
        for letter, kind in TYPES.items()
    }
    states = number("ext_count_s"), number("ext_count_ns")
    content = ActorYear(
        actor=UcdpActor(str(number("actor_id")), row["actor_name"] or ""),
        opponent=UcdpActor(str(number("oppo_id")), row["oppo_name"] or ""),
        dyad=number("dyad_id"),
        year=number("year"),
        supporters=supporters,
        gifts=tuple(_read_gifts(supporters, states, counts)),
        coalition=(row.get("ext_coalition_name") or "").strip().removeprefix("0"),
        elements=row.get("ext_elements") == "1",
    )
    if "year" not in faults and not 1000 <= content.year <= 9999:
        faults["year"] = f"{content.year} is not a year"
    if any(gift.number > len(gift.givers) for gift in content.gifts):
        faults["ext_id"] = "more are counted as giving support than are named"
    if faults:
        raise UnreadableError(faults)
    return content


def _split(cell: str | None) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell)] if cell else []


def _read_gifts(
    supporters: tuple[UcdpActor, ...],
    sorts: tuple[int, int],
    counts: dict[SupportType, tuple[int, int]],
) -> list[Gift]:
    """Return each type with those who may have given it: the states, the others, or anybody.

    UCDP counts states and others, but no column says which supporter is a state. Its name does,
    where the numbers of such names agree with UCDP's counts.
    """
    states = tuple(
        side
        for side in supporters
        if not sorts[1] or (sorts[0] and side.name.startswith(GOVERNMENT))
    )
    others = tuple(side for side in supporters if side not in states)
    if (len(states), len(others)) != sorts:
        return [Gift(kind, supporters, sum(both)) for kind, both in counts.items() if sum(both)]
    return [
        Gift(kind, givers, number)
        for kind, both in counts.items()
        for givers, number in zip((states, others), both, strict=True)
        if number
    ]


class Provision(NamedTuple):
    """What one supporter gave in a year, in words that are the same from year to year."""

    type: str
    opponent: str
    jointly: str
    note: str


class SupportImport(UcdpImport):
    """An import of actor-years as sponsorships with their support.

    The rows are stored for the supported actor, and become nothing themselves. The affiliation of
    a pair is made of all rows about it, those of earlier files too, and is staged like a row.
    """

    help = """\
UCDP's External Support Dataset by actor and year, as CSV. Actors are matched by UCDP's actor id
and created where they are missing. Rows without support are stored for exporters alone.
"""
    dataset = "ucdp_esd"
    name = "UCDP External Support Dataset"
    rows = "actor-years and sponsorships"
    table = TABLE
    key_column = "year"
    models = PartModels(
        {
            "record": Affiliation,
            "citation": AffiliationCitation,
            "support": Support,
            "support/citation": SupportCitation,
        }
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staged: dict[str, StagedRow] = {}
        """All readable rows; cleaned of what was redacted."""
        self.contents: dict[str, ActorYear] = {}
        """What the rows state that may be written."""

    def parse(self, row: Row) -> ActorYear:
        return read_actor_year(row)

    def list_actors(self, content: ActorYear) -> tuple[UcdpActor, ...]:
        return *content.supporters, content.opponent, content.actor

    def write(self) -> None:
        self.gazetteer = Gazetteer()
        self.stage(self.staging, self._read_years())
        self.report_missing()
        self.contents = self._clean(self._allow(self.contents), self.staged)
        self.actors = self._find_or_create_actors(self.contents.values())
        years = [
            Conversion(self.staged[key], self.actors[content.actor.key].public_id, [])
            for key, content in self.contents.items()
        ]
        self.write_rows(self.staging, _convert_by_key(years))
        pairs = self._convert_pairs({content.actor.key for content in self.contents.values()})
        staging = Staging(_PAIRS)
        self.stage(staging, ((conversion.staged, "") for conversion in pairs))
        self.write_rows(staging, _convert_by_key(pairs))

    def find_missing(self, coverage: Coverage) -> Iterator[MissingRow]:
        if coverage.countries is not None:
            raise InputError(f"For {self.name} only --covers-from and --covers-to are declared.")
        imported = ImportedRow.objects.filter(dataset=self.dataset).exclude(key__in=self.staged)
        for row in imported:
            if coverage.start.year <= int(row.key.split()[-1]) <= coverage.end.year:
                yield MissingRow(row.key, row.record, row.release)

    def _read_years(self) -> Iterator[tuple[StagedRow, str]]:
        for number, row, content in self.read_rows():
            flags = {
                "no support": not content.gifts,
                "not said who gave what": any(map(_is_joint, content.gifts)),
                **explain_days(date(content.year, 1, 1), date(content.year, 1, 1)),
            }
            raised = [flag for flag, is_raised in flags.items() if is_raised]
            self.report.flags.update(raised)
            staged = StagedRow(number, content.key, digest(row), raised, row)
            self.staged[content.key], self.contents[content.key] = staged, content
            yield staged, ""

    def _allow(self, contents: Mapping[str, ActorYear]) -> dict[str, ActorYear]:
        """Set aside the rows that name an actor which was redacted; return the other rows."""
        named = {other.key for c in contents.values() for other in self.list_actors(c)}
        self.find_forbidden(named - find_actors(named).keys())
        return {key: content for key, content in contents.items() if self.may_write(content)}

    def _clean(
        self, contents: Mapping[str, ActorYear], rows: dict[str, StagedRow]
    ) -> dict[str, ActorYear]:
        """Return rows without what redactions removed from the actors that they name.

        `rows` are replaced by the cleaned ones. A row that cannot be read any more is set aside.
        """
        named = (other.key for content in contents.values() for other in self.list_actors(content))
        actors = find_actors(named)
        self.lock_referenced(actors.values())
        cleaned = {}
        for key, content in contents.items():
            if row := self.clean_row(rows[key], content, actors):
                rows[key] = row
                cleaned[key] = read_actor_year(row.row)
        return cleaned

    def _find_or_create_actors(self, contents: Iterable[ActorYear]) -> dict[str, Actor]:
        """Return the actors that rows name, by UCDP's id."""
        named = {other.key: other for content in contents for other in self.list_actors(content)}
        return self.create_missing(named, find_actors(named))

    def _convert_pairs(self, actors: set[str]) -> list[Conversion]:
        """Return the affiliations of some supported actors, made of all rows that are stored.

        An affiliation that editors have entered gets the support of the runs that it may have
        lasted through, and otherwise stays as it is.
        """
        pairs = self._find_pairs(actors)
        self.actors |= self._find_or_create_actors(
            content for contents in pairs.values() for content in contents
        )
        imported: dict[tuple[str, str], list[ImportedRow]] = defaultdict(list)
        for stored in ImportedRow.objects.filter(dataset=_PAIRS).order_by("key"):
            actor, supporter, *_ = stored.key.split()
            imported[actor, supporter].append(stored)
        entered: dict[tuple[int, int], list[Affiliation]] = defaultdict(list)
        made = {row.record for rows in imported.values() for row in rows}
        sponsorships = Affiliation.objects.filter(kind=AffiliationKind.SPONSORED_BY)
        for affiliation in sponsorships.exclude(public_id__in=made).order_by("pk"):
            entered[affiliation.subject_id, affiliation.object_id].append(affiliation)
        conversions: list[Conversion] = []
        for (actor, supporter), contents in pairs.items():
            earlier = imported[actor, supporter]
            if self._stays(earlier):
                continue
            matches = entered[self.actors[actor].pk, self.actors[supporter].pk]
            for match, years in _assign_runs(contents, matches):
                key = f"{actor} {supporter} {years[0]}"
                inside = [content for content in contents if content.year in years]
                record, *below = self._make_parts(actor, supporter, inside)
                row: dict[str, Any] = {"rows": sorted(content.key for content in inside)}
                stated = [
                    {**part.values, "source_id": None, "locator": None} for part in (record, *below)
                ]
                sha256 = digest(row | {"says": repr(stated)})
                staged = StagedRow(len(conversions) + 1, key, sha256, [], row)
                existing: Made = {}
                if taken := _take_earlier(earlier, key, years):
                    public_id = taken.record
                elif match:
                    public_id, existing = match.public_id, {"record": [match.pk, {}]}
                else:
                    public_id = uuid4()
                record = replace(record, derived={**record.derived, "public_id": public_id})
                conversions.append(Conversion(staged, public_id, [record, *below], existing))
            self.report.corrections += [
                f"{row.key}: the source no longer has it" for row in earlier
            ]
        return conversions

    def _stays(self, earlier: list[ImportedRow]) -> bool:
        """Return whether an affiliation of all years of a pair was changed by an editor.

        It then stays as it is, and is listed.
        """
        for row in earlier:
            if len(row.key.split()) == 2 and not self._reads_as_made(row):
                text = "changed by an editor, so not replaced by one affiliation per run of years"
                self.report.corrections.append(f"{row.key}: {text}")
                return True
        return False

    def _reads_as_made(self, imported: ImportedRow) -> bool:
        """Return whether no editor has changed, added or deleted anything in an affiliation."""
        if imported.redaction:
            return False
        for label, (key, values) in imported.made.items():
            model = self.models[label]
            row = model._default_manager.filter(pk=key).first()
            if row is None or is_corrected(row, get_editable(model), values):
                return False
        affiliation = imported.made["record"][0]
        made = sum(self.models[label] is Support for label in imported.made)
        return Support.objects.filter(affiliation=affiliation).count() == made

    def _find_pairs(self, actors: set[str]) -> dict[tuple[str, str], list[ActorYear]]:
        """Return the stored rows of each supported actor and supporter, those of old files too.

        All years of a pair are needed to say what was given: where a redaction removed one of
        them, the pair is left alone.
        """
        records = {self.actors[key].public_id for key in actors}
        stored = ImportedRow.objects.filter(dataset=self.dataset, record__in=records)
        rows, contents, emptied = dict[str, StagedRow](), dict[str, ActorYear](), set[str]()
        for row in stored.order_by("key"):
            rows[row.key] = StagedRow(0, row.key, row.sha256, row.flags, row.row)
            try:
                contents[row.key] = read_actor_year(row.row)
            except UnreadableError:
                emptied.add(row.key.split()[0])
                self.set_aside_redacted(row.key, row.record, row.redaction)
        legible = self._clean(self._allow(contents), rows)
        pairs: dict[tuple[str, str], list[ActorYear | None]] = defaultdict(list)
        for key, content in contents.items():
            for supporter in content.supporters:
                pairs[content.actor.key, supporter.key].append(legible.get(key))
        return {
            (actor, supporter): [content for content in years if content]
            for (actor, supporter), years in pairs.items()
            if all(years) and actor not in emptied
        }

    def _make_parts(
        self, actor: str, supporter: str, contents: list[ActorYear]
    ) -> Iterator[ImportedPart]:
        """Yield the affiliation of a pair, with its support."""
        values = {
            "subject_id": self.actors[actor].pk,
            "kind": AffiliationKind.SPONSORED_BY.value,
            "object_id": self.actors[supporter].pk,
            **_make_dates(sorted(content.year for content in contents)),
        }
        yield ImportedPart("record", Affiliation, values, derived=derive_days(Affiliation, values))
        numbers = {
            content.year: self.staged[content.key].row.get("id")
            for content in contents
            if content.key in self.staged
        }
        cited = {
            "source_id": self.cited.pk,
            "locator_kind": LocatorKind.ROW.value,
            "locator": shorten(", ".join(filter(None, map(numbers.get, sorted(numbers)))), 100),
        }
        affiliation = ("affiliation_id", "record")
        yield ImportedPart("citation", AffiliationCitation, cited, affiliation)
        for given, run in _find_runs(supporter, contents):
            label = f"support {given.type} {given.opponent} {run[0]} {given.jointly}"
            label = label.replace("/", "-")
            values = {
                "type": given.type,
                "against_id": self.actors[given.opponent].pk,
                "jointly": given.jointly,
                "note": given.note,
                **_make_dates(run),
            }
            yield ImportedPart(label, Support, values, affiliation, derive_days(Support, values))
            yield ImportedPart(f"{label}/citation", SupportCitation, cited, ("support_id", label))


def _convert_by_key(conversions: Iterable[Conversion]) -> Convert:
    by_key = {conversion.staged.key: conversion for conversion in conversions}
    return lambda chunk, imported: [by_key[row.key] for row in chunk if row.key in by_key]


def _make_dates(years: list[int]) -> dict[str, Any]:
    """Return the validity of what was observed in a run of years: all their days."""
    return {
        "start": f"{years[0]}-01-01",
        "start_kind": StartKind.ACTUAL.value,
        "end": f"{years[-1]}-12-31",
        "end_kind": EndKind.ACTUAL.value,
    }


def _list_runs(years: Iterable[int]) -> list[list[int]]:
    """Return years as runs of consecutive ones."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if not runs or year > runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(year)
    return runs


def _assign_runs(
    contents: list[ActorYear], entered: list[Affiliation]
) -> list[tuple[Affiliation | None, list[int]]]:
    """Return the years of each affiliation: of those that editors entered, and of each other run.

    A run belongs to the first affiliation that editors entered and that may have lasted in it.
    """
    assigned: dict[int, tuple[Affiliation | None, list[int]]] = {}
    for run in _list_runs(content.year for content in contents):
        days = DateRange(date(run[0], 1, 1), date(run[-1], 12, 31), "[]")
        match = next((each for each in entered if _overlap(each.possible, days)), None)
        _, years = assigned.setdefault(match.pk if match else -run[0], (match, []))
        years += run
    return list(assigned.values())


def _overlap(days: DateRange, others: DateRange) -> bool:
    """Return whether a range of the database, whose end is excluded, overlaps a closed one."""
    return (days.lower is None or days.lower <= others.upper) and (
        days.upper is None or others.lower < days.upper
    )


def _take_earlier(earlier: list[ImportedRow], key: str, years: list[int]) -> ImportedRow | None:
    """Return, and remove from `earlier`, the row that a run was imported from before.

    That is the one for all years of the pair, or one whose first year lies in the run. It is
    stored under the key of the run from now on.
    """
    for row in earlier:
        first_year = row.key.split()[2:]
        if not first_year or int(first_year[0]) in years:
            earlier.remove(row)
            if row.key != key:
                row.key = key
                row.save(update_fields=["key"])
            return row
    return None


def _find_runs(supporter: str, contents: list[ActorYear]) -> Iterator[tuple[Provision, list[int]]]:
    """Yield what a supporter gave, each with a run of consecutive years."""
    years_of: dict[Provision, set[int]] = defaultdict(set)
    for content in contents:
        for gift in content.gifts:
            if any(giver.key == supporter for giver in gift.givers):
                years_of[_describe(gift, content)].add(content.year)
    for provision, years in years_of.items():
        for run in _list_runs(years):
            yield provision, run


def _is_joint(gift: Gift) -> bool:
    """Whether UCDP counts fewer givers than it names."""
    return gift.number < len(gift.givers)


def _describe(gift: Gift, content: ActorYear) -> Provision:
    names = ", ".join(name_of(giver.name) for giver in gift.givers)
    notes, jointly = [], ""
    if _is_joint(gift):
        counted = f"{gift.number} of {len(gift.givers)}"
        jointly = shorten(f"{counted}: {content.coalition or names}", 300)
        notes.append(f"UCDP counts {gift.number} who gave it, without saying who, among: {names}.")
    if content.coalition:
        notes.append(f"Supporters as a coalition: {content.coalition}.")
    if content.elements:
        notes.append("UCDP says that elements of a supporter gave support, not all of it.")
    return Provision(gift.type.value, content.opponent.key, jointly, " ".join(notes))
