"""Maps of incidents: points where a point is known, rings near it, numbers for areas, and the rest.

A page has a picture that the server draws and a table of the same incidents; `map.js` replaces the
picture by a map to move in. Both show the same: an incident is a point only if it is known as
precisely as that, and those that are no points are counted in words.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from explorer.answers import Answers
from explorer.borders import Box, Outlines, draw_outlines
from explorer.drawing import percent
from explorer.words import label

Row = Mapping[str, Any]
MAX_LISTED = 100
"""The largest number of incidents that a table of a map lists."""
MAX_MAPPED = 1_000
"""The largest number of incidents that a map shows: the newest ones."""
WIDTH, HEIGHT = 1000, 562
"""The size of the picture, in its own units."""
_SMALLEST = 1.5
"""The smallest height of a picture, in degrees, so that it shows where in the world it is."""
_AROUND = 14.0
"""The height of a picture of a place alone, in degrees."""
_LARGEST = Box(-180, -58, 180, 84)
_TOUCHING = 0.03
"""Marks that are nearer than this share of the width are drawn as one, with a number."""

POINT_PRECISIONS = ("exact", "settlement", "near_settlement")
FACILITIES = ("neighbourhood", "facility", "base", "checkpoint", "border_crossing")
SETTLEMENTS = ("settlement", "other", "natural_feature", *FACILITIES)
"""The kinds of places whose centre is a point: the API finds incidents by it, too (`bbox`)."""

ABSENT: Mapping[str | None, str | Promise] = {
    None: gettext_lazy("%s without a known place"),
    "country": gettext_lazy("%s known by country only"),
    "admin1": gettext_lazy("%s known by first-level division only"),
    "admin2": gettext_lazy("%s known by second-level division only"),
    "admin3": gettext_lazy("%s known by third-level division only"),
    "region": gettext_lazy("%s somewhere in a region or along a line"),
    "water_or_airspace": gettext_lazy("%s at sea or in the air"),
    "": gettext_lazy("%s whose coordinates are not public or not known"),
}
"""Why incidents are not on a map, by precision; blank for those of a point."""


AREA_PRECISIONS = ("admin3", "admin2", "admin1", "region", "water_or_airspace")
"""The precisions that a map shows as a number in an area."""
_WORLD = "-180,-90,180,90"
"""The box that has every point: it leaves out incidents without one."""
_FIELDS = ("slug", "title", "date", "granularity", "precision", "point", "place.id", "place.name")
_AS_GEOJSON = {"format": "geojson", "fields": ",".join((*_FIELDS, "place.point"))}


class Site(NamedTuple):
    """Where something is shown: a point, a place near a point (`near`), or an `area`."""

    kind: str
    latitude: float
    longitude: float


class Place(NamedTuple):
    """A row of the table of a map: an incident or a location, and its site if there is one."""

    row: Row
    site: Site | None
    precision: str | None


class Mark(NamedTuple):
    """A mark of the picture."""

    x: str
    y: str
    kind: str
    number: int
    name: str
    """The name of the area."""


class Absence(NamedTuple):
    """A reason why incidents are not on a map, and where they are listed."""

    number: int
    text: str
    address: str | None


class Frame:
    """The part of the world that a picture shows: an equirectangular projection of a box."""

    def __init__(self, sites: Sequence[Site], around: Row | None = None) -> None:
        """Show all sites; if there are none, a part of the world around a point, or all of it."""
        self.box = _make_box(sites, around)

    @property
    def outlines(self) -> Outlines:
        """The paths of land and boundaries."""
        return draw_outlines(self.box, WIDTH, HEIGHT)

    @property
    def edges(self) -> str:
        """The box as data: west, south, east, north."""
        return ",".join(map(str, self.box))

    def place(self, site: Site) -> tuple[float, float]:
        """Return where a site is, as shares of the width and the height."""
        box = self.box
        x = (site.longitude - box.west) / (box.east - box.west)
        return x, (box.north - site.latitude) / (box.north - box.south)


class Map(NamedTuple):
    """What the template of a map shows."""

    kind: str
    """`incidents`, or `locations` of one incident."""
    places: list[Place]
    marks: list[Mark]
    frame: Frame
    lines: list[tuple[str, str, str, str]]
    """Lines from launch to impact, each by its ends."""
    total: int
    points: int
    absences: list[Absence]
    shown: int
    """The number of incidents that are looked at: the newest ones."""
    geojson: str | None = None
    """The address of all incidents with a point, if the table has only the first."""
    areas: str | None = None
    """The address of those that are known by area, then."""

    @property
    def absent(self) -> int:
        """The number of incidents that are not on the map."""
        return sum(absence.number for absence in self.absences)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.marks

    @property
    def is_still(self) -> bool:
        """Whether it stays a picture, because there are too many incidents."""
        return self.total > MAX_MAPPED

    @property
    def listed(self) -> list[Place]:
        """The rows of the table."""
        return self.places[:MAX_LISTED]


def map_incidents(answers: Answers, answer: Row, around: Row | None = None, **filters: Any) -> Map:
    """Return the map of a list of incidents, of which `answer` has the first, with their count."""
    places = [locate_incident(row) for row in answer["results"]]
    total = answer["count"]
    more = MAX_LISTED < total <= MAX_MAPPED
    on_points = filters if filters.keys() & {"bbox", "near"} else {**filters, "bbox": _WORLD}
    in_areas = {**filters, "precision": AREA_PRECISIONS, "centroids": "true"}
    absences = _list_absences(places, answers, filters)
    return _make_map(places, total, absences, around)._replace(
        geojson=answers.address("incidents", **on_points, **_AS_GEOJSON) if more else None,
        areas=answers.address("incidents", **in_areas, **_AS_GEOJSON) if more else None,
    )


def map_rows(answers: Answers, rows: Iterable[Row]) -> Map:
    """Return the map of some incidents alone."""
    places = [locate_incident(row) for row in rows]
    return _make_map(places, len(places), _list_absences(places, answers, None))


def locate_incident(row: Row) -> Place:
    """Return where a row of a list of incidents is."""
    return Place(row, _locate(row["place"], row["point"], row["precision"]), row["precision"])


def map_locations(document: Row) -> Map:
    """Return the map of the locations of an incident."""
    places = [
        Place(row, _locate(row["place"], row["point"], row["precision"]), row["precision"])
        for row in document["locations"]
    ]
    sites = [place.site for place in places if place.site]
    frame = Frame(sites)
    starts = [place.site for place in places if place.row["role"] == "launch" and is_point(place)]
    ends = [place.site for place in places if place.row["role"] == "impact" and is_point(place)]
    lines = [
        (*_write(frame, start), *_write(frame, end))
        for start in starts
        for end in ends
        if start and end
    ]
    marks = [
        Mark(*_write(frame, place.site), place.site.kind, 1, place.row["role"])
        for place in places
        if place.site
    ]
    points = sum(map(is_point, places))
    return Map("locations", places, marks, frame, lines, len(places), points, [], len(places))


def is_point(place: Place) -> bool:
    """Return whether a place of the table is a point of the map, or a ring."""
    return place.site is not None and place.site.kind != "area"


def _locate(place: Row | None, point: Row | None, precision: str | None) -> Site | None:
    centre = place and place["point"]
    if precision in POINT_PRECISIONS:
        as_fine = FACILITIES if precision == "exact" else SETTLEMENTS
        found = point or (centre if place and place["kind"] in as_fine else None)
        kind = "near" if precision == "near_settlement" else "point"
        return Site(kind, found["latitude"], found["longitude"]) if found else None
    if precision == "country" or not centre:
        return None
    return Site("area", centre["latitude"], centre["longitude"])


def _make_map(
    places: list[Place], total: int, absences: list[Absence], around: Row | None = None
) -> Map:
    frame = Frame([place.site for place in places if place.site], around)
    return Map(
        kind="incidents",
        places=places,
        marks=_draw_marks(frame, places),
        frame=frame,
        lines=[],
        total=total,
        points=sum(map(is_point, places)),
        absences=absences,
        shown=len(places),
    )


def _list_absences(
    places: Iterable[Place], answers: Answers, filters: Mapping[str, Any] | None
) -> list[Absence]:
    """Return why incidents are not on the map, the most frequent reason first.

    Each links to its list, if the map is one of all incidents that match filters.
    """
    numbers = Counter(
        "" if place.precision in POINT_PRECISIONS else place.precision
        for place in places
        if not is_point(place)
    )
    return [
        Absence(number, _describe(precision, number), _address(answers, filters, precision))
        for precision, number in numbers.most_common()
    ]


def _describe(precision: str | None, number: int) -> str:
    text = ABSENT.get(precision, precision)
    return str(text) % f"{number:,}"


def _address(
    answers: Answers, filters: Mapping[str, Any] | None, precision: str | None
) -> str | None:
    if filters is None or precision == "":
        return None
    more = {"without": "precision"} if precision is None else {"precision": precision}
    if more.keys() & filters.keys():
        return None
    return answers.address("incidents", **filters, **more, format="json")


def _draw_marks(frame: Frame, places: Iterable[Place]) -> list[Mark]:
    """Return the marks of a picture: those that would touch each other are one, with a number."""
    groups: list[tuple[float, float, list[Place]]] = []
    areas: dict[str, list[Place]] = {}
    for place in places:
        if place.site is None:
            continue
        if place.site.kind == "area":
            areas.setdefault(place.row["place"]["id"], []).append(place)
            continue
        x, y = frame.place(place.site)
        for at_x, at_y, members in groups:
            if math.hypot(x - at_x, (y - at_y) * HEIGHT / WIDTH) < _TOUCHING:
                members.append(place)
                break
        else:
            groups.append((x, y, [place]))
    marks = []
    for members in areas.values():
        site = members[0].site
        if site:
            name = members[0].row["place"]["name"] or gettext("no name")
            marks.append(Mark(*_write(frame, site), "area", len(members), name))
    for x, y, members in groups:
        kinds = {member.site.kind for member in members if member.site}
        kind = kinds.pop() if len(kinds) == 1 else "point"
        marks.append(Mark(percent(x), percent(y), kind, len(members), ""))
    return marks


def _write(frame: Frame, site: Site) -> tuple[str, str]:
    x, y = frame.place(site)
    return percent(x), percent(y)


def _make_box(sites: Sequence[Site], around: Row | None) -> Box:
    if not sites and around is None:
        return _fit(_LARGEST)
    least = _SMALLEST if sites else _AROUND
    corners = [(site.longitude, site.latitude) for site in sites]
    corners = corners or [(around["longitude"], around["latitude"])] if around else corners
    longitudes, latitudes = zip(*corners, strict=True)
    box = Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes)).grow(0.15)
    more = max(0.0, least - (box.north - box.south)) / 2
    box = Box(box.west - more, box.south - more, box.east + more, box.north + more)
    return _fit(box)


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


_SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
"""A number of each plural form of CLDR: languages have at most these."""


def list_words() -> dict[str, Any]:
    """Return the words of map.js; `#` is where a number or a name goes."""

    def forms(one: str, other: str) -> dict[str, str]:
        return {form: ngettext(one, other, number) % "#" for form, number in _SAMPLES.items()}

    precisions = (*POINT_PRECISIONS, *AREA_PRECISIONS, "country")
    return {
        "map": gettext("Map. The arrow keys move it, plus and minus change its scale."),
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "zoom_here": gettext("Zoom in here"),
        "close": gettext("Close"),
        "loading": gettext("Loading the incidents…"),
        "failed": gettext("The map cannot be loaded. The table has its incidents."),
        "no_date": gettext("date not known"),
        "in_area": gettext("somewhere in #"),
        "incidents": forms("%s incident", "%s incidents"),
        "near": forms("%s near a settlement", "%s near settlements"),
        "more": forms("and %s more", "and %s more"),
        "precisions": {word: label(word, "precision") for word in precisions},
    }
