"""Reading UCDP's Actor Dataset: who an actor is, what it was called, and whom it is tied to."""

import re
from dataclasses import dataclass

from actors.codes import AffiliationKind, NameKind
from exchange import cells
from exchange.tables import Row, Table, UnreadableError
from exchange.ucdp.rows import Side

_TIES = {
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
"""By columns of ids and of names, the tie they tell and what is said of it besides."""
_COALITIONS = ("OSCoalitionID", "NSCoalitionID")
_NAMES = ("NameData", "NameOrig", "NameOrigFull", "NameOrigFullEng")
_NEW = ("NewName", "NewNameFullMotherTongue", "NewNameFullEng")
_PLACE = ("Location", "GWNOLoc")
COLUMNS = (
    *("ActorId", "Org", *_NAMES, *_NEW, *_PLACE),
    *(column for pair in _TIES for column in pair if column),
)
TABLE = Table("UCDP's Actor Dataset", COLUMNS)
_LONGEST = 300
"""The most characters of a name."""
_ACRONYM = re.compile(r"[^\sa-z]{2,15}")


@dataclass(frozen=True, slots=True)
class Name:
    """A further name of an actor."""

    text: str
    kind: NameKind
    language: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """How an actor stands to another."""

    kind: AffiliationKind
    other: Side
    note: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says, in types that can be trusted."""

    key: str
    name: str
    org: int
    """1 formally, 2 informally organised, 3 organised by a common identity, 4 a government."""
    names: tuple[Name, ...]
    location: str
    country: int | None
    """The Gleditsch-Ward number of its location, where it has but one."""
    ties: tuple[Tie, ...]
    coalitions: frozenset[str]
    """The ids of the coalitions among those it is tied to, which UCDP does not name."""
    flags: tuple[str, ...]


def read(row: Row) -> Told:
    """Return what a row says. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}
    key = name = ""
    org = 0
    try:
        key = str(cells.number(row["ActorId"]))
    except ValueError as fault:
        faults["ActorId"] = str(fault)
    try:
        org = cells.one_of(row["Org"], (1, 2, 3, 4))
    except ValueError as fault:
        faults["Org"] = str(fault)
    try:
        name = cells.text(row["NameData"])
    except ValueError as fault:
        faults["NameData"] = str(fault)
    ids = {column: _listed(row[column]) for column, _ in _TIES}
    faults |= {
        column: f"{cells.shown(row[column])} is no list of numbers"
        for column, told in ids.items()
        if not all(map(cells.is_number, told))
    }
    faults |= {
        column: f"{cells.shown(row[column])} is longer than {_LONGEST} characters"
        for column in (*_NAMES, *_NEW)
        if len(row[column] or "") > _LONGEST
    }
    if faults:
        raise UnreadableError(faults)
    names, apart = _names(row, name)
    flags = {
        "tied to itself": any(key in told for told in ids.values()),
        "names not told apart": not apart,
        "names and ids of different number": any(
            column and len(_listed(row[column])) != len(ids[id_column])
            for id_column, column in _TIES
        ),
        "in several countries": len(_listed(row["GWNOLoc"])) > 1,
    }
    countries = _listed(row["GWNOLoc"])
    return Told(
        key=key,
        name=name,
        org=org,
        names=names,
        location=(row["Location"] or "").strip(),
        country=int(countries[0])
        if len(countries) == 1 and cells.is_number(countries[0])
        else None,
        ties=tuple(_ties(row, key, ids)),
        coalitions=frozenset(one for column in _COALITIONS for one in ids[column]),
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )


def _listed(told: str | None) -> list[str]:
    return [part.strip() for part in told.split(",") if part.strip()] if told else []


def _ties(row: Row, key: str, ids: dict[str, list[str]]) -> list[Tie]:
    """Return the ties, one for each kind and other actor, with all that is said of it."""
    found: dict[tuple[AffiliationKind, str], Tie] = {}
    for (id_column, name_column), (kind, note) in _TIES.items():
        names = _listed(row[name_column]) if name_column else []
        for number, other in enumerate(ids[id_column]):
            if other == key:
                continue
            name = names[number] if len(names) == len(ids[id_column]) else f"UCDP actor {other}"
            there = found.get((kind, other))
            notes = [there.note, note] if there else [note]
            said = " ".join(filter(None, dict.fromkeys(notes)))
            found[kind, other] = Tie(kind, Side(other, name, None), said)
    return list(found.values())


def _names(row: Row, name: str) -> tuple[tuple[Name, ...], bool]:
    """Return the further names, and whether each could be told from the others.

    Where the name changed, UCDP's first names are former ones, and so are the new ones but for the
    one that the actor goes by.
    """
    changed = row.get("NameChange") == "1"
    found: list[Name] = []
    new, apart = _listed(row["NewName"]), True
    if changed:
        former = [NameKind.FORMER if one != name else None for one in new]
        found += [Name(one, NameKind.FORMER) for one in new if one != name]
        for column, kind, language in zip(
            _NEW[1:], (NameKind.OFFICIAL, NameKind.TRANSLATION), ("", "en"), strict=True
        ):
            full = _listed(row[column]) if len(new) > 1 else [row[column] or ""]
            if len(full) == len(new):
                found += [
                    Name(one.strip(), past or kind, language)
                    for one, past in zip(full, former, strict=True)
                ]
            else:
                apart = apart and not full
    first = " ".join((row["NameOrig"] or "").split())
    acronym = NameKind.ACRONYM if _ACRONYM.fullmatch(first) else NameKind.ALIAS
    kinds = (acronym, NameKind.OFFICIAL, NameKind.TRANSLATION)
    for column, kind, language in zip(_NAMES[1:], kinds, ("", "", "en"), strict=True):
        text = " ".join((row[column] or "").split())
        found.append(Name(text, NameKind.FORMER if changed else kind, language))
    once = {one.text: one for one in reversed(found)}
    kept = dict.fromkeys(once[one.text] for one in found)
    return tuple(one for one in kept if one.text not in ("", "n/a", name)), apart
