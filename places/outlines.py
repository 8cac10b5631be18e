"""Outlines of places and the lines of maps, as GeoJSON (RFC 7946)."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from publishing.presentation.borders import (
    Box,
    Line,
    Point,
    clip_line,
    clip_ring,
    read_island,
    read_layers,
)

Geometry = dict[str, Any]
Polygon = list[list[Point]]
"""An outer ring, and the rings of its holes."""
WORLD = Box(-180, -90, 180, 90)


class Credit(NamedTuple):
    """Whom to credit for lines, and under which licence they are."""

    credit: str
    licence: str


NATURAL_EARTH = Credit(
    "Natural Earth 4.0.0, https://www.naturalearthdata.com, simplified", "public domain"
)
INVENTED = Credit("Invented for the demonstration of Muster; no such place exists", "Apache-2.0")
LAYERS = {
    "land": ("land", None),
    "lakes": ("lake", None),
    "boundaries": ("boundary", "agreed"),
    "disputed": ("boundary", "disputed"),
}
"""By layer of the files, the kind of line and the status of a boundary."""


def find_box(geometry: Geometry) -> Box:
    """Return the box around an area."""
    parts = geometry["coordinates"]
    rings = [ring for polygon in _list_parts(geometry["type"], parts) for ring in polygon]
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _list_parts(kind: str, parts: list[Any]) -> list[Any]:
    return [parts] if kind == "Polygon" else parts


def list_lines(boxes: Sequence[Box], *, island: bool) -> Iterator[dict[str, Any]]:
    """Yield a feature for each layer of the map that has lines in boxes."""
    yield from _list_features(boxes, fictional=False)
    if island:
        yield from _list_features(boxes, fictional=True)


def _list_features(boxes: Sequence[Box], *, fictional: bool) -> Iterator[dict[str, Any]]:
    lines = read_island() if fictional else read_layers()
    for layer, (kind, status) in LAYERS.items():
        if kind == "boundary":
            geometry = _make_lines(lines[layer], boxes)
        else:
            geometry = _make_polygons(_list_polygons(layer, fictional=fictional), boxes)
        if geometry["coordinates"]:
            properties = {"kind": kind, "status": status, "is_fictional": fictional}
            credit = INVENTED if fictional else NATURAL_EARTH
            properties |= credit._asdict()
            yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _make_lines(lines: Iterable[Line], boxes: Sequence[Box]) -> Geometry:
    parts = [
        _write(part)
        for box in boxes
        for line in lines
        if line.box.touches(box)
        for part in clip_line(line.points, box)
    ]
    return {"type": "MultiLineString", "coordinates": parts}


def _make_polygons(polygons: Iterable[tuple[Box, Polygon]], boxes: Sequence[Box]) -> Geometry:
    parts = []
    for box in boxes:
        for around, rings in polygons:
            if around.touches(box):
                clipped = [_close(clip_ring(ring, box)) for ring in rings]
                written = [_write(ring) for ring in clipped if len(ring) > 3]
                if written and len(clipped[0]) > 3:
                    parts.append(written)
    return {"type": "MultiPolygon", "coordinates": parts}


@cache
def _list_polygons(layer: str, *, fictional: bool) -> list[tuple[Box, Polygon]]:
    """Return the polygons of a layer, each with the box around it.

    The files list rings: one in an odd number of others is a hole.
    """
    rings = (read_island() if fictional else read_layers())[layer]
    above = [
        [other for other in rings if other is not ring and _is_in(ring, other)] for ring in rings
    ]
    polygons: dict[int, tuple[Box, Polygon]] = {}
    for ring, others in zip(rings, above, strict=True):
        if len(others) % 2 == 0:
            polygons[id(ring)] = (ring.box, [_turn(ring.points, 1)])
    for ring, others in zip(rings, above, strict=True):
        if len(others) % 2 == 1:
            around = min(others, key=lambda other: abs(_measure(other.points)))
            polygons[id(around)][1].append(_turn(ring.points, -1))
    return list(polygons.values())


def _is_in(ring: Line, other: Line) -> bool:
    """Return whether a ring lies in another one: a ray from a point of it crosses that once."""
    box, around = ring.box, other.box
    if not (around.west <= box.west and box.east <= around.east and around.has(ring.points[0])):
        return False
    x, y = ring.points[0]
    crossed = 0
    for (ax, ay), (bx, by) in pairwise(_close(other.points)):
        if (ay > y) != (by > y):
            crossed += x < ax + (y - ay) / (by - ay) * (bx - ax)
    return crossed % 2 == 1


def _turn(ring: list[Point], sign: int) -> list[Point]:
    """Return a closed ring: anticlockwise for a sign of 1, as outer rings are; else clockwise."""
    closed = _close(ring)
    return closed if _measure(closed) * sign > 0 else closed[::-1]


def _measure(ring: list[Point]) -> float:
    """Return the area of a closed ring, negative if it is clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _close(ring: list[Point]) -> list[Point]:
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def _write(line: Iterable[Point]) -> list[list[float]]:
    return [[round(x, 4), round(y, 4)] for x, y in line]
