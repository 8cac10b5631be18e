"""The outlines of the locator maps: land, lakes and boundaries, clipped to a box.

Those of the world are in one file, and those of the invented island of the demo in another.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from publishing.countries import is_fictional

FOLDER = Path(__file__).parents[2] / "explorer" / "static" / "explorer"
Point = tuple[float, float]
"""A longitude and a latitude."""


class Box(NamedTuple):
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def touches(self, other: "Box") -> bool:
        """Return whether they have a point in common."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def has(self, point: Point) -> bool:
        """Return whether a point lies in it."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def grow(self, share: float) -> "Box":
        """Return the box with a margin, as a share of its size."""
        x, y = share * (self.east - self.west), share * (self.north - self.south)
        return Box(self.west - x, self.south - y, self.east + x, self.north + y)


class Line(NamedTuple):
    """A line or a ring, and the box around it."""

    points: list[Point]
    box: Box


class Label(NamedTuple):
    """Where the name of a country is written."""

    code: str
    point: Point
    width: float
    """How wide the country is, in degrees."""


class Outlines(NamedTuple):
    """The paths of a map, as the attribute `d` of SVG."""

    land: str
    lakes: str
    boundaries: str
    disputed: str


@lru_cache(maxsize=256)
def draw_outlines(box: Box, width: int, height: int, *, island: bool = False) -> Outlines:
    """Return the paths of a box that is drawn `width` by `height` units large.

    They are those of the world, or of the invented island alone.
    """
    layers = read_island() if island else read_layers()
    around = box.grow(0.03)
    x, y = width / (box.east - box.west), height / (box.north - box.south)

    def write(lines: Iterable[list[Point]], end: str) -> str:
        parts = []
        for line in lines:
            units = [(round((a - box.west) * x), round((box.north - b) * y)) for a, b in line]
            kept = [unit for at, unit in enumerate(units) if at == 0 or unit != units[at - 1]]
            if len(kept) > (2 if end else 1):
                parts.append("M" + "L".join(f"{a} {b}" for a, b in kept) + end)
        return "".join(parts)

    def rings(name: str) -> Iterator[list[Point]]:
        return (clip_ring(line.points, around) for line in _list_near(layers[name], around))

    def lines(name: str) -> Iterator[list[Point]]:
        for line in _list_near(layers[name], around):
            yield from clip_line(line.points, around)

    return Outlines(
        write(rings("land"), "Z"),
        write(rings("lakes"), "Z"),
        write(lines("boundaries"), ""),
        write(lines("disputed"), ""),
    )


@cache
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


@cache
def read_labels() -> list[Label]:
    """Return where the names of countries are written."""
    return _make_labels(_read("borders.json"))


@cache
def read_island_labels() -> list[Label]:
    """Return where the name of the invented island is written."""
    return _make_labels(_read("island.json"))


@cache
def read_layers() -> dict[str, list[Line]]:
    """Return the lines of each layer of the file."""
    content = _read("borders.json")
    (scale_x, scale_y), (left, low) = (content["transform"][key] for key in ("scale", "translate"))
    arcs = []
    for arc in content["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((left + x * scale_x, low + y * scale_y))
        arcs.append(_make_line(points))
    return {
        name: [arcs[number] for number in _flatten(layer["arcs"])]
        for name, layer in content["objects"].items()
    }


@cache
def read_island() -> dict[str, list[Line]]:
    """Return the lines of the invented island, in the same layers as those of the world."""
    layers: dict[str, list[Line]] = {"land": [], "lakes": [], "boundaries": [], "disputed": []}
    for feature in _read("island.json")["features"]:
        coordinates, about = feature["geometry"]["coordinates"], feature["properties"]
        if about["kind"] == "country":
            layers["land"] += [_make_line([(x, y) for x, y in ring]) for (ring,) in coordinates]
        elif about["kind"] == "boundary":
            name = "disputed" if about["status"] == "disputed" else "boundaries"
            layers[name].append(_make_line([(x, y) for x, y in coordinates]))
    return layers


def find_outline(slug: str, country: str | None) -> dict[str, Any] | None:
    """Return the outline of a place as GeoJSON; None if it has none.

    Only places of invented countries have one: see docs/borders.md.
    """
    return _read_areas().get(slug) if is_fictional(country or "") else None


@cache
def _read_areas() -> dict[str, dict[str, Any]]:
    """Return the outlines of the places of the invented island, by slug."""
    return {
        feature["properties"]["place"]: feature["geometry"]
        for feature in _read("island.json")["features"]
        if "place" in feature["properties"]
    }


def clip_ring(points: list[Point], box: Box) -> list[Point]:
    """Return the part of a ring that lies in a box (the algorithm of Sutherland and Hodgman)."""
    for axis, edge, sign in (
        (0, box.west, 1),
        (0, box.east, -1),
        (1, box.south, 1),
        (1, box.north, -1),
    ):
        if not points:
            break
        clipped: list[Point] = []
        before = points[-1]
        for point in points:
            inside = (point[axis] - edge) * sign >= 0
            if inside != ((before[axis] - edge) * sign >= 0):
                share = (edge - before[axis]) / (point[axis] - before[axis])
                other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
                clipped.append((edge, other) if axis == 0 else (other, edge))
            if inside:
                clipped.append(point)
            before = point
        points = clipped
    return points


def clip_line(points: list[Point], box: Box) -> Iterator[list[Point]]:
    """Yield the parts of a line that lie in a box, each with the next point outside."""
    part: list[Point] = []
    for before, point in itertools.pairwise(points):
        if box.has(before) or box.has(point):
            part = part or [before]
            part.append(point)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _list_near(lines: list[Line], box: Box) -> list[Line]:
    return [line for line in lines if line.box.touches(box)]


def _make_line(points: list[Point]) -> Line:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Line(points, Box(min(xs), min(ys), max(xs), max(ys)))


def _make_labels(content: dict[str, Any]) -> list[Label]:
    return [Label(code, (x, y), width) for code, x, y, width in content["labels"]]


def _flatten(arcs: list[object]) -> Iterator[int]:
    for arc in arcs:
        if isinstance(arc, int):
            yield arc
        elif isinstance(arc, list):
            yield from _flatten(arc)
