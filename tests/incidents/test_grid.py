"""The grid: incidents by cell of a map, and those that no map may show at a point."""

from typing import Any

import pytest

from incidents import grid
from incidents.models import Incident
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def attacks(iraq: Place, publish: Any) -> None:
    """Three incidents at points, one by its town, and four that have no public point."""
    Place.objects.filter(pk=iraq.pk).update(latitude=33, longitude=44)
    iraq.refresh_from_db()
    town = Place.objects.create(
        name="Mosul", kind="settlement", parent=iraq, country="IQ", latitude=36.34, longitude=43.13
    )
    rows: list[tuple[str, Place | None, str, str, tuple[float, float] | None]] = [
        ("exact", iraq, "exact", "exact", (36.30, 43.10)),
        ("exact too", iraq, "exact", "exact", (36.32, 43.12)),
        ("near", iraq, "near_settlement", "near_settlement", (-33.5, -70.25)),
        ("town", town, "settlement", "settlement", None),
        ("coarser", iraq, "exact", "admin1", (36.1, 43.1)),
        ("withheld", iraq, "exact", "exact", None),
        ("country", iraq, "country", "country", None),
    ]
    made = [Incident.objects.create(title="nowhere", event_type="riot")]
    for title, place, precision, public, point in rows:
        incident = Incident.objects.create(title=title, event_type="battle")
        latitude, longitude = point or (None, None)
        incident.locations.create(
            place=place,
            primary=True,
            precision=precision,
            public_precision=public,
            latitude=latitude,
            longitude=longitude,
        )
        made.append(incident)
    # A second location counts nowhere.
    made[1].locations.create(
        place=town,
        role="launch",
        precision="exact",
        public_precision="exact",
        latitude=10,
        longitude=10,
    )
    publish(iraq, town, *made)


def test_cells_and_what_is_not_on_the_map_are_all_incidents(
    api: ContractClient, attacks: None
) -> None:
    answer = api.ask("grid?zoom=4")
    assert (answer["zoom"], answer["size"]) == (4, 5.625)
    south, north = answer["cells"]
    assert south == {
        "west": -73.125,
        "south": -33.75,
        "east": -67.5,
        "north": -28.125,
        "point": {"latitude": -33.5, "longitude": -70.25},
        "incidents": 1,
        "precisions": {"exact": 0, "settlement": 0, "near_settlement": 1},
    }
    assert north["point"] == {"latitude": 36.32, "longitude": 43.116667}
    assert (north["incidents"], north["precisions"]["exact"]) == (3, 2)
    assert answer["not_on_map"] == {
        "incidents": 4,
        "without_location": 1,
        "precisions": [
            {"precision": "exact", "incidents": 1},
            {"precision": "admin1", "incidents": 1},
            {"precision": "country", "incidents": 1},
        ],
    }
    assert answer["incidents"] == api.ask("incidents?count=true")["count"] == 8
    assert answer["is_exact"]


def test_a_finer_grid_splits_cells_into_four(api: ContractClient, attacks: None) -> None:
    (cell,) = api.ask("grid?zoom=0&near=43.12,36.3&radius_km=20")["cells"]
    assert (cell["west"], cell["south"], cell["east"], cell["north"]) == (0, 0, 90, 90)
    cells = api.ask("grid?zoom=13&near=43.12,36.3&radius_km=20")["cells"]
    assert sum(each["incidents"] for each in cells) == cell["incidents"] == 3
    assert len(cells) == 3


def test_a_box_leaves_what_has_no_point_outside_of_no_map(
    api: ContractClient, attacks: None
) -> None:
    answer = api.ask("grid?bbox=40,30,50,40")
    assert [cell["incidents"] for cell in answer["cells"]] == [3]
    assert answer["not_on_map"]["incidents"] == 4
    answer = api.ask("grid?bbox=0,0,1,1&event_type=battle")
    assert answer["cells"] == []
    assert answer["not_on_map"] == api.ask("grid?event_type=battle")["not_on_map"]
    assert answer["not_on_map"]["incidents"] == 3


def test_no_precise_point_of_a_coarser_location_is_in_a_cell(
    api: ContractClient, attacks: None
) -> None:
    assert api.ask("grid?zoom=16&bbox=43.05,36.05,43.15,36.15")["cells"] == []


def test_of_very_many_matches_those_published_last_are_counted(
    api: ContractClient, attacks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_MATCHES", 3)
    answer = api.ask("grid")
    assert (answer["incidents"], answer["is_exact"]) == (3, False)
    answer = api.ask("grid?near=-70.25,-33.5")
    assert ([cell["incidents"] for cell in answer["cells"]], answer["is_exact"]) == ([1], False)


def test_a_request_may_stop_to_count_sooner(api: ContractClient, attacks: None) -> None:
    assert api.ask("grid")["is_exact"]
    answer = api.ask("grid?count_limit=3")
    assert (answer["incidents"], answer["is_exact"]) == (3, False)
    everything = {**api.ask("grid"), "is_exact": True}
    assert api.ask("grid?count_limit=1000") == everything
    (error,) = api.ask("grid?count_limit=0", 400)["errors"]
    assert error["parameter"] == "count_limit"


def test_too_many_cells_are_refused_with_advice(
    api: ContractClient, attacks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 1)
    (error,) = api.ask("grid?zoom=4", 400)["errors"]
    assert (error["code"], error["parameter"]) == ("many", "zoom")
    assert "smaller `zoom`" in error["detail"]
    assert len(api.ask("grid?zoom=4&near=-70.25,-33.5")["cells"]) == 1


def test_what_a_grid_does_not_have_is_refused(api: ContractClient, attacks: None) -> None:
    (error,) = api.ask("grid?centroids=true", 400)["errors"]
    assert "not_on_map" in error["detail"]
    assert api.ask("grid?zoom=17", 400)["errors"][0]["parameter"] == "zoom"
    assert api.ask("grid?country=XX")["cells"] == []
