"""UCDP's Actor Dataset: its actors, what they were called, and how they stand to one another.

- An actor that is here under UCDP's id is taken: what it lacks is added, what it has stays.
- A government is a state; who is organised formally is an armed organisation, informally (the
  supporters of a party) a collective, by a common identity (a clan, a faith) a population group.
- Who split off, also for a time, is a splinter of the other; who allied with others is a member of
  the alliance, or of the coalition that UCDP counts; who joined a group has merged into it. UCDP
  dates none of it, so nothing of it is certain on any day.
- A rename keeps the actor: its earlier names are former ones.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pycountry

from actors.codes import ActorKind, ClassificationWord
from actors.models import (
    Actor,
    ActorCitation,
    ActorExternalId,
    ActorName,
    Affiliation,
    AffiliationCitation,
    Classification,
    ClassificationCitation,
)
from exchange import cells
from exchange.bringing import PartsImport
from exchange.bringing import Told as Kept
from exchange.coverage import Coverage, Missing
from exchange.gazetteer import Gazetteer
from exchange.models import ImportedRow
from exchange.parts import Made, Models, Part, create, held
from exchange.publishing import UnusableError
from exchange.staging import Staged
from exchange.tables import UnreadableError, digest, lines
from exchange.ucdp import ABOUT, UCDP
from exchange.ucdp.actor_rows import TABLE, Told, read
from exchange.ucdp.countries import iso
from exchange.ucdp.rows import Side
from exchange.ucdp.sides import make, quoted, shorten, standing
from places.models import Place
from sources.codes import LocatorKind, Scheme

_KINDS = {
    1: ActorKind.ARMED_ORGANISATION,
    2: ActorKind.COLLECTIVE,
    3: ActorKind.POPULATION_GROUP,
    4: ActorKind.STATE,
}
_CLASSES = {2: ClassificationWord.POLITICAL_MILITIA, 3: ClassificationWord.IDENTITY_MILITIA}
"""What UCDP's organisation says of how an actor fights."""
_BELOW = ("actor_id", "record")


class ActorsImport(PartsImport):
    """Rows become actors and their ties."""

    help = """\
UCDP's Actor Dataset, as CSV: names, renames, splits, alliances, coalitions and joins. Actors are
found again by UCDP's actor id; one that is tied to, but has no row, is made by its name alone.
"""
    dataset = "ucdp_actor"
    name = "UCDP Actor Dataset"
    rows = "actors"
    publisher = UCDP
    about = ABOUT
    kinds = (Actor, Affiliation)
    models = Models(
        {
            "record": Actor,
            "id": ActorExternalId,
            "citation": ActorCitation,
            "name": ActorName,
            "class": Classification,
            "class/citation": ClassificationCitation,
            "tie": Affiliation,
            "tie/citation": AffiliationCitation,
        }
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staged: dict[str, Staged] = {}

    def write(self) -> None:
        with self.progress.phase("read", lines(self.path)) as step:
            told = dict(self._checked(step))
        self.gazetteer = Gazetteer()
        self.find_missing()
        told = self._cleaned(self._allowed(told))
        with self.progress.phase("write", 2) as step:
            taken = self._taken(told)
            step()
            rows = [
                Kept(
                    self.staged[key],
                    self.actors[key].public_id,
                    [*self._parts(one), *self._ties(one)],
                )
                for key, one in told.items()
            ]
            self.bring(self.dataset, rows, taken)
            step()

    def missing(self, coverage: Coverage) -> Iterator[Missing]:
        if coverage.has_dates():
            raise UnusableError(f"{self.name} has no days: declare --covers-countries alone.")
        imported = ImportedRow.objects.filter(dataset=self.dataset).exclude(key__in=self.staged)
        for row in imported:
            numbers = (row.row["GWNOLoc"] or "").split(",")
            codes = {iso(int(n)) for n in map(str.strip, numbers) if cells.is_number(n)}
            if coverage.has_country(codes - {""}):
                yield Missing(row.key, row.record, row.release)

    def quoted(self) -> set[Any]:
        return {actor.public_id for actor in self.actors.values()}

    def _checked(self, step: Any) -> Iterator[tuple[str, Told]]:
        for number, row in TABLE.rows(self.path):
            step()
            try:
                if isinstance(row, UnreadableError):
                    raise row
                told = read(row)
                if told.key in self.staged:
                    there = self.staged[told.key].number
                    raise UnreadableError(
                        {"ActorId": f"it is that of row {there} too: “{told.key}”"}
                    )
            except UnreadableError as error:
                self.report.refuse(f"{self.path.name}, row {number}", error)
                continue
            self.report.flags.update(told.flags)
            self.report.ties.update(tie.kind.label for tie in told.ties)
            self.staged[told.key] = Staged(number, told.key, digest(row), [*told.flags], row)
            yield told.key, told

    def _allowed(self, told: dict[str, Told]) -> dict[str, Told]:
        """Set aside the rows of actors that must not be made, and of who quotes them.

        A redaction removed such an actor, its id, or of another what it is called by.
        """
        keys = {row: {row, *(tie.other.key for tie in one.ties)} for row, one in told.items()}
        named = set().union(*keys.values())
        actors = standing(named)
        self.guard(actors.values())
        gone = self.forbidden(named - actors.keys(), Scheme.UCDP_ACTOR)
        for row in keys.keys() - actors.keys() if self.quoted_guards else ():
            quoted_ids = [actors[key].public_id for key in keys[row] & actors.keys()]
            called = [told[row].name, *(name.text for name in told[row].names)]
            if violations := self.quoted_guards.violations(quoted_ids, called):
                gone[row] = violations[0].message
        for row, some in keys.items():
            if found := sorted(some & gone.keys()):
                self.leave(row, f"actor {found[0]} of UCDP", gone[found[0]])
        return {row: one for row, one in told.items() if not keys[row] & gone.keys()}

    def _cleaned(self, told: dict[str, Told]) -> dict[str, Told]:
        """Clean the rows that are kept of what redactions removed from the actors that they name.

        What an actor is called is its own: where that says what was removed of another, its row is
        set aside.
        """
        sides = {
            row: [Side(row, one.name, None), *(tie.other for tie in one.ties)]
            for row, one in told.items()
        }
        actors = standing(side.key for some in sides.values() for side in some)
        for row in [*told]:
            if legible := self.clean(self.staged[row], quoted(sides[row], actors), read):
                self.staged[row] = legible
            else:
                del told[row]
        return told

    def _taken(self, told: dict[str, Told]) -> dict[str, Made]:
        """Return by key what is there of each actor, once those that are new have been made."""
        self.numbers = _numbers(told.values())
        others = {tie.other.key: tie.other for one in told.values() for tie in one.ties}
        self.actors = standing({*told, *others})
        imported = ImportedRow.objects.filter(dataset=self.dataset).values_list("key", flat=True)
        found = (told.keys() & self.actors.keys()) - set(imported)
        taken = {key: self._there(told[key]) for key in found}
        fresh = [one for key, one in told.items() if key not in self.actors]
        made = create([list(self._parts(one)) for one in fresh])
        taken |= {one.key: parts for one, parts in zip(fresh, made, strict=True)}
        self.actors |= standing(one.key for one in fresh)
        members: dict[str, list[str]] = defaultdict(list)
        for one in told.values():
            for coalition in one.coalitions:
                members[coalition].append(read(self.staged[one.key].row).name)
        for key in sorted(others.keys() - self.actors.keys(), key=int):
            self.actors[key] = self._made(others[key], sorted(members.get(key, [])))
            self.report.actors.append(self.actors[key].name)
        return taken

    def _made(self, other: Side, members: list[str]) -> Actor:
        """Make an actor that has no row; a coalition is called by its members."""
        if not members:
            return make(other, self.cited, self.gazetteer)
        name = ", ".join(members) if len(members) > 1 else f"Coalition with {members[0]}"
        side = replace(other, name=shorten(name, 300))
        return make(side, self.cited, self.gazetteer, ActorKind.COALITION)

    def _there(self, one: Told) -> Made:
        """Return the parts of an actor that was there before any row told of it."""
        actor = self.actors[one.key]
        there: Made = {"record": [actor.pk, {}]}
        found = actor.external_ids.get(scheme=Scheme.UCDP_ACTOR, value=one.key)
        there["id"] = [found.pk, {}]
        for name in actor.names.all():
            there[f"name {name.text}".replace("/", "-")] = [name.pk, {}]
        for tie in actor.affiliations_from.filter(kind__in={tie.kind for tie in one.ties}):
            keys = tie.object.external_ids.filter(scheme=Scheme.UCDP_ACTOR)
            for key in keys.values_list("value", flat=True):
                there[f"tie {tie.kind} {key}"] = [tie.pk, {}]
        told = {part.label for part in self._parts(one)}
        told |= {f"tie {tie.kind.value} {tie.other.key}" for tie in one.ties}
        return {label: made for label, made in there.items() if label in told}

    def _parts(self, one: Told) -> Iterator[Part]:
        """Yield an actor with its names, and what it is."""
        place = self._country(one)
        values = {
            "name": one.name,
            "kind": _KINDS[one.org].value,
            "country_id": place and place.pk,
        }
        derived = {"public_id": uuid.uuid4(), **held(Actor, values)}
        yield Part("record", Actor, values, derived=derived)
        scheme = {"scheme": Scheme.UCDP_ACTOR.value, "value": one.key}
        yield Part("id", ActorExternalId, scheme, _BELOW)
        cited = self._cited(one)
        yield Part("citation", ActorCitation, cited, _BELOW)
        for name in one.names:
            called = {"text": name.text, "kind": name.kind.value, "language": name.language}
            label = f"name {name.text}".replace("/", "-")
            yield Part(label, ActorName, called, _BELOW, held(ActorName, called))
        if word := _CLASSES.get(one.org):
            told: dict[str, Any] = {"classification": word.value, "primary": True}
            yield Part("class", Classification, told, _BELOW, held(Classification, told))
            yield Part(
                "class/citation", ClassificationCitation, cited, ("classification_id", "class")
            )

    def _ties(self, one: Told) -> Iterator[Part]:
        for tie in one.ties:
            label = f"tie {tie.kind.value} {tie.other.key}"
            values = {
                "kind": tie.kind.value,
                "object_id": self.actors[tie.other.key].pk,
                "note": tie.note,
            }
            below = ("subject_id", "record")
            yield Part(label, Affiliation, values, below)
            yield Part(
                f"{label}/citation",
                AffiliationCitation,
                self._cited(one),
                ("affiliation_id", label),
            )

    def _cited(self, one: Told) -> dict[str, Any]:
        return {
            "source_id": self.cited.pk,
            "locator_kind": LocatorKind.ROW.value,
            "locator": one.key,
        }

    def _country(self, one: Told) -> Place | None:
        """Return the country of an actor; a state is no place that it fought in, but its own."""
        if one.org != 4:
            return self.gazetteer.country(iso(one.country))
        name = one.name.removeprefix("Government of ")
        code = iso(self.numbers.get(name))
        if not code:
            found = pycountry.countries.get(name=name) or pycountry.countries.get(
                official_name=name
            )
            code = found.alpha_2 if found else ""
        return self.gazetteer.country(code)


def _numbers(told: Iterable[Told]) -> dict[str, int]:
    """Return the number of each country that rows with but one location name."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for one in told:
        if one.country:
            counted[one.location][one.country] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in counted.items()}
