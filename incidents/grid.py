"""The grid: numbers of incidents by cells of a map, and those that no map can show at a point."""

from typing import Any, NamedTuple

from django.db import connection

from incidents.codes import POINT_PRECISIONS
from incidents.filters.grid import MAX_MATCHES, GridFilters, GridFilterSet
from incidents.matches import select_matches

MAX_CELLS = 10_000
"""The maximum number of cells of an answer."""
_DIGITS = 6
"""The decimals of a mean point: a tenth of a metre."""
_ON_MAP = f"latitude IS NOT NULL AND precision IN {tuple(map(str, POINT_PRECISIONS))}"
_COUNTS = ", ".join(f"count(*) FILTER (WHERE precision = '{word}')" for word in POINT_PRECISIONS)


class TooManyCellsError(Exception):
    """There are more than MAX_CELLS cells."""


class Cell(NamedTuple):
    """A cell with incidents, as an answer shows it."""

    west: float
    south: float
    east: float
    north: float
    point: dict[str, float]
    """The mean of the points of its incidents."""
    incidents: int
    precisions: dict[str, int]


class Grid(NamedTuple):
    """Incidents by cell from south to north, then from west to east; and the others."""

    cells: list[Cell]
    others: dict[str | None, int]
    """The numbers of incidents without a public point, by precision; None without a location."""
    is_exact: bool
    """Whether all matches were counted."""


def count_grid(filters: GridFilterSet) -> Grid:
    """Return the grid of a request. Raises TooManyCellsError.

    Each incident is at its primary location only. Those without a point are counted wherever the
    request looks for points.
    """
    grid = _count(filters, filters.group(GridFilters).size)
    if not {"bbox", "near"} & set(filters.given):
        return grid
    anywhere = _count(filters.leave_out("bbox", "near", "radius_km"), None)
    return Grid(grid.cells, anywhere.others, grid.is_exact and anywhere.is_exact)


def _count(filters: GridFilterSet, size: float | None) -> Grid:
    """Return the grid of the matches; without a size, in a single cell."""
    maximum = min(filters.params["count_limit"], MAX_MATCHES)
    entries = filters.find_all(maximum)
    matches = select_matches(entries, maximum, "latitude", "longitude", "precision")
    if matches is None:
        return Grid([], {}, is_exact=True)
    last, step = (180 / size - 1, size) if size else (0, 360.0)
    sql = (
        f"WITH filtered AS MATERIALIZED ({matches[0]}) "  # noqa: S608
        "(SELECT least(floor((latitude + 90) / %s), %s)::int AS line, "
        "floor((longitude + 180) / %s)::int AS place, "
        f"avg(latitude), avg(longitude), NULL, count(*), {_COUNTS} "
        f"FROM filtered WHERE {_ON_MAP} GROUP BY 1, 2 ORDER BY 1, 2 LIMIT {MAX_CELLS + 1}) "
        "UNION ALL SELECT NULL, NULL, NULL, NULL, nullif(precision, ''), count(*), 0, 0, 0 "
        f"FROM filtered WHERE (({_ON_MAP}) IS NOT true) GROUP BY precision"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*matches[1], step, last, step))
        rows = cursor.fetchall()
    cells = [_make_cell(row, step) for row in rows if row[0] is not None]
    if len(cells) > MAX_CELLS:
        raise TooManyCellsError
    others = {row[4]: row[5] for row in rows if row[0] is None}
    return Grid(cells, others, sum(row[5] for row in rows) < maximum)


def _make_cell(row: tuple[Any, ...], size: float) -> Cell:
    line, place, latitude, longitude, _, number, *precisions = row
    south, west = line * size - 90, place * size - 180
    point = {"latitude": round(latitude, _DIGITS), "longitude": round(longitude, _DIGITS)}
    counts = dict(zip(map(str, POINT_PRECISIONS), precisions, strict=True))
    return Cell(west, south, west + size, south + size, point, number, counts)
