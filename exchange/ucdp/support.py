"""UCDP's External Support Dataset: who sponsored whom, with what, against whom, in which years.

- A supported actor is sponsored by each supporter, in one tie for each pair.
- Support is one row for each type, opponent and run of years that say the same.
- A type that as many gave as can have given it was given by each of them. Else UCDP does not say
  who gave it: each of them has it, and `jointly` says how many of whom.
- A year tells that support was given at some time in it. So a run begins in its first year and
  ends in its last: it may have been given on any day of these years, on none before or after, and
  it certainly was between the first and the last of them alone. A tie whose years have a gap is
  certain on no day: UCDP did not see it in between.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import uuid4

from actors.codes import AffiliationKind
from actors.models import (
    Actor,
    Affiliation,
    AffiliationCitation,
    Support,
    SupportCitation,
)
from exchange.bringing import PartsImport, Told
from exchange.coverage import Coverage, Missing
from exchange.gazetteer import Gazetteer
from exchange.models import ImportedRow
from exchange.parts import Made, Models, Part, held
from exchange.publishing import UnusableError
from exchange.staging import Staged
from exchange.tables import UnreadableError, digest, lines
from exchange.ucdp import ABOUT, UCDP
from exchange.ucdp.rows import Side
from exchange.ucdp.sides import make, name_of, quoted, shorten, standing
from exchange.ucdp.support_rows import TABLE, ActorYear, Gift, read
from publishing.codes import EndKind, StartKind
from sources.codes import LocatorKind, Scheme

_TIES = "ucdp_esd_tie"
"""The word under which is kept what all rows together say of a pair."""


class Given(NamedTuple):
    """What one supporter gave in a year, as it reads alike from year to year."""

    type: str
    opponent: str
    jointly: str
    note: str


class SupportImport(PartsImport):
    """Actor-years become sponsorships with their support."""

    help = """\
UCDP's External Support Dataset by actor and year, as CSV. Actors are found by UCDP's actor id;
one that is not here is made. Rows without support are kept for exporters alone.
"""
    dataset = "ucdp_esd"
    name = "UCDP External Support Dataset"
    rows = "actor-years and sponsorships"
    publisher = UCDP
    about = ABOUT
    kinds = (Actor, Affiliation)
    models = Models(
        {
            "record": Affiliation,
            "citation": AffiliationCitation,
            "support": Support,
            "support/citation": SupportCitation,
        }
    )

    def write(self) -> None:
        with self.progress.phase("read", lines(self.path)) as step:
            told = dict(self._checked(step))
        self.find_missing()
        told = self._cleaned(self._allowed(told), self._staged)
        self.actors = self._actors(told.values())
        rows = [
            Told(staged, self.actors[staged.key.split()[0]].public_id, [])
            for staged in self._staged.values()
            if staged.key in told
        ]
        with self.progress.phase("write", 2) as step:
            self.bring(self.dataset, rows, {})
            step()
            ties = list(self._ties({year.actor.key for year in told.values()}))
            self.bring(_TIES, ties, self._taken(ties))
            step()

    def missing(self, coverage: Coverage) -> Iterator[Missing]:
        if coverage.countries is not None:
            raise UnusableError(f"For {self.name} only --covers-from and --covers-to are declared.")
        imported = ImportedRow.objects.filter(dataset=self.dataset).exclude(key__in=self._staged)
        for row in imported:
            if coverage.start.year <= int(row.key.split()[-1]) <= coverage.end.year:
                yield Missing(row.key, row.record, row.release)

    def quoted(self) -> set[Any]:
        return {actor.public_id for actor in self.actors.values()}

    def _checked(self, step: Any) -> Iterator[tuple[str, ActorYear]]:
        self._staged: dict[str, Staged] = {}
        for number, row in TABLE.rows(self.path):
            step()
            try:
                if isinstance(row, UnreadableError):
                    raise row
                year = read(row)
                if year.key in self._staged:
                    there = self._staged[year.key].number
                    raise UnreadableError(
                        {"year": f"actor, dyad and year are those of row {there}"}
                    )
            except UnreadableError as error:
                self.report.refuse(f"{self.path.name}, row {number}", error)
                continue
            flags = [
                flag
                for flag, raised in {
                    "no support": not year.gifts,
                    "not said who gave what": any(map(_is_joint, year.gifts)),
                }.items()
                if raised
            ]
            self.report.flags.update(flags)
            self._staged[year.key] = Staged(number, year.key, digest(row), flags, row)
            yield year.key, year

    def _allowed(self, told: dict[str, ActorYear]) -> dict[str, ActorYear]:
        """Set aside the rows that name an actor which was redacted as a whole."""
        keys = {row: {side.key for side in _sides(year)} for row, year in told.items()}
        named = set().union(*keys.values())
        gone = self.forbidden(named - standing(named).keys(), Scheme.UCDP_ACTOR)
        for row, some in keys.items():
            if found := sorted(some & gone.keys()):
                self.leave(row, f"actor {found[0]} of UCDP", gone[found[0]])
        return {row: year for row, year in told.items() if not keys[row] & gone.keys()}

    def _cleaned(self, told: dict[str, ActorYear], rows: dict[str, Staged]) -> dict[str, ActorYear]:
        """Return what rows say without what redactions removed from the actors that they name."""
        actors = standing(side.key for year in told.values() for side in _sides(year))
        self.guard(actors.values())
        cleaned = {}
        for key, year in told.items():
            if legible := self.clean(rows[key], quoted(_sides(year), actors), read):
                rows[key] = legible
                cleaned[key] = read(legible.row)
        return cleaned

    def _actors(self, told: Iterable[ActorYear]) -> dict[str, Actor]:
        """Return the actors that are named, made where they are not there."""
        sides = {side.key: side for year in told for side in _sides(year)}
        actors, gazetteer = standing(sides), Gazetteer()
        for key in sorted(sides.keys() - actors.keys(), key=int):
            actors[key] = make(sides[key], self.cited, gazetteer)
            self.report.actors.append(actors[key].name)
        return actors

    def _ties(self, actors: set[str]) -> Iterator[Told]:
        """Yield what all rows that are kept of some actors say, pair by pair."""
        pairs = self._pairs(actors)
        there = dict(
            ImportedRow.objects.filter(dataset=_TIES).values_list("key", "record").iterator()
        )
        self.actors |= self._actors(year for some in pairs.values() for year in some)
        for (actor, supporter), years in pairs.items():
            key = f"{actor} {supporter}"
            row: dict[str, Any] = {"rows": sorted(year.key for year in years)}
            parts = list(self._parts(actor, supporter, years))
            says = [{**part.values, "source_id": None, "locator": None} for part in parts]
            sha256 = digest(row | {"says": repr(says)})
            public_id = there.get(key) or uuid4()
            record = parts[0]._replace(derived={**parts[0].derived, "public_id": public_id})
            yield Told(Staged(0, key, sha256, [], row), public_id, [record, *parts[1:]])

    def _pairs(self, actors: set[str]) -> dict[tuple[str, str], list[ActorYear]]:
        """Return what rows that are kept say of each actor and supporter, those of old files too.

        Of a pair all years are needed to tell what was given: where a redaction removed one, the
        pair is left alone.
        """
        records = {self.actors[key].public_id for key in actors}
        kept = ImportedRow.objects.filter(dataset=self.dataset, record__in=records)
        rows, years, emptied = dict[str, Staged](), dict[str, ActorYear](), set[str]()
        for row in kept.order_by("key"):
            rows[row.key] = Staged(0, row.key, row.sha256, row.flags, row.row)
            try:
                years[row.key] = read(row.row)
            except UnreadableError:
                emptied.add(row.key.split()[0])
                self.leave(row.key, row.record, row.redaction)
        legible = self._cleaned(self._allowed(years), rows)
        pairs: dict[tuple[str, str], list[ActorYear | None]] = defaultdict(list)
        for key, year in years.items():
            for side in year.supporters:
                pairs[year.actor.key, side.key].append(legible.get(key))
        return {
            (actor, supporter): [year for year in some if year]
            for (actor, supporter), some in pairs.items()
            if all(some) and actor not in emptied
        }

    def _taken(self, ties: list[Told]) -> dict[str, Made]:
        """Return the ties that the desk has already: they get the support, and stay as they are."""
        found = Affiliation.objects.filter(kind=AffiliationKind.SPONSORED_BY).order_by("-pk")
        there = {(tie.subject_id, tie.object_id): tie for tie in found}
        keys = {key: actor.pk for key, actor in self.actors.items()}
        taken: dict[str, Made] = {}
        for number, one in enumerate(ties):
            actor, supporter = one.staged.key.split()
            if tie := there.get((keys[actor], keys[supporter])):
                taken[one.staged.key] = {"record": [tie.pk, {}]}
                ties[number] = one._replace(record=tie.public_id)
        return taken

    def _parts(self, actor: str, supporter: str, years: list[ActorYear]) -> Iterator[Part]:
        tie = {
            "subject_id": self.actors[actor].pk,
            "kind": AffiliationKind.SPONSORED_BY.value,
            "object_id": self.actors[supporter].pk,
            **_dates(sorted({year.year for year in years})),
        }
        yield Part("record", Affiliation, tie, derived=held(Affiliation, tie))
        cited = {"source_id": self.cited.pk, "locator_kind": LocatorKind.ROW.value}
        numbers = {
            year.year: self._staged[year.key].row.get("id")
            for year in years
            if year.key in self._staged
        }
        told = ", ".join(number for _, number in sorted(numbers.items()) if number)
        cited["locator"] = shorten(told, 100)
        yield Part("citation", AffiliationCitation, cited, ("affiliation_id", "record"))
        for given, run in _runs(supporter, years):
            label = f"support {given.type} {given.opponent} {run[0]} {given.jointly}"
            label = label.replace("/", "-")
            values = {
                "type": given.type,
                "against_id": self.actors[given.opponent].pk,
                "jointly": given.jointly,
                "note": given.note,
                **_dates(run),
            }
            below = ("affiliation_id", "record")
            yield Part(label, Support, values, below, held(Support, values))
            yield Part(f"{label}/citation", SupportCitation, cited, ("support_id", label))


def _sides(year: ActorYear) -> Iterator[Side]:
    """Yield the actors that a row names."""
    yield from (*year.supporters, year.opponent, year.actor)


def _dates(years: list[int]) -> dict[str, Any]:
    doubt = "?" if any(later - year > 1 for year, later in pairwise(years)) else ""
    return {
        "start": f"{years[0]}{doubt}",
        "start_kind": StartKind.ACTUAL.value,
        "end": f"{years[-1]}{doubt}",
        "end_kind": EndKind.ACTUAL.value,
    }


def _runs(supporter: str, years: list[ActorYear]) -> Iterator[tuple[Given, list[int]]]:
    """Yield what a supporter gave, each with a run of consecutive years."""
    found: dict[Given, set[int]] = defaultdict(set)
    for year in years:
        for gift in year.gifts:
            if any(side.key == supporter for side in gift.givers):
                found[_given(gift, year)].add(year.year)
    for given, told in found.items():
        run: list[int] = []
        for number in sorted(told):
            if run and number > run[-1] + 1:
                yield given, run
                run = []
            run.append(number)
        yield given, run


def _is_joint(gift: Gift) -> bool:
    return gift.number < len(gift.givers)


def _given(gift: Gift, year: ActorYear) -> Given:
    names = ", ".join(name_of(side.name) for side in gift.givers)
    notes, jointly = [], ""
    if _is_joint(gift):
        jointly = shorten(f"{gift.number} of {len(gift.givers)}: {year.coalition or names}", 300)
        notes.append(f"UCDP counts {gift.number} who gave it, without saying who, among: {names}.")
    if year.coalition:
        notes.append(f"Supporters as a coalition: {year.coalition}.")
    if year.elements:
        notes.append("UCDP says that elements of a supporter gave support, not all of it.")
    return Given(gift.type.value, year.opponent.key, jointly, " ".join(notes))
