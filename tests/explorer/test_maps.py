"""Maps: what is a point, what is not and why, and the picture that the server draws."""

import re
from typing import Any

import pytest

from explorer import maps
from incidents.codes import POINT_PRECISIONS, Precision
from incidents.models import Incident
from places.models import Place
from publishing.models import Edition
from publishing.presentation.borders import (
    Box,
    clip_line,
    clip_ring,
    draw_outlines,
    read_labels,
    read_layers,
)
from publishing.presentation.frames import Frame, Site
from tests.contract.client import API, ContractClient
from tests.explorer.conftest import Reader


@pytest.fixture
def mapped(publish: Any, iraq: Place) -> Place:
    """Publish incidents of every precision in one division: a point only where one is known."""
    anbar = Place.objects.create(
        name="الأنبار",
        slug="anbar",
        kind="admin1",
        country="IQ",
        admin1="IQ-AN",
        parent=iraq,
        latitude="33",
        longitude="42",
    )
    hit = Place.objects.create(
        name="Hit",
        slug="hit",
        kind="settlement",
        country="IQ",
        parent=anbar,
        latitude="33.64",
        longitude="42.83",
    )
    base = Place.objects.create(
        name="K-1",
        slug="k-1",
        kind="base",
        country="IQ",
        parent=hit,
        latitude="33.66",
        longitude="42.85",
    )
    iraq.latitude, iraq.longitude = "33", "44"  # type: ignore[assignment]
    iraq.save()
    wanted: list[tuple[str, Place | None, tuple[str, str] | None]] = [
        *((word, anbar, None) for word in Precision.values if word not in POINT_PRECISIONS),
        ("exact", hit, ("33.641", "42.831")),
        ("exact", hit, None),
        ("exact", base, None),
        ("settlement", hit, None),
        ("settlement", hit, ("33.64", "42.83")),
        ("near_settlement", hit, None),
        ("near_settlement", None, None),
    ]
    made = [Incident.objects.create(title="nowhere", date="2020")]
    for number, (precision, place, point) in enumerate(wanted):
        incident = Incident.objects.create(title=f"{precision} {number}", date="2020-21")
        latitude, longitude = point or (None, None)
        incident.locations.create(
            place=iraq if precision == "country" else place,
            primary=True,
            precision=precision,
            public_precision=precision,
            latitude=latitude,
            longitude=longitude,
        )
        made.append(incident)
    publish(iraq, anbar, hit, base)
    publish(*made)
    return iraq


def read_kinds(page: str) -> list[tuple[str, str]]:
    """Return the precision in the title of each row of the table of a map, and how it is shown."""
    table = page[page.index('<details class="map-table">') :]
    rows = re.findall(r"<tr(?: data-kind=\"(\w+)\")?[^>]*> <th scope.*?<bdi>(.*?)</bdi>", table)
    return sorted((title.split(" ")[0], kind) for kind, title in rows)


def test_a_map_has_points_only_where_they_are_known(
    reader: Reader, api: ContractClient, mapped: Place
) -> None:
    kinds = read_kinds(reader.read("/places/iraq"))
    assert kinds == [
        ("admin1", "area"),
        ("admin2", "area"),
        ("admin3", "area"),
        ("country", ""),
        ("exact", ""),
        ("exact", "point"),
        ("exact", "point"),
        ("near_settlement", "near"),
        ("region", "area"),
        ("settlement", "point"),
        ("settlement", "point"),
        ("water_or_airspace", "area"),
    ]
    world = f"{API}incidents?place=iraq&bbox=-180,-90,180,90&count=true"
    points = sum(kind in ("point", "near") for _, kind in kinds)
    assert api.get(world, secure=True).json()["count"] == points == 5


def test_points_and_the_box_add_up_to_the_count(reader: Reader, mapped: Place) -> None:
    page = reader.read("/places/iraq")
    assert 'data-total="12" data-point-count="5" data-absent="7"' in page
    assert "<strong>5</strong> of 12 incidents are points on this map." in page
    box = page[page.index('<div class="map-absent">') : page.index('<details class="map-table">')]
    reasons = re.findall(r"(?:>)(\d+) (known|whose|somewhere|at sea|without)", box)
    assert sum(int(number) for number, _ in reasons) == 7
    assert "1 known by country only" in box
    assert "1 whose coordinates are not public or not known" in box
    address = re.search(r'href="([^"]+)">1 known by country only', box)
    assert address
    assert address[1].startswith("/explore?place=")
    assert "country 4" in reader.read(address[1].replace("&amp;", "&"))
    pinned = reader.read(f"/places/iraq?snapshot={Edition.objects.newest_snapshot()}")
    assert "&amp;precision=country&amp;snapshot=" in pinned


def test_a_map_of_many_incidents_has_the_same_numbers(
    reader: Reader, mapped: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maps, "MAX_LISTED", 3)
    few = reader.read("/places/iraq")
    assert 'data-total="12" data-point-count="5" data-absent="7"' in few
    assert len(read_kinds(few)) == 3, "the table has the newest"
    assert 'data-points="/api/v1/incidents?' in few
    assert 'data-areas="/api/v1/incidents?' in few
    assert few.count('class="cluster"') == 1
    assert '<text class="number" text-anchor="middle" y="4">5</text>' in few
    monkeypatch.setattr(maps, "MAX_LOADED", 3)
    many = reader.read("/places/iraq")
    assert 'data-total="12" data-point-count="5" data-absent="7"' in many
    assert 'data-grid="/api/v1/grid?' in many
    assert "data-points" not in many


def test_a_picture_of_too_many_cells_is_coarser(
    reader: Reader, mapped: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.grid.MAX_CELLS", 1)
    assert 'data-point-count="5"' in reader.read("/places/iraq")


def test_the_picture_draws_points_rings_and_names(reader: Reader, mapped: Place) -> None:
    page = reader.read("/places/iraq")
    picture = page[page.index('<svg class="locator"') : page.index("<figcaption>")]
    assert 'aria-labelledby="map-title"' in picture
    assert picture.count('class="cluster"') == 1, "marks that would touch are one"
    assert '<tspan class="number">5</tspan> الأنبار' in picture
    assert "style=" not in picture
    assert '<path class="boundary disputed" stroke-dasharray' in picture


def test_the_invented_island_is_drawn_while_fictional_records_are_public(
    reader: Reader, mapped: Place, publish: Any
) -> None:
    far = Place.objects.create(
        name="Tarnhouse (fictional)",
        slug="tarnhouse",
        kind="settlement",
        country="XT",
        latitude="30.2",
        longitude="-42.05",
    )
    incident = Incident.objects.create(title="Fire", slug="xtt-2020-aaaa", date="2020")
    location = {"precision": "settlement", "public_precision": "settlement"}
    incident.locations.create(place=far, primary=True, **location)
    publish(far, incident)
    notice = "The outline and the boundaries of Talassia are fictional."
    addresses = ("/places/tarnhouse", "/incidents/xtt-2020-aaaa", "/explore?view=map&country=XT")
    before = [reader.read(address) for address in addresses]
    incident.tags = ["fictional"]
    incident.save()
    publish(incident)
    for address, sea in zip(addresses, before, strict=True):
        island = reader.read(address)
        for page, number in ((sea, 0), (island, 1)):
            assert page.count(" data-island ") == page.count(notice) == number
            assert page.count('<path class="land"') == 1 + number
            assert page.count(">Talassia (fictional)</text>") == number
        assert island.count('<path class="boundary disputed" stroke-dasharray="4 4" d="M') == 1
    elsewhere = reader.read("/places/iraq")
    assert elsewhere.count('<path class="land"') == 1, "nothing of it is in the picture"
    assert " data-island " in elsewhere, "the map to move in reaches it"
    drawn = reader.get("/explore.svg?view=map&country=XT").content.decode()
    assert "Talassia (fictional)" in drawn
    assert re.search(r'stroke-dasharray="4 4" d="M', drawn)


def test_the_home_page_maps_what_it_lists(reader: Reader, mapped: Place) -> None:
    page = reader.read("/")
    assert 'data-total="10"' in page


def test_an_incident_is_drawn_as_precisely_as_it_is_known(
    reader: Reader, mapped: Place, publish: Any
) -> None:
    attack = Incident.objects.create(title="Rockets", slug="irq-2020-aaaa", date="2020")
    hit, base = Place.objects.get(slug="hit"), Place.objects.get(slug="k-1")
    for role, place, precision in (
        ("impact", base, "exact"),
        ("launch", hit, "near_settlement"),
        ("intercept", mapped, "country"),
    ):
        attack.locations.create(
            role=role,
            place=place,
            primary=role == "impact",
            precision=precision,
            public_precision=precision,
        )
    publish(attack)
    page = reader.read("/incidents/irq-2020-aaaa")
    picture = page[page.index('<svg class="locator"') : page.index("<figcaption>")]
    assert picture.count('class="flight"') == 1
    assert picture.count('class="near"') == picture.count('class="point"') == 1
    assert ">launch</text>" in picture
    assert "intercept" not in picture
    assert (
        'data-kind="near" data-latitude="33.64" data-longitude="42.83" data-role="launch"' in page
    )


def test_an_incident_at_no_known_place_has_no_map(reader: Reader, mapped: Place) -> None:
    incident = Incident.objects.get(title="nowhere")
    assert '<figure class="map"' not in reader.read(f"/incidents/{incident.slug}")


def test_the_outlines_are_complete() -> None:
    layers = read_layers()
    assert list(layers) == ["land", "lakes", "boundaries", "disputed"]
    assert all(layers.values())
    assert {"IQ", "SY", "XK"} <= {label.code for label in read_labels()}
    around_cyprus = draw_outlines(Box(32, 34, 35, 36), 1000, 562)
    assert around_cyprus.land.startswith("M")
    assert around_cyprus.disputed, "the line across the island is dashed"
    assert around_cyprus.boundaries == ""


def test_a_picture_of_nothing_shows_the_world_or_a_part_of_it() -> None:
    world = Frame([])
    assert world.box.west <= -180
    assert world.box.east >= 180
    around = Frame([], (43.7, 33.0))
    assert "Iraq" in [name for _, _, name in around.labels]
    assert around.box.north - around.box.south == pytest.approx(14, abs=0.01)


def test_marks_that_would_touch_are_one() -> None:
    sites = [
        *(Site("near", 33, 44, 2), Site("near", 33.001, 44.001)),
        *(Site("point", 34, 44), Site("near", 34.001, 44)),
        Site("near", 30, 40),
    ]
    frame = Frame(sites)
    merged = sorted(frame.merge(sites), key=lambda site: site.latitude)
    assert [(site.kind, site.number) for site in merged] == [("near", 1), ("near", 3), ("point", 2)]


def test_lines_are_clipped_to_a_box() -> None:
    box = Box(0, 0, 10, 10)
    square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0), (-5.0, -5.0)]
    clipped = clip_ring(square, box)
    assert set(clipped) == {(0, 0), (5.0, 0), (5.0, 5.0), (0, 5.0)}
    assert clip_ring([(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)], box) == []
    line = [(-2.0, 1.0), (-1.0, 1.0), (1.0, 1.0), (20.0, 1.0), (30.0, 1.0)]
    assert list(clip_line(line, box)) == [[(-1.0, 1.0), (1.0, 1.0), (20.0, 1.0)]]
