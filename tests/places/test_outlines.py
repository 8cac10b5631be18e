"""Outlines of places, and the lines of maps."""

from itertools import pairwise
from typing import Any

import pytest

from editorial import merging, workflow
from editorial.models import User
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db
Ring = list[list[float]]


@pytest.fixture
def talassia(publish: Any) -> Place:
    """The invented country."""
    place = Place.objects.create(
        name="Talassia (fictional)", slug="talassia", kind="country", country="XT"
    )
    publish(place)
    return place


def measure(ring: Ring) -> float:
    """Return the area of a ring, negative if it is clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def by_kind(answer: dict[str, Any]) -> dict[tuple[str, str | None, bool], dict[str, Any]]:
    """Return the features of lines by what they are."""
    features = {}
    for feature in answer["features"]:
        about = feature["properties"]
        features[about["kind"], about["status"], about["is_fictional"]] = feature
    assert len(features) == len(answer["features"])
    return features


def test_a_place_with_an_outline_has_it_as_a_feature(api: ContractClient, talassia: Place) -> None:
    feature = api.ask("places/talassia/outline")
    assert feature == api.ask(f"places/{talassia.public_id}/outline")
    assert (feature["type"], feature["id"]) == ("Feature", str(talassia.public_id))
    assert feature["geometry"]["type"] == "MultiPolygon"
    west, south, east, north = feature["bbox"]
    points = [p for polygon in feature["geometry"]["coordinates"] for p in polygon[0]]
    assert all(west <= x <= east and south <= y <= north for x, y in points)
    assert -45 < west < east < -39
    assert 28 < south < north < 32
    assert feature["properties"] == {
        "id": str(talassia.public_id),
        "slug": "talassia",
        "name": "Talassia (fictional)",
        "kind": "country",
        "country": "XT",
        "is_fictional": True,
        "credit": "Invented for the demonstration of Muster; no such place exists",
        "licence": "Apache-2.0",
        "policy": "https://localhost/docs/borders",
    }


def test_a_place_without_an_outline_says_where_the_lines_of_maps_are(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    impostor = Place.objects.create(name="T", slug="talassia", kind="settlement", country="IQ")
    publish(iraq, impostor)
    for key in ("iraq", iraq.public_id, "talassia"):
        problem = api.ask(f"places/{key}/outline", 404)
        assert problem["type"] == "/api/v1/docs/problems/no-outline"
        assert "/api/v1/borders" in problem["detail"]


def test_the_outline_of_a_draft_is_that_of_nothing(api: ContractClient, db: None) -> None:
    Place.objects.create(name="T", slug="talassia", kind="country", country="XT")
    draft = api.ask("places/talassia/outline", 404)
    assert draft == api.ask("places/atlantis/outline", 404)
    assert draft["type"] == "/api/v1/docs/problems/not-found"
    assert not any(f["properties"]["is_fictional"] for f in api.ask("borders")["features"])


def test_the_outline_of_a_place_that_was_merged_or_withdrawn(
    api: ContractClient, talassia: Place, reviewer: User, publish: Any
) -> None:
    twin = Place.objects.create(name="Twin", slug="twin", kind="region", country="XT")
    publish(twin)
    before = api.ask("places/twin")["seq"]
    merging.merge(twin, talassia, reviewer, "One island.")
    moved = api.get("/api/v1/places/twin/outline?release=", secure=True)
    assert moved.status_code == 400
    moved = api.get("/api/v1/places/twin/outline", secure=True)
    assert (moved.status_code, moved["Location"]) == (308, "/api/v1/places/talassia/outline")
    assert moved.json()["merged_into"]["slug"] == "talassia"
    snapshot = api.ask("places/talassia/editions")["results"][0]["snapshot"]
    assert int(snapshot.split("-")[0]) < before
    workflow.withdraw(talassia, reviewer, "It does not exist.")
    assert api.ask("places/talassia/outline", 410)["detail"] == "It does not exist."
    pinned = api.ask(f"places/talassia/outline?snapshot={snapshot}")
    assert pinned["snapshot"] == snapshot
    assert not any(f["properties"]["is_fictional"] for f in api.ask("borders")["features"])
    then = api.ask(f"borders?snapshot={snapshot}")
    assert any(f["properties"]["is_fictional"] for f in then["features"])


def test_the_lines_of_maps_are_valid_polygons_and_lines(api: ContractClient, db: None) -> None:
    features = by_kind(api.ask("borders"))
    assert set(features) == {
        ("land", None, False),
        ("lake", None, False),
        ("boundary", "agreed", False),
        ("boundary", "disputed", False),
    }
    for (kind, *_), feature in features.items():
        assert "Natural Earth 4.0.0" in feature["properties"]["credit"]
        assert feature["properties"]["licence"] == "public domain"
        assert feature["properties"]["policy"] == "https://localhost/docs/borders"
        parts = feature["geometry"]["coordinates"]
        if kind == "boundary":
            assert feature["geometry"]["type"] == "MultiLineString"
            assert all(len(line) > 1 for line in parts)
            continue
        assert feature["geometry"]["type"] == "MultiPolygon"
        for outer, *holes in parts:
            for ring in (outer, *holes):
                assert ring[0] == ring[-1]
                assert len(ring) > 3
            assert measure(outer) > 0
            assert all(-measure(outer) < measure(hole) < 0 for hole in holes)
    land = features["land", None, False]["geometry"]["coordinates"]
    with_holes = [polygon for polygon in land if len(polygon) > 1]
    assert len(with_holes) == 1, "the Caspian Sea is a hole in Eurasia"


def test_a_box_cuts_the_lines_of_maps_off(api: ContractClient, talassia: Place) -> None:
    features = by_kind(api.ask("borders?bbox=42,29,49,38"))
    land = features["land", None, False]["geometry"]["coordinates"]
    for ring in (ring for polygon in land for ring in polygon):
        assert ring[0] == ring[-1]
        assert all(42 <= x <= 49 and 29 <= y <= 38 for x, y in ring)
    assert ("boundary", "agreed", False) in features
    assert not any(fictional for *_, fictional in features)
    island = by_kind(api.ask("borders?bbox=-45,28,-39,32"))
    assert set(island) == {
        ("land", None, True),
        ("boundary", "agreed", True),
        ("boundary", "disputed", True),
    }
    assert "no such place exists" in island["land", None, True]["properties"]["credit"]
    assert api.ask("borders?bbox=-30,10,-29,11")["features"] == []
    assert api.ask("borders?bbox=-180,-90,180,90") == api.ask("borders")
    sides = {
        x > 0
        for feature in api.ask("borders?bbox=175,60,-165,70")["features"]
        for polygon in feature["geometry"]["coordinates"]
        for x, _ in polygon[0]
    }
    assert sides == {True, False}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=0,50,10,40", "bbox"),
        ("bbox=0,0,nan,1", "bbox"),
        ("bbox=0,0,1,1&bbox=0,0,2,2", "bbox"),
        ("box=0,0,1,1", "box"),
        ("release=x&known_at=2020-01-01T00:00:00Z", "release"),
        ("zoom=3", "zoom"),
    ],
)
def test_invalid_parameters_of_lines_are_refused(
    api: ContractClient, query: str, parameter: str
) -> None:
    faults = api.ask(f"borders?{query}", 400)["errors"]
    assert parameter in {fault["parameter"] for fault in faults}


def test_outlines_and_lines_are_cached(api: ContractClient, talassia: Place) -> None:
    for address in ("/api/v1/places/talassia/outline", "/api/v1/borders?bbox=-45,28,-39,32"):
        answer = api.get(address, secure=True)
        assert answer["Cache-Control"] == "public, no-cache"
        again = api.get(address, secure=True, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert api.head(address, secure=True).status_code == 200
        refused = api.post(address, secure=True)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
