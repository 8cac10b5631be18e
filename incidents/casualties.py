"""Casualties: how many people an incident harmed, by its recommended figures.

It is derived from the casualty figures of one document. The low, best and high of a number are
those of the source; each is null if the source does not state it. Sums and filters use the next
number that is known instead (`docs/casualties.md`).
"""

from typing import Any

from incidents.codes import CasualtyMeasure, Population
from sources.codes import LEAST, FigureRole

Row = dict[str, Any]
BOUNDS = ("low", "best", "high")
MEASURES = tuple(CasualtyMeasure.values)
COMMON_MEASURES, RARE_MEASURES = MEASURES[:2], MEASURES[2:]
"""Killed and injured, and the measures of which most incidents have no figure."""


def list_columns(measure: str) -> tuple[str, str, str]:
    """Return the columns of entries for the low, best and high number of a measure."""
    return f"{measure}_low", measure, f"{measure}_high"


SIDES = (
    Population.SIDE_A,
    Population.SIDE_B,
    Population.ATTACKERS,
    Population.SECURITY_FORCES,
)
"""The populations that fight."""


def derive_casualties(
    figures: list[Row], measure: CasualtyMeasure, population: Population = Population.TOTAL
) -> dict[str, int | None]:
    """Return the recommended number of a measure, or else what is known from parts of it.

    Without a figure of all people of the population, at least as many were harmed as the largest
    figure of some of them says: figures of several groups are not added, because they may count the
    same people.
    """
    ours = _list_recommended(figures, measure)
    if population != Population.TOTAL:
        ours = [row for row in ours if row["population"] == population]
    whole = [row for row in ours if _counts_all(row, population)]
    total = _read_bounds(whole[0] if whole else {})
    if total == dict.fromkeys(BOUNDS):
        lows = [_find_low(row) for row in ours if not _counts_all(row, population)]
        total["low"] = max((low for low in lows if low is not None), default=None)
    return total


def derive_sides(figures: list[Row], measure: CasualtyMeasure) -> list[Row]:
    """Return the recommended numbers of a measure for each side, and for the people of each actor.

    Civilians are no side, even if the figure names an actor.
    """
    return [
        {key: row[key] for key in ("population", "actor", "nationality")} | _read_bounds(row)
        for row in _list_recommended(figures, measure)
        if row["population"] in SIDES or (row["population"] == Population.TOTAL and row["actor"])
    ]


def _list_recommended(figures: list[Row], measure: CasualtyMeasure) -> list[Row]:
    return [
        row
        for row in figures
        if row["role"] == FigureRole.RECOMMENDED and row["measure"] == measure
    ]


def _counts_all(row: Row, population: Population) -> bool:
    return row["population"] == population and not row["actor"] and not row["nationality"]


def _read_bounds(row: Row) -> dict[str, int | None]:
    """Return the numbers of a figure; a vague word without a number counts as its lowest number."""
    bounds = {bound: row.get(bound) for bound in BOUNDS}
    if row and bounds == dict.fromkeys(BOUNDS):
        bounds["low"] = LEAST.get(row["quantifier"])
    return bounds


def _find_low(row: Row) -> int | None:
    bounds = _read_bounds(row)
    return bounds["best"] if bounds["low"] is None else bounds["low"]
