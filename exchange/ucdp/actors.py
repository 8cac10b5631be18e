"""UCDP's Actor Dataset: its actors, their names, and their affiliations with one another.

- An actor that is here under UCDP's id is matched: what it lacks is added, what it has stays.
- A government is a state. Formal organisation makes an armed organisation, informal organisation
  (the supporters of a party) a collective, a common identity (a clan, a faith) a population group.
- An actor that split off, also for a time, is a splinter of the other. One that allied with others
  is a member of the alliance, or of the coalition that UCDP counts. One that joined a group has
  merged into it. UCDP dates none of it, so none of it is certain on any day.
- A rename keeps the actor: its earlier names become former names.
"""

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actors.codes import ActorKind, AffiliationKind, ClassificationWord, NameKind
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
from exchange.commands import InputError
from exchange.coverage import Coverage, MissingRow
from exchange.gazetteer import Gazetteer
from exchange.importing import Conversion
from exchange.models import ImportedRow
from exchange.parts import ImportedPart, Made, PartModels, create, derive_days
from exchange.staging import StagedRow
from exchange.tables import (
    Row,
    TableFormat,
    UnreadableError,
    digest,
    is_number,
    parse_choice,
    parse_number,
    parse_text,
    quote_value,
)
from exchange.ucdp.actor_matching import (
    GOVERNMENT,
    UcdpActor,
    create_actor,
    find_actors,
    find_code,
    number_members,
    shorten,
)
from exchange.ucdp.base import UcdpImport
from exchange.ucdp.countries import iso
from places.models import Place
from publishing.normalization import clean_line
from sources.codes import LocatorKind, Match, Scheme

_KINDS = {
    1: ActorKind.ARMED_ORGANISATION,
    2: ActorKind.COLLECTIVE,
    3: ActorKind.POPULATION_GROUP,
    4: ActorKind.STATE,
}
_CLASSES = {2: ClassificationWord.POLITICAL_MILITIA, 3: ClassificationWord.IDENTITY_MILITIA}
"""What UCDP's kind of organisation implies about how an actor fights."""
_AFFILIATIONS = {
    ("ActorIdPrev", "NamePrev"): (AffiliationKind.SPLINTER_OF, ""),
    ("ActorIdSplitTemp", "NameSplitTemp"): (
        AffiliationKind.SPLINTER_OF,
        "UCDP calls the split temporary.",
    ),
    ("ActorIdAlliance", "NameAlliance"): (AffiliationKind.MEMBER_OF, ""),
    ("ActorIdGroup", "GroupName"): (AffiliationKind.MERGED_INTO, ""),
    ("OSCoalitionID", ""): (
        AffiliationKind.MEMBER_OF,
        "UCDP has it in this coalition in one-sided violence.",
    ),
    ("NSCoalitionID", ""): (
        AffiliationKind.MEMBER_OF,
        "UCDP has it in this coalition in a non-state conflict.",
    ),
}
"""By the columns of ids and of names: the kind of affiliation that they state, and its note."""
_COALITIONS = ("OSCoalitionID", "NSCoalitionID")
_NAMES = ("NameData", "NameOrig", "NameOrigFull", "NameOrigFullEng")
_NEW = ("NewName", "NewNameFullMotherTongue", "NewNameFullEng")
_PLACE = ("Location", "GWNOLoc")
COLUMNS = (
    *("ActorId", "Org", *_NAMES, *_NEW, *_PLACE),
    *(column for pair in _AFFILIATIONS for column in pair if column),
)
TABLE = TableFormat("UCDP's Actor Dataset", COLUMNS)
_LONGEST = 300
"""The most characters of a name."""
_ACRONYM = re.compile(r"[^\sa-z]{2,15}")


@dataclass(frozen=True, slots=True)
class FurtherName:
    """A further name of an actor."""

    text: str
    kind: NameKind
    language: str = ""


@dataclass(frozen=True, slots=True)
class StatedAffiliation:
    """An affiliation of an actor with another, as a row states it."""

    kind: AffiliationKind
    other: UcdpActor
    note: str


@dataclass(frozen=True, slots=True)
class ActorRow:
    """The content of a row, validated."""

    key: str
    name: str
    org: int
    """1 formally, 2 informally organised, 3 organised by a common identity, 4 a government."""
    names: tuple[FurtherName, ...]
    location: str
    country: int | None
    """The Gleditsch-Ward number of its location, where it has but one."""
    affiliations: tuple[StatedAffiliation, ...]
    coalitions: frozenset[str]
    """The ids of those among the other actors that are coalitions; UCDP does not name them."""
    flags: tuple[str, ...]


def read_actor(row: Row) -> ActorRow:
    """Return the content of a row. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}
    key = name = ""
    org = 0
    try:
        key = str(parse_number(row["ActorId"]))
    except ValueError as fault:
        faults["ActorId"] = str(fault)
    try:
        org = parse_choice(row["Org"], (1, 2, 3, 4))
    except ValueError as fault:
        faults["Org"] = str(fault)
    try:
        name = parse_text(row["NameData"])
    except ValueError as fault:
        faults["NameData"] = str(fault)
    ids = {column: _split(row[column]) for column, _ in _AFFILIATIONS}
    faults |= {
        column: f"{quote_value(row[column])} is no list of numbers"
        for column, keys in ids.items()
        if not all(map(is_number, keys))
    }
    faults |= {
        column: f"{quote_value(row[column])} is longer than {_LONGEST} characters"
        for column in (*_NAMES, *_NEW)
        if len(row[column] or "") > _LONGEST
    }
    if faults:
        raise UnreadableError(faults)
    names, distinct = _read_names(row, name)
    flags = {
        "affiliated with itself": any(key in keys for keys in ids.values()),
        "names not distinguished": not distinct,
        "names and ids of different number": any(
            column and len(_split(row[column])) != len(ids[id_column])
            for id_column, column in _AFFILIATIONS
        ),
        "in several countries": len(_split(row["GWNOLoc"])) > 1,
    }
    countries = _split(row["GWNOLoc"])
    return ActorRow(
        key=key,
        name=name,
        org=org,
        names=names,
        location=(row["Location"] or "").strip(),
        country=int(countries[0]) if len(countries) == 1 and is_number(countries[0]) else None,
        affiliations=tuple(_read_affiliations(row, key, ids)),
        coalitions=frozenset(id_ for column in _COALITIONS for id_ in ids[column]),
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )


def _split(cell: str | None) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()] if cell else []


def _read_affiliations(row: Row, key: str, ids: dict[str, list[str]]) -> list[StatedAffiliation]:
    """Return the affiliations, one for each kind and other actor, with all notes on it."""
    stated: dict[tuple[AffiliationKind, str], StatedAffiliation] = {}
    for (id_column, name_column), (kind, note) in _AFFILIATIONS.items():
        names = _split(row[name_column]) if name_column else []
        for number, other in enumerate(ids[id_column]):
            if other == key:
                continue
            name = names[number] if len(names) == len(ids[id_column]) else f"UCDP actor {other}"
            earlier = stated.get((kind, other))
            notes = filter(None, dict.fromkeys([earlier.note, note] if earlier else [note]))
            stated[kind, other] = StatedAffiliation(kind, UcdpActor(other, name), " ".join(notes))
    return list(stated.values())


def _read_names(row: Row, name: str) -> tuple[tuple[FurtherName, ...], bool]:
    """Return the further names, and whether all of them could be distinguished.

    Where the name changed, UCDP's first names are former ones, and so are the new ones, except the
    one that the actor has now.
    """
    changed = row.get("NameChange") == "1"
    names: list[FurtherName] = []
    new, distinct = _split(row["NewName"]), True
    if changed:
        former = [NameKind.FORMER if text != name else None for text in new]
        names += [FurtherName(text, NameKind.FORMER) for text in new if text != name]
        for column, kind, language in zip(
            _NEW[1:], (NameKind.OFFICIAL, NameKind.TRANSLATION), ("", "en"), strict=True
        ):
            full = _split(row[column]) if len(new) > 1 else [row[column] or ""]
            if len(full) == len(new):
                names += [
                    FurtherName(text.strip(), past or kind, language)
                    for text, past in zip(full, former, strict=True)
                ]
            else:
                distinct = distinct and not full
    first = clean_line(row["NameOrig"] or "")
    acronym = NameKind.ACRONYM if _ACRONYM.fullmatch(first) else NameKind.ALIAS
    kinds = (acronym, NameKind.OFFICIAL, NameKind.TRANSLATION)
    for column, kind, language in zip(_NAMES[1:], kinds, ("", "", "en"), strict=True):
        text = clean_line(row[column] or "")
        names.append(FurtherName(text, NameKind.FORMER if changed else kind, language))
    # Of names with one text the first counts, in the order in which the texts occur.
    first_of = {further.text: further for further in reversed(names)}
    unique = dict.fromkeys(first_of[further.text] for further in names)
    return tuple(n for n in unique if n.text not in ("", "n/a", name)), distinct


class ActorsImport(UcdpImport):
    """An import of rows as actors with their affiliations."""

    help = """\
UCDP's Actor Dataset, as CSV: names, renames, splits, alliances, coalitions and mergers. Actors are
matched by UCDP's actor id. An actor that is mentioned, but has no row, is created with its name.
"""
    dataset = "ucdp_actor"
    name = "UCDP Actor Dataset"
    rows = "actors"
    table = TABLE
    key_column = "ActorId"
    models = PartModels(
        {
            "record": Actor,
            "id": ActorExternalId,
            "citation": ActorCitation,
            "name": ActorName,
            "class": Classification,
            "class/citation": ClassificationCitation,
            "affiliation": Affiliation,
            "affiliation/citation": AffiliationCitation,
        }
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staged: dict[str, StagedRow] = {}
        """All readable rows; cleaned of what was redacted."""
        self.contents: dict[str, ActorRow] = {}
        """What the rows state that may be written."""

    def parse(self, row: Row) -> ActorRow:
        return read_actor(row)

    def list_actors(self, content: ActorRow) -> list[UcdpActor]:
        own = UcdpActor(content.key, content.name)
        return [own, *(stated.other for stated in content.affiliations)]

    def write(self) -> None:
        self.gazetteer = Gazetteer()
        self.stage(self.staging, self._read_actors())
        self.report_missing()
        self._set_aside_forbidden()
        self._clean_rows()
        self._numbers = _count_numbers(self.contents.values())
        existing = self._match_actors()

        def convert(
            chunk: list[StagedRow], imported: Mapping[str, ImportedRow]
        ) -> Iterator[Conversion]:
            for key in (staged.key for staged in chunk if staged.key in self.contents):
                content = self.contents[key]
                parts = [*self._make_parts(content), *self._make_affiliations(content)]
                public_id = self.actors[key].public_id
                yield Conversion(self.staged[key], public_id, parts, existing.get(key, {}))

        self.write_rows(self.staging, convert)

    def find_missing(self, coverage: Coverage) -> Iterator[MissingRow]:
        if coverage.has_dates():
            raise InputError(f"{self.name} has no days: declare --covers-countries alone.")
        imported = ImportedRow.objects.filter(dataset=self.dataset).exclude(key__in=self.staged)
        for row in imported:
            numbers = _split(row.row["GWNOLoc"])
            codes = {iso(int(number)) for number in numbers if is_number(number)}
            if coverage.has_country(codes - {""}):
                yield MissingRow(row.key, row.record, row.release)

    def _read_actors(self) -> Iterator[tuple[StagedRow, str]]:
        for number, row, content in self.read_rows():
            self.report.flags.update(content.flags)
            self.report.affiliations.update(stated.kind.label for stated in content.affiliations)
            staged = StagedRow(number, content.key, digest(row), [*content.flags], row)
            self.staged[content.key], self.contents[content.key] = staged, content
            yield staged, ""

    def _set_aside_forbidden(self) -> None:
        """Set aside the rows of actors that must not be created, and the rows that name them.

        A redaction removed such an actor or its id, or the row gives the actor a name that a
        redaction removed from another one.
        """
        keys = {
            key: {named.key for named in self.list_actors(content)}
            for key, content in self.contents.items()
        }
        named = set[str]().union(*keys.values())
        actors = find_actors(named)
        self.lock_referenced(actors.values())
        self.find_forbidden(named - actors.keys())
        for key in keys.keys() - actors.keys() if self.reference_guards else ():
            referenced = [actors[other].public_id for other in keys[key] & actors.keys()]
            content = self.contents[key]
            texts = [content.name, *(name.text for name in content.names)]
            if violations := self.reference_guards.find_violations(referenced, texts):
                self.forbidden[key] = violations[0].message
        self.contents = {k: c for k, c in self.contents.items() if self.may_write(c)}

    def _clean_rows(self) -> None:
        """Remove from the rows what redactions removed from the actors that they name.

        The names of an actor are its own: a row whose names repeat what was removed from another
        actor was set aside before.
        """
        named = (named for content in self.contents.values() for named in self.list_actors(content))
        actors = find_actors(other.key for other in named)
        for key, content in [*self.contents.items()]:
            if cleaned := self.clean_row(self.staged[key], content, actors):
                self.staged[key] = cleaned
            else:
                del self.contents[key]

    def _match_actors(self) -> dict[str, Made]:
        """Find or create all actors; return what is here of those that no row was imported of.

        All actors are created before any affiliation, since rows name one another.
        """
        others = {s.other.key: s.other for c in self.contents.values() for s in c.affiliations}
        self.actors = find_actors({*self.contents, *others})
        self.actors |= number_members(
            UcdpActor(key, content.name)
            for key, content in self.contents.items()
            if key not in self.actors
        )
        imported = ImportedRow.objects.filter(dataset=self.dataset).values_list("key", flat=True)
        matched = (self.contents.keys() & self.actors.keys()) - set(imported)
        existing = {key: self._find_parts(self.contents[key]) for key in matched}
        fresh = [c for key, c in self.contents.items() if key not in self.actors]
        made = create([list(self._make_parts(content)) for content in fresh])
        existing |= {content.key: parts for content, parts in zip(fresh, made, strict=True)}
        self.actors |= find_actors(content.key for content in fresh)
        members: dict[str, list[str]] = defaultdict(list)
        for content in self.contents.values():
            for coalition in content.coalitions:
                members[coalition].append(read_actor(self.staged[content.key].row).name)
        for key in sorted(others.keys() - self.actors.keys(), key=int):
            self.actors[key] = self._create_other(others[key], sorted(members.get(key, [])))
            self.report.actors.append(self.actors[key].name)
        return existing

    def _create_other(self, other: UcdpActor, members: list[str]) -> Actor:
        """Create an actor that has no row; a coalition is named by its members."""
        if not members:
            return create_actor(other, self.cited, self.gazetteer)
        name = ", ".join(members) if len(members) > 1 else f"Coalition with {members[0]}"
        coalition = replace(other, name=shorten(name, 300))
        return create_actor(coalition, self.cited, self.gazetteer, ActorKind.COALITION)

    def _find_parts(self, content: ActorRow) -> Made:
        """Return the parts of an actor that were here before any row was imported of it."""
        actor = self.actors[content.key]
        parts: Made = {"record": [actor.pk, {}]}
        ids = actor.external_ids.filter(scheme=Scheme.UCDP_ACTOR, match=Match.EXACT)
        id_ = ids.get(value=content.key)
        parts["id"] = [id_.pk, {}]
        for name in actor.names.all():
            parts[_label_name(name.text)] = [name.pk, {}]
        kinds = {stated.kind for stated in content.affiliations}
        for affiliation in actor.affiliations_from.filter(kind__in=kinds):
            ids = affiliation.object.external_ids.filter(scheme=Scheme.UCDP_ACTOR)
            for key in ids.values_list("value", flat=True):
                parts[f"affiliation {affiliation.kind} {key}"] = [affiliation.pk, {}]
        stated = {part.label for part in self._make_parts(content)}
        stated |= {_label_affiliation(affiliation) for affiliation in content.affiliations}
        return {label: made for label, made in parts.items() if label in stated}

    def _make_parts(self, content: ActorRow) -> Iterator[ImportedPart]:
        """Yield an actor with its names and its classification."""
        place = self._find_country(content)
        values: dict[str, Any] = {
            "name": content.name,
            "kind": _KINDS[content.org].value,
            "country_id": place and place.pk,
        }
        derived = {"public_id": uuid.uuid4(), **derive_days(Actor, values)}
        yield ImportedPart("record", Actor, values, derived=derived)
        actor = ("actor_id", "record")
        scheme = {"scheme": Scheme.UCDP_ACTOR.value, "value": content.key}
        yield ImportedPart("id", ActorExternalId, scheme, actor)
        cited = self._cite(content)
        yield ImportedPart("citation", ActorCitation, cited, actor)
        for name in content.names:
            columns = {"text": name.text, "kind": name.kind.value, "language": name.language}
            days = derive_days(ActorName, columns)
            yield ImportedPart(_label_name(name.text), ActorName, columns, actor, days)
        if word := _CLASSES.get(content.org):
            values = {"classification": word.value, "primary": True}
            days = derive_days(Classification, values)
            yield ImportedPart("class", Classification, values, actor, days)
            parent = ("classification_id", "class")
            yield ImportedPart("class/citation", ClassificationCitation, cited, parent)

    def _make_affiliations(self, content: ActorRow) -> Iterator[ImportedPart]:
        for stated in content.affiliations:
            label = _label_affiliation(stated)
            values = {
                "kind": stated.kind.value,
                "object_id": self.actors[stated.other.key].pk,
                "note": stated.note,
            }
            yield ImportedPart(label, Affiliation, values, ("subject_id", "record"))
            parent = ("affiliation_id", label)
            yield ImportedPart(
                f"{label}/citation", AffiliationCitation, self._cite(content), parent
            )

    def _cite(self, content: ActorRow) -> dict[str, Any]:
        return {
            "source_id": self.cited.pk,
            "locator_kind": LocatorKind.ROW.value,
            "locator": content.key,
        }

    def _find_country(self, content: ActorRow) -> Place | None:
        """Return the country of an actor; that of a state is itself, not where it fought."""
        if content.org != 4:
            return self.gazetteer.country(iso(content.country))
        code = iso(self._numbers.get(content.name.removeprefix(GOVERNMENT)))
        return self.gazetteer.country(code or find_code(content.name))


def _label_name(text: str) -> str:
    return f"name {text}".replace("/", "-")


def _label_affiliation(stated: StatedAffiliation) -> str:
    return f"affiliation {stated.kind.value} {stated.other.key}"


def _count_numbers(contents: Iterable[ActorRow]) -> dict[str, int]:
    """Return the number of each country, by the rows that name no other country."""
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for content in contents:
        if content.country:
            counted[content.location][content.country] += 1
    return {name: counts.most_common(1)[0][0] for name, counts in counted.items()}
