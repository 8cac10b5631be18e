"""The picture of the network of a day: actors by level, and relations that are no level as arcs."""

import unicodedata
from typing import Any, NamedTuple

from explorer.network.graph import VERTICAL, Branch, DayEdge, DayNetwork, iterate

ROW, BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN = 30, 208, 24, 64, 12
"""The height of a row, the size of a box, the gap between levels, and the margin, in pixels."""
MAX_LETTERS = 29
"""The largest number of letters that a box holds."""
_MAX_BULGE = 150


class Box(NamedTuple):
    """An actor in the picture."""

    actor: dict[str, Any]
    text: str
    x: int
    y: int
    is_rtl: bool
    is_person: bool
    is_centre: bool
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def text_x(self) -> int:
        """Where the text begins."""
        return self.x + (BOX_WIDTH - 9 if self.is_rtl else 9)

    @property
    def text_y(self) -> int:
        """The line on which the text stands."""
        return self.y + BOX_HEIGHT // 2 + 4

    @property
    def middle(self) -> int:
        """The middle, where lines end."""
        return self.y + BOX_HEIGHT // 2

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + BOX_WIDTH


class Curve(NamedTuple):
    """An affiliation in the picture."""

    edge: DayEdge
    path: str
    is_arc: bool
    points_to: tuple[int, int] | None
    """Where an arrow shows the direction, if the affiliation has one and no level shows it."""


class Picture(NamedTuple):
    """The picture of a network."""

    width: int
    height: int
    boxes: list[Box]
    curves: list[Curve]


def draw_network(network: DayNetwork, trees: list[Branch]) -> Picture | None:
    """Return the picture of a network; None if there is nothing to draw."""
    if not network.edges:
        return None
    levels = _find_levels(network, trees)
    rows: dict[str, float] = {}
    _place_rows(trees, rows, 0)
    left = MARGIN + _measure_left(network, levels, rows)
    boxes = {
        branch.actor["id"]: _make_box(branch, left, levels, rows)
        for _, branch in iterate(trees)
        if not branch.is_repeated
    }
    right = max(box.right for box in boxes.values())
    curves = [_draw_edge(edge, boxes, levels, right) for edge in network.edges]
    arcs = any(curve.is_arc and _is_right(curve.edge, levels) for curve in curves)
    width = right + MARGIN + (_MAX_BULGE if arcs else 0)
    height = round(max(rows.values()) * ROW) + BOX_HEIGHT + 2 * MARGIN
    return Picture(width, height, list(boxes.values()), curves)


def _find_levels(network: DayNetwork, trees: list[Branch]) -> dict[str, int]:
    """Return the level of each actor: below all actors above it."""
    levels: dict[str, int] = {}
    order = [(level, branch) for level, branch in iterate(trees)]
    for level, branch in order:
        id_ = branch.actor["id"]
        levels[id_] = max(levels.get(id_, 0), level)
    vertical = [edge.row for edge in network.edges if edge.row["kind"] in VERTICAL]
    for _ in range(len(levels)):  # an actor that moved takes those below it along
        moved = False
        for row in vertical:
            least = levels[row["object"]["id"]] + 1
            if levels[row["subject"]["id"]] < least <= len(levels):
                levels[row["subject"]["id"]] = least
                moved = True
        if not moved:
            break
    return levels


def _place_rows(trees: list[Branch], rows: dict[str, float], top: float) -> float:
    """Give each actor a row: in the middle of those below it. Return the next free row."""
    for tree in trees:
        if tree.is_repeated:
            continue
        first = top
        top = _place_rows(tree.branches, rows, top)
        if top == first:
            top += 1
        placed = [rows[b.actor["id"]] for b in tree.branches if not b.is_repeated]
        rows[tree.actor["id"]] = (placed[0] + placed[-1]) / 2 if placed else first
    return top


def _make_box(branch: Branch, left: int, levels: dict[str, int], rows: dict[str, float]) -> Box:
    actor = branch.actor
    name = str(actor["name"] or "–")
    text = name if len(name) <= MAX_LETTERS else name[: MAX_LETTERS - 1].rstrip() + "…"
    x = left + levels[actor["id"]] * (BOX_WIDTH + GAP)
    y = MARGIN + round(rows[actor["id"]] * ROW)
    is_person = actor["kind"] == "individual"
    return Box(actor, text, x, y, _is_rtl(name), is_person, branch.is_centre)


def _is_rtl(text: str) -> bool:
    """Return whether the first letter of a text is written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def _is_right(edge: DayEdge, levels: dict[str, int]) -> bool:
    """Return whether an arc lies at the right: only one between actors at the top lies left."""
    return any(levels[edge.row[end]["id"]] for end in ("subject", "object"))


def _measure_left(network: DayNetwork, levels: dict[str, int], rows: dict[str, float]) -> int:
    """Return the width that arcs need at the left."""
    distances = [
        abs(rows[edge.row["subject"]["id"]] - rows[edge.row["object"]["id"]]) * ROW
        for edge in network.edges
        if edge.row["kind"] not in VERTICAL and not _is_right(edge, levels)
    ]
    return max((_bulge(distance) for distance in distances), default=0)


def _bulge(distance: float) -> int:
    """Return how far an arc reaches out."""
    return round(min(_MAX_BULGE, 24 + distance * 0.22))


def _draw_edge(edge: DayEdge, boxes: dict[str, Box], levels: dict[str, int], right: int) -> Curve:
    lower, upper = (boxes[edge.row[end]["id"]] for end in ("subject", "object"))
    if edge.row["kind"] in VERTICAL and upper.x < lower.x:
        middle = lower.x - GAP // 2
        path = (
            f"M{upper.right} {upper.middle}H{lower.x - GAP}"
            f"C{middle} {upper.middle} {middle} {lower.middle} {lower.x} {lower.middle}"
        )
        return Curve(edge, path, False, None)
    is_right = _is_right(edge, levels)
    bulge = _bulge(abs(lower.middle - upper.middle))
    starts = [box.right if is_right else box.x for box in (lower, upper)]
    # A curve reaches three quarters of the way to its control points.
    reach = (
        (right + bulge + (right - min(starts)) // 4) if is_right else min(starts) - bulge * 4 // 3
    )
    path = f"M{starts[0]} {lower.middle}C{reach} {lower.middle} {reach} {upper.middle} "
    path += f"{starts[1]} {upper.middle}"
    return Curve(edge, path, True, None if edge.symmetric else (starts[1], upper.middle))
