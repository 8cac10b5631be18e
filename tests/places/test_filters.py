"""The filters of places by their own properties."""

import json
from typing import Any

import pytest

from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(iraq: Place, publish: Any) -> None:
    """Iraq and a town in it, with a name that has other forms."""
    town = Place.objects.create(
        name="Al-Qāʾim", kind="settlement", parent=iraq, country="IQ", latitude=34, longitude=41
    )
    iraq.external_ids.create(scheme="wikidata", value="Q796")
    publish(iraq, town)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=country", ["Iraq"]),
        ("kind=country&kind=settlement", ["Al-Qāʾim", "Iraq"]),
        ("name=IRAQ", ["Iraq"]),
        ("name=al-qa%CA%BEim", ["Al-Qāʾim"]),
        ("name=Ira", []),
        ("external_id=wikidata:Q796", ["Iraq"]),
        ("external_id=wikidata:Q7", []),
        ("country=IQ&kind=settlement", ["Al-Qāʾim"]),
        ("within=iraq", ["Al-Qāʾim", "Iraq"]),
        ("bbox=40,33,42,35", ["Al-Qāʾim"]),
        ("near=41,34.01", ["Al-Qāʾim"]),
    ],
)
def test_places_are_found(api: ContractClient, places: None, query: str, names: list[str]) -> None:
    assert api.names(f"places?{query}") == names


def test_centroids_of_geojson(api: ContractClient, places: None) -> None:
    def features(query: str) -> list[Any]:
        response: Any = api.get(f"/api/v1/places?format=geojson&{query}", secure=True)
        text = b"".join(response.streaming_content)
        return [feature["geometry"] for feature in json.loads(text)["features"]]

    assert None not in features("kind=settlement")
    assert features("kind=settlement&centroids=false") == [None]


@pytest.mark.parametrize(
    "query",
    ["kind=town", "name=", "name=%21", "external_id=Q796", "within=A%20B", "centroids=false"],
)
def test_invalid_values_are_refused(api: ContractClient, places: None, query: str) -> None:
    (fault,) = api.ask(f"places?{query}", 400)["errors"]
    assert fault["parameter"] == query.split("=")[0]
