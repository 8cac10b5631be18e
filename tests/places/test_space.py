"""Boxes and circles on the earth, the antimeridian and the poles included."""

import math
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.formats import JSONRenderer
from incidents.models import Incident
from places.entries import PlaceEntry
from places.filters import PlaceFilterSet
from places.models import Place
from publishing.snapshots import START
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

POINTS = {
    "Baghdad": (33.3152, 44.3661),
    "Erbil": (36.1911, 44.0092),
    "Basra": (30.5081, 47.7835),
    "Taveuni": (-16.85, 180),
    "Suva": (-18.14, 178.44),
    "Apia": (-13.83, -171.76),
    "North Pole": (90, 0),
    "Alert": (82.5, -62.35),
    "Nowhere": None,
}


@pytest.fixture
def places(publish: Any) -> None:
    """Points on both sides of the antimeridian and around a pole."""
    publish(
        *(
            Place.objects.create(
                name=name,
                kind="settlement",
                latitude=point and point[0],
                longitude=point and point[1],
            )
            for name, point in POINTS.items()
        )
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bbox=44,33,45,37", ["Baghdad", "Erbil"]),
        ("bbox=44.3661,33.3152,44.3661,33.3152", ["Baghdad"]),
        ("bbox=177,-20,180,-10", ["Suva", "Taveuni"]),
        ("bbox=177,-20,-170,-10", ["Apia", "Suva", "Taveuni"]),
        ("bbox=-180,-20,-170,-10", ["Apia", "Taveuni"]),
        ("bbox=179,-20,-179,-10", ["Taveuni"]),
        ("bbox=-180,-90,180,90", sorted(set(POINTS) - {"Nowhere"})),
        ("bbox=10,10,20,20", []),
        ("near=44.3661,33.3152", ["Baghdad"]),
        ("near=44.3661,33.3152&radius_km=322", ["Baghdad", "Erbil"]),
        ("near=44.3661,33.3152&radius_km=320", ["Baghdad"]),
        ("near=-179.99,-16.85&radius_km=200", ["Taveuni"]),
        ("near=-179.99,-16.85&radius_km=230", ["Suva", "Taveuni"]),
        ("near=120,89.99", ["North Pole"]),
        ("near=120,89.99&radius_km=0.5", []),
        ("near=0,90&radius_km=500", ["North Pole"]),
        ("near=-62,83&bbox=-63,82,-62,83&radius_km=100", ["Alert"]),
    ],
)
def test_places_are_filtered_by_their_points(
    api: ContractClient, places: None, query: str, names: list[str]
) -> None:
    assert api.names(f"places?{query}") == names


LATITUDES = st.floats(-90, 90).map(lambda number: round(number, 6))
LONGITUDES = st.floats(-180, 180).map(lambda number: round(number, 6))
EVERYWHERE = st.tuples(LATITUDES, LONGITUDES)
CLOSE = st.tuples(st.floats(-5, 5), st.floats(-5, 5))


def found(points: list[tuple[float, float]], query: str) -> set[int]:
    """Return the numbers of the points that match a query."""
    request = Request(APIRequestFactory().get(f"/api/v1/places?{query}"))
    request.accepted_renderer = JSONRenderer()  # type: ignore[attr-defined]
    with transaction.atomic():
        PlaceEntry.objects.bulk_create(
            PlaceEntry(
                seq=number,
                record=f"00000000-0000-4000-8000-{number:012}",
                edited_at="2020-01-01T00:00:00Z",
                external_ids=[],
                **PlaceEntry.make_point_columns({"latitude": latitude, "longitude": longitude}),
            )
            for number, (latitude, longitude) in enumerate(points)
        )
        filtered = PlaceFilterSet(request).filter_entries(PlaceEntry.objects.all(), START)
        numbers = set(filtered.values_list("seq", flat=True))
        transaction.set_rollback(True)
    return numbers


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance, by the angle between two vectors."""
    a, b = (
        (
            math.cos(math.radians(latitude)) * math.cos(math.radians(longitude)),
            math.cos(math.radians(latitude)) * math.sin(math.radians(longitude)),
            math.sin(math.radians(latitude)),
        )
        for latitude, longitude in (one, other)
    )
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    angle = math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))
    return 6371.0088 * angle


SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SLOW
@given(EVERYWHERE, st.floats(0.01, 500).map(lambda n: round(n, 3)), st.lists(CLOSE), st.data())
def test_near_is_the_great_circle(
    db: None,
    centre: tuple[float, float],
    radius: float,
    steps: list[tuple[float, float]],
    data: st.DataObject,
) -> None:
    latitude, longitude = centre
    points = [
        (
            round(min(max(latitude + up, -90), 90), 6),
            round((longitude + aside * (18 if abs(latitude) > 80 else 1) + 180) % 360 - 180, 6),
        )
        for up, aside in steps
    ] + data.draw(st.lists(EVERYWHERE, max_size=5))
    near = found(points, f"near={longitude:f},{latitude:f}&radius_km={radius}")
    apart = [kilometres(centre, point) for point in points]
    assert {n for n, distance in enumerate(apart) if distance < radius - 1e-5} <= near
    assert near <= {n for n, distance in enumerate(apart) if distance <= radius + 1e-5}


@SLOW
@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES, st.lists(EVERYWHERE, max_size=20))
def test_a_box_lies_between_its_meridians_and_its_parallels(
    db: None,
    west: float,
    south: float,
    east: float,
    north: float,
    points: list[tuple[float, float]],
) -> None:
    south, north = sorted((south, north))
    width = east - west if east >= west else east - west + 360
    expected = {
        number
        for number, (latitude, longitude) in enumerate(points)
        if south <= latitude <= north
        and any(west <= longitude + turn <= west + width + 1e-9 for turn in (-360, 0, 360))
    }
    assert found(points, f"bbox={west:f},{south:f},{east:f},{north:f}") == expected


HALVES = st.integers(-2, 12).map(lambda number: number / 2)


@SLOW
@given(
    st.sampled_from([-90.0, -3.0, 33.5, 84.0]),
    st.sampled_from([-180.0, -2.5, 44.0, 174.0]),
    HALVES.filter(lambda size: size >= 0),
    HALVES.filter(lambda size: size >= 0),
    st.lists(st.tuples(HALVES, HALVES), min_size=1, max_size=20),
)
def test_a_box_holds_its_edges_wherever_they_cut_a_square_degree(
    db: None,
    south: float,
    west: float,
    high: float,
    wide: float,
    steps: list[tuple[float, float]],
) -> None:
    points = [(min(max(south + up, -90), 90), west + aside) for up, aside in steps]
    expected = {
        number
        for number, (latitude, longitude) in enumerate(points)
        if south <= latitude <= south + high and west <= longitude <= west + wide
    }
    points = [(latitude, max(longitude, -180)) for latitude, longitude in points]
    outside = {number for number, (_, aside) in enumerate(steps) if west + aside < -180}
    box = f"bbox={west},{south},{west + wide},{min(south + high, 90)}"
    assert found(points, box) - outside == expected - outside


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("radius_km=5", "radius_km", "contradiction"),
        ("near=44,33&radius_km=0", "radius_km", "invalid"),
        ("near=44,33&radius_km=501", "radius_km", "invalid"),
        ("near=44,33&radius_km=nan", "radius_km", "invalid"),
        ("near=44,33&radius_km=1e2", "radius_km", "invalid"),
        ("near=44", "near", "invalid"),
        ("near=33,91", "near", "invalid"),
        ("near=181,33", "near", "invalid"),
        ("near=nan,inf", "near", "invalid"),
        ("near=44,33,1", "near", "invalid"),
        ("near=٤٤,33", "near", "invalid"),
        ("near=44,33&near=45,33", "near", "repeated"),
        ("bbox=", "bbox", "empty"),
        ("bbox=1,2,3", "bbox", "invalid"),
        ("bbox=1,2,3,4,5", "bbox", "invalid"),
        ("bbox=1,5,3,4", "bbox", "invalid"),
        ("bbox=1,-91,3,4", "bbox", "invalid"),
        ("bbox=-181,0,3,4", "bbox", "invalid"),
        ("bbox=1, 2,3,4", "bbox", "invalid"),
        ("bbox=1,2,3,1e1", "bbox", "invalid"),
        ("bbox=1,2,3," + "4" * 400, "bbox", "invalid"),
    ],
)
@pytest.mark.parametrize("resource", ["places", "incidents"])
def test_invalid_boxes_and_points_are_refused(
    api: ContractClient, resource: str, query: str, parameter: str, code: str
) -> None:
    (fault,) = api.ask(f"{resource}?{query}", 400)["errors"]
    assert (fault["parameter"], fault["code"]) == (parameter, code)


@pytest.fixture
def incidents(iraq: Place, publish: Any) -> None:
    """One incident for each way to state its primary location."""
    Place.objects.filter(pk=iraq.pk).update(latitude=33, longitude=44)
    iraq.refresh_from_db()
    town = Place.objects.create(
        name="Town", kind="settlement", parent=iraq, latitude=35, longitude=44
    )
    made = []
    for precision, place in [
        ("exact", town),
        ("settlement", town),
        ("near_settlement", town),
        ("near_settlement", iraq),
        ("admin1", iraq),
        ("country", iraq),
    ]:
        title = precision if place == town or precision != "near_settlement" else "somewhere"
        incident = Incident.objects.create(title=title)
        incident.locations.create(
            place=place,
            primary=True,
            precision="exact",
            public_precision=precision,
            latitude=36,
            longitude=45,
        )
        made.append(incident)
    made.append(Incident.objects.create(title="nowhere"))
    publish(iraq, town, *made)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("near=45,36", {"exact"}),
        ("near=44,35", {"settlement", "near_settlement"}),
        ("near=44,33", set()),
        ("near=44,33&centroids=true", {"somewhere", "admin1", "country"}),
        ("near=45,36&centroids=true", {"exact"}),
        ("bbox=43.9,32.9,44.1,33.1&centroids=true", {"somewhere", "admin1", "country"}),
        (
            "bbox=-180,-90,180,90&centroids=true",
            {"exact", "settlement", "near_settlement", "somewhere", "admin1", "country"},
        ),
        ("bbox=43,32,46,37", {"exact", "settlement", "near_settlement"}),
        ("bbox=43,32,46,37&precision_min=settlement", {"exact", "settlement"}),
        ("precision_min=exact", {"exact"}),
        (
            "precision_min=admin1",
            {"exact", "settlement", "near_settlement", "somewhere", "admin1"},
        ),
    ],
)
def test_an_incident_is_where_its_public_point_or_else_its_town_is(
    api: ContractClient, incidents: None, query: str, titles: set[str]
) -> None:
    assert set(api.names(f"incidents?{query}")) == titles
