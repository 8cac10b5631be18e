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


def derive_casualties(figures: list[Row], measure: CasualtyMeasure) -> dict[str, int | None]:
    """Return the recommended total of a measure, or else what is known from parts of it.

    Without a total, at least as many people were harmed as the largest figure of some of them says:
    figures of several groups are not added, because they may count the same people.
    """
    ours = [
        row
        for row in figures
        if row["role"] == FigureRole.RECOMMENDED and row["measure"] == measure
    ]
    totals = (row for row in ours if _counts_everyone(row))
    total = _read_bounds(next(totals, {}))
    if total == dict.fromkeys(BOUNDS):
        lows = [_find_low(row) for row in ours if not _counts_everyone(row)]
        total["low"] = max((low for low in lows if low is not None), default=None)
    return total


def _counts_everyone(row: Row) -> bool:
    return row["population"] == Population.TOTAL and not row["actor"] and not row["nationality"]


def _read_bounds(row: Row) -> dict[str, int | None]:
    """Return the numbers of a figure; a vague word without a number counts as its lowest number."""
    bounds = {bound: row.get(bound) for bound in BOUNDS}
    if row and bounds == dict.fromkeys(BOUNDS):
        bounds["low"] = LEAST.get(row["quantifier"])
    return bounds


def _find_low(row: Row) -> int | None:
    bounds = _read_bounds(row)
    return bounds["best"] if bounds["low"] is None else bounds["low"]
