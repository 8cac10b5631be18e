"""The pictures of maps: which part of the world they show, and where its marks are."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext

from publishing.countries import list_country_names
from publishing.presentation.borders import (
    Box,
    Label,
    Outlines,
    draw_outlines,
    read_island_labels,
    read_labels,
)

WIDTH, HEIGHT = 1000, 562
"""The size of a picture, in its own units."""
_SMALLEST = 1.5
"""The smallest height of a picture, in degrees, so that it shows where in the world it is."""
_AROUND = 14.0
"""The height of a picture without marks, around a point."""
_LARGEST = Box(-180, -58, 180, 84)
_TOUCHING = 0.035
"""Marks that are nearer than this share of the width are drawn as one, with a number."""

_LABELLED = 0.08
"""The least width of a country with a name, as a share of the width."""

POINT_PRECISIONS = ("exact", "settlement", "near_settlement")
_FACILITIES = ("neighbourhood", "facility", "base", "checkpoint", "border_crossing")
_SETTLEMENTS = ("settlement", "other", "natural_feature", *_FACILITIES)
"""The kinds of places whose centre is a point: the API finds incidents by it, too (`bbox`)."""


class Site(NamedTuple):
    """Where one or several incidents are shown."""

    kind: str
    """A `point`, `near` one, or an `area`."""
    latitude: float
    longitude: float
    number: int = 1
    name: str = ""
    """What is written at it."""


def locate(row: Mapping[str, Any]) -> Site | None:
    """Return where an incident of a list, or a location of one, is shown."""
    place, precision = row["place"], row["precision"]
    centre = place and place["point"]
    if precision in POINT_PRECISIONS:
        as_fine = _FACILITIES if precision == "exact" else _SETTLEMENTS
        point = row["point"] or (centre if place and place["kind"] in as_fine else None)
        kind = "near" if precision == "near_settlement" else "point"
        return Site(kind, point["latitude"], point["longitude"]) if point else None
    if precision == "country" or not centre:
        return None
    name = place["name"] or gettext("no name")
    return Site("area", centre["latitude"], centre["longitude"], name=name)


class Mark(NamedTuple):
    """A mark of a picture."""

    x: str
    y: str
    kind: str
    number: int
    name: str


class Frame:
    """The part of the world that a picture shows: an equirectangular projection of a box."""

    def __init__(self, sites: Sequence[Site], around: tuple[float, float] | None = None) -> None:
        """Show all sites; if there are none, a part of the world around a point, or all of it."""
        self.box = _make_box(sites, around)

    @property
    def outlines(self) -> Outlines:
        """The paths of land and boundaries."""
        return draw_outlines(self.box, WIDTH, HEIGHT)

    @property
    def island(self) -> Outlines:
        """The paths of the invented island, for pages with fictional records only."""
        return draw_outlines(self.box, WIDTH, HEIGHT, island=True)

    @property
    def labels(self) -> list[tuple[str, str, str]]:
        """The names of countries that are wide enough for them, and their places."""
        return self._write_labels(read_labels())

    @property
    def island_labels(self) -> list[tuple[str, str, str]]:
        """The name of the invented island, if it is wide enough for it, and its place."""
        return self._write_labels(read_island_labels())

    def _write_labels(self, labels: Iterable[Label]) -> list[tuple[str, str, str]]:
        names = list_country_names(get_language() or "en")
        least = _LABELLED * (self.box.east - self.box.west)
        return [
            (*self.write(Site("area", label.point[1], label.point[0])), names[label.code])
            for label in labels
            if label.width > least and self.box.has(label.point) and label.code in names
        ]

    @property
    def edges(self) -> str:
        """The box as data: west, south, east, north."""
        return ",".join(map(str, self.box))

    @property
    def bbox(self) -> str:
        """The box as the API takes it."""
        west, south, east, north = self.box
        bounds = max(west, -180), max(south, -90), min(east, 180), min(north, 90)
        return ",".join(f"{degrees:.4f}" for degrees in bounds)

    def place(self, site: Site) -> tuple[float, float]:
        """Return where a site is, as shares of the width and the height."""
        box = self.box
        x = (site.longitude - box.west) / (box.east - box.west)
        return x, (box.north - site.latitude) / (box.north - box.south)

    def write(self, site: Site) -> tuple[str, str]:
        """Return where a site is, as SVG writes it."""
        x, y = self.place(site)
        return percent(x), percent(y)

    def draw(self, sites: Iterable[Site]) -> list[Mark]:
        """Return a mark for each site."""
        return [Mark(*self.write(site), site.kind, site.number, site.name) for site in sites]

    def merge(self, sites: Iterable[Site]) -> list[Site]:
        """Return sites of points such that no two would touch each other."""
        cells: dict[tuple[int, int], list[Site]] = {}
        for site in sites:
            x, y = self.place(site)
            cell = int(x / _TOUCHING), int(y * HEIGHT / WIDTH / _TOUCHING)
            cells.setdefault(cell, []).append(site)
        groups: list[list[Site]] = []
        centres: list[tuple[float, float]] = []
        for members in cells.values():  # so that few are compared with each other
            x, y = self.place(_join(members))
            for at, (other_x, other_y) in enumerate(centres):
                if math.hypot(x - other_x, (y - other_y) * HEIGHT / WIDTH) < _TOUCHING:
                    groups[at] += members
                    centres[at] = self.place(_join(groups[at]))
                    break
            else:
                groups.append(members)
                centres.append((x, y))
        return [_join(members) for members in groups]


def percent(share: float) -> str:
    """Return a share of the width as SVG writes it, in every language."""
    return f"{100 * share:.2f}%"


def _join(sites: Sequence[Site]) -> Site:
    """Return one site for several: at their mean, and a ring only if all of them are."""
    number = sum(site.number for site in sites)
    return Site(
        "near" if all(site.kind == "near" for site in sites) else "point",
        sum(site.latitude * site.number for site in sites) / number,
        sum(site.longitude * site.number for site in sites) / number,
        number,
    )


def _make_box(sites: Sequence[Site], around: tuple[float, float] | None) -> Box:
    corners = [(site.longitude, site.latitude) for site in sites] or ([around] if around else [])
    if not corners:
        return _fit(_LARGEST)
    longitudes, latitudes = zip(*corners, strict=True)
    box = Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes)).grow(0.15)
    more = max(0.0, (_SMALLEST if sites else _AROUND) - (box.north - box.south)) / 2
    return _fit(Box(box.west - more, box.south - more, box.east + more, box.north + more))


def _fit(box: Box) -> Box:
    """Return the smallest box around a box that has the shape of the picture."""
    middle = (box.south + box.north) / 2
    shape = WIDTH / HEIGHT / math.cos(math.radians(middle))
    width = max(box.east - box.west, (box.north - box.south) * shape)
    height = width / shape
    centre = (box.west + box.east) / 2
    return Box(
        *(round(edge, 3) for edge in (centre - width / 2, middle - height / 2)),
        *(round(edge, 3) for edge in (centre + width / 2, middle + height / 2)),
    )
