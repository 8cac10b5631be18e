"""Maps of incidents: points where a point is known, rings near it, numbers for areas, and the rest.

A page has a picture that the server draws and a table of incidents; `map.js` replaces the picture
by a map to move in. Both show the same: an incident is a point only if it is known as precisely as
that, and those that are no points are counted in words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from api.problems import Problem
from explorer.answers import MAX_COUNTED, Answers
from publishing.countries import list_country_names
from publishing.presentation.frames import POINT_PRECISIONS, Frame, Mark, Site, locate
from publishing.presentation.words import label

Row = Mapping[str, Any]
MAX_LISTED = 100
"""The largest number of incidents that the table of a map lists: the newest ones."""
MAX_LOADED = 2_000
"""The largest number of incidents that map.js loads; of more, it loads the numbers by cell."""
ZOOM, COARSE_ZOOM = 9, 4
"""The zoom of the grid of a picture, and that of one with too many cells."""

AREA_PRECISIONS = ("admin3", "admin2", "admin1", "region", "water_or_airspace")
"""The precisions that a map shows as a number in an area."""
_ABSENT: Mapping[str | None, str | Promise] = {
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
_WORLD = "-180,-90,180,90"
"""The box that has every point: it leaves out incidents without one."""
_FIELDS = ("slug", "title", "date", "granularity", "precision", "point", "place.id", "place.name")
_AS_GEOJSON = {"format": "geojson", "fields": ",".join((*_FIELDS, "place.point"))}


class Place(NamedTuple):
    """A row of the table of a map: an incident or a location, and its site if there is one."""

    row: Row
    site: Site | None

    @property
    def is_point(self) -> bool:
        """Whether it is a point of the map, or a ring."""
        return self.site is not None and self.site.kind != "area"


class Absence(NamedTuple):
    """A reason why incidents are not on a map, and the page that lists them, without a pin."""

    number: int
    text: str
    address: str | None


class Map(NamedTuple):
    """What the template of a map shows."""

    kind: str
    """`incidents`, or `locations` of one incident."""
    places: list[Place]
    """The rows of the table."""
    frame: Frame
    marks: list[Mark]
    lines: list[tuple[str, str, str, str]]
    """Lines from launch to impact, each by its ends."""
    total: int
    points: int
    absences: list[Absence]
    is_exact: bool = True
    """Whether these are all incidents that match."""
    addresses: Mapping[str, str] = {}
    """Where map.js reads what the table lacks."""

    @property
    def absent(self) -> int:
        """The number of incidents that are no points of the map."""
        return sum(absence.number for absence in self.absences)


def map_incidents(
    answers: Answers, rows: Sequence[Row], around: Row | None = None, **filters: Any
) -> Map:
    """Return the map of all incidents that match filters, of which `rows` are the newest.

    Without incidents on it, it shows a part of the world around a point.
    """
    grid = _read_grid(answers, filters)
    total = grid["incidents"]
    places = [Place(row, locate(row)) for row in rows[:MAX_LISTED]]
    whole = len(places) == total
    sites = _list_sites(places) if whole else [_make_site(cell) for cell in grid["cells"]]
    centre = (around["longitude"], around["latitude"]) if around else None
    frame = Frame(sites, centre)
    return Map(
        kind="incidents",
        places=places,
        frame=frame,
        marks=_draw(frame, sites),
        lines=[],
        total=total,
        points=sum(cell["incidents"] for cell in grid["cells"]),
        absences=_list_absences(_count_absent(grid), filters),
        is_exact=grid["is_exact"],
        addresses={} if whole else _list_addresses(answers, total, filters),
    )


def map_rows(rows: Iterable[Row]) -> Map:
    """Return the map of some incidents alone."""
    places = [Place(row, locate(row)) for row in rows]
    sites = _list_sites(places)
    frame = Frame(sites)
    absent = Counter(
        "" if place.row["precision"] in POINT_PRECISIONS else place.row["precision"]
        for place in places
        if not place.is_point
    )
    return Map(
        kind="incidents",
        places=places,
        frame=frame,
        marks=_draw(frame, sites),
        lines=[],
        total=len(places),
        points=sum(place.is_point for place in places),
        absences=_list_absences(absent, None),
    )


def map_locations(document: Row) -> Map | None:
    """Return the map of the locations of an incident; None if none of them can be drawn."""
    places = [
        Place(row, site and site._replace(name=label(row["role"], "location_role")))
        for row in document["locations"]
        for site in [locate(row)]
    ]
    sites = [place.site for place in places if place.site]
    if not sites:
        return None
    frame = Frame(sites)
    by_role: dict[str, list[Site]] = {}
    for place in places:
        if place.site and place.is_point:
            by_role.setdefault(place.row["role"], []).append(place.site)
    lines = [
        (*frame.write(start), *frame.write(end))
        for start in by_role.get("launch", [])
        for end in by_role.get("impact", [])
    ]
    points = sum(place.is_point for place in places)
    return Map("locations", places, frame, frame.draw(sites), lines, len(places), points, [])


def _list_sites(places: Iterable[Place]) -> list[Site]:
    """Return the sites of incidents: each point, and each area once with its number."""
    sites = [place.site for place in places if place.site]
    areas = Counter(site for site in sites if site.kind == "area")
    points = [site for site in sites if site.kind != "area"]
    return [*(site._replace(number=number) for site, number in areas.items()), *points]


def _make_site(cell: Row) -> Site:
    """Return the site of a cell of a grid: a ring if all of its incidents are."""
    is_near = cell["precisions"]["near_settlement"] == cell["incidents"]
    point = cell["point"]
    kind = "near" if is_near else "point"
    return Site(kind, point["latitude"], point["longitude"], cell["incidents"])


def _draw(frame: Frame, sites: Sequence[Site]) -> list[Mark]:
    areas = [site for site in sites if site.kind == "area"]
    return frame.draw([*areas, *frame.merge(site for site in sites if site.kind != "area")])


def _read_grid(answers: Answers, filters: Mapping[str, Any]) -> Row:
    try:
        return answers.get("grid", **filters, zoom=ZOOM, count_limit=MAX_COUNTED)
    except Problem as problem:
        if not any(fault.parameter == "zoom" for fault in problem.faults):
            raise
        return answers.get("grid", **filters, zoom=COARSE_ZOOM, count_limit=MAX_COUNTED)


def _count_absent(grid: Row) -> Counter[str | None]:
    """Return the numbers of incidents without a point by precision, blank for those of a point."""
    absent = grid["not_on_map"]
    numbers: Counter[str | None] = Counter()
    for row in absent["precisions"]:
        word = row["precision"]
        numbers["" if word in POINT_PRECISIONS else word] += row["incidents"]
    if absent["without_location"]:
        numbers[None] = absent["without_location"]
    return numbers


def _list_absences(
    numbers: Counter[str | None], filters: Mapping[str, Any] | None
) -> list[Absence]:
    """Return why incidents are no points of a map, the most frequent reason first.

    Each links to its list, if the map is one of all incidents that match filters.
    """
    return [
        Absence(
            number,
            str(_ABSENT.get(precision, precision)) % f"{number:,}",
            None if filters is None else _make_address(filters, precision),
        )
        for precision, number in numbers.most_common()
    ]


def _make_address(filters: Mapping[str, Any], precision: str | None) -> str | None:
    """Return the page of the incidents of a precision today, if there are filters for them."""
    if precision == "" or filters.keys() & {"precision", "without", "bbox", "near"}:
        return None
    more = {"without": "precision"} if precision is None else {"precision": precision}
    return f"/explore?{urlencode({**filters, **more}, doseq=True)}"


def _list_addresses(answers: Answers, total: int, filters: Mapping[str, Any]) -> dict[str, str]:
    """Return where map.js reads the incidents of a map, or their numbers if they are too many."""
    if total > MAX_LOADED:
        list_filters = {**filters, "limit": MAX_LISTED}
        return {
            "grid": answers.address("grid", **filters),
            "list": answers.address("incidents", **list_filters),
        }
    is_boxed = bool(filters.keys() & {"bbox", "near"})
    on_points = filters if is_boxed else {**filters, "bbox": _WORLD}
    addresses = {"points": answers.address("incidents", **on_points, **_AS_GEOJSON)}
    if not is_boxed and "precision" not in filters:
        in_areas = {**filters, "precision": AREA_PRECISIONS, "centroids": "true"}
        addresses["areas"] = answers.address("incidents", **in_areas, **_AS_GEOJSON)
    return addresses


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
        "busy": gettext("The incidents cannot be loaded now. Move the map to try again."),
        "no_date": gettext("date not known"),
        "in_area": gettext("somewhere in this area"),
        "incidents": forms("%s incident", "%s incidents"),
        "near": forms("%s near a settlement", "%s near settlements"),
        "more": forms("and %s more", "and %s more"),
        "countries": list_country_names(get_language() or "en"),
        "precisions": {word: label(word, "precision") for word in precisions},
    }
