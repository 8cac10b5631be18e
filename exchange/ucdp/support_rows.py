"""Reading UCDP's External Support Dataset: who supported an actor in a year, and with what."""

import re
from dataclasses import dataclass

from actors.codes import SupportType
from exchange import cells
from exchange.tables import Row, Table, UnreadableError
from exchange.ucdp.rows import Side

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
TABLE = Table("UCDP's External Support Dataset by actor and year", (*_BASE, *_COUNTS))
_BETWEEN = re.compile(r",(?! )")
"""Between supporters; the names of some have a comma and a blank in them."""
_GOVERNMENT = "Government of "


@dataclass(frozen=True, slots=True)
class Gift:
    """One type of support of a year, and those who can have given it."""

    type: SupportType
    givers: tuple[Side, ...]
    number: int
    """How many of them gave it, in UCDP's count."""


@dataclass(frozen=True, slots=True)
class ActorYear:
    """What a row says, in types that can be trusted."""

    actor: Side
    opponent: Side
    dyad: int
    year: int
    supporters: tuple[Side, ...]
    gifts: tuple[Gift, ...]
    coalition: str
    elements: bool

    @property
    def key(self) -> str:
        """Actor, dyad and year: the number of the row is new with every release."""
        return f"{self.actor.key} {self.dyad} {self.year}"


def read(row: Row) -> ActorYear:
    """Return what a row says. Raises UnreadableError with all its faults."""
    faults: dict[str, str] = {}

    def number(column: str) -> int:
        try:
            return cells.number(row.get(column) or "0")
        except ValueError as fault:
            faults[column] = str(fault)
            return 0

    ids, names = _parts(row["ext_id"]), _parts(row["ext_name"])
    if len(ids) != len(names):
        faults["ext_name"] = f"it has {len(names)} names, and ext_id {len(ids)} ids"
    if not all(map(cells.is_number, ids)):
        faults["ext_id"] = f"{cells.shown(row['ext_id'])} is no list of numbers"
    for column in ("actor_name", "oppo_name"):
        if not row[column]:
            faults[column] = "it is empty"
    supporters = tuple(Side(key, name, None) for key, name in zip(ids, names, strict=False))
    counts = {
        kind: (number(f"ext_{letter}_count_s"), number(f"ext_{letter}_count_ns"))
        for letter, kind in TYPES.items()
    }
    states = number("ext_count_s"), number("ext_count_ns")
    told = ActorYear(
        actor=Side(str(number("actor_id")), row["actor_name"] or "", None),
        opponent=Side(str(number("oppo_id")), row["oppo_name"] or "", None),
        dyad=number("dyad_id"),
        year=number("year"),
        supporters=supporters,
        gifts=tuple(_gifts(supporters, states, counts)),
        coalition=(row.get("ext_coalition_name") or "").strip().removeprefix("0"),
        elements=row.get("ext_elements") == "1",
    )
    if "year" not in faults and not 1000 <= told.year <= 9999:
        faults["year"] = f"{told.year} is not a year"
    if any(gift.number > len(gift.givers) for gift in told.gifts):
        faults["ext_id"] = "more are counted as giving support than are named"
    if faults:
        raise UnreadableError(faults)
    return told


def _parts(told: str | None) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(told)] if told else []


def _gifts(
    supporters: tuple[Side, ...],
    sorts: tuple[int, int],
    counts: dict[SupportType, tuple[int, int]],
) -> list[Gift]:
    """Return each type with those who can have given it: the states, the others, or anybody.

    UCDP counts both sorts, but tells by no column which supporter is a state: its name does, where
    the numbers of names agree with UCDP's.
    """
    states = tuple(
        side
        for side in supporters
        if not sorts[1] or (sorts[0] and side.name.startswith(_GOVERNMENT))
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
