"""Locations of incidents."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.codes import Precision
from incidents.models import Incident, IncidentLocation
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("public", Precision.values)
@pytest.mark.parametrize("known", Precision.values)
def test_coordinates_are_public_only_where_a_point_was_not_made_coarser(
    known: str, public: str
) -> None:
    shown = known == public and known in ("exact", "settlement", "near_settlement")
    row = IncidentLocation(precision=known, public_precision=public)
    assert row.has_public_point == shown


@pytest.mark.parametrize("public", Precision.values[1:])
def test_no_answer_shows_coordinates_that_an_editor_made_coarser(
    api: ContractClient, iraq: Place, publish: Any, public: str
) -> None:
    incident = Incident.objects.create(title="Coarse")
    place = {"place": iraq, "primary": True, "precision": "exact", "public_precision": public}
    incident.locations.create(**place, latitude="36.123456", longitude="43.654321")
    publish(iraq, incident)
    around = "near=43.654321,36.123456&radius_km=500&centroids=true"
    assert api.names(f"incidents?{around}") == []
    assert api.names("incidents?bbox=-180,-90,180,90&centroids=true") == []
    for query in ("", "format=csv", "format=ndjson&detail=true", "format=geojson&centroids=true"):
        response: Any = api.get(f"/api/v1/incidents?{query}", secure=True)
        text = (response.getvalue() if response.streaming else response.content).decode()
        assert "Coarse" in text
        assert "36.1234" not in text
    Place.objects.filter(pk=iraq.pk).update(latitude=33, longitude=44)
    iraq.refresh_from_db()
    publish(iraq)
    assert api.names("incidents?bbox=43,32,45,34&centroids=true") == ["Coarse"]


def test_the_point_of_an_incident_stands_beside_its_precision(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    incident = Incident.objects.create(title="Near Mosul")
    near = {"precision": "near_settlement", "public_precision": "near_settlement"}
    incident.locations.create(place=iraq, primary=True, latitude=36.34, longitude=43.13, **near)
    nowhere = Incident.objects.create(title="Nowhere")
    publish(iraq, incident, nowhere)
    (summary,) = api.ask("incidents?near=43.13,36.34")["results"]
    assert summary["point"] == {"latitude": 36.34, "longitude": 43.13}
    assert summary["precision"] == "near_settlement"
    assert api.ask(f"incidents/{nowhere.public_id}")["precision"] is None


def test_coordinates_are_published_at_public_precision_exact(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    document = {}
    for public in ("exact", "country"):
        incident = Incident.objects.create(title=public)
        IncidentLocation.objects.create(
            incident=incident,
            place=iraq,
            primary=True,
            precision="exact",
            public_precision=public,
            latitude="33.312805",
            longitude="44.361488",
        )
        publish(*([iraq] if public == "exact" else []), incident)
        document[public] = api.ask(f"incidents/{incident.public_id}")
    assert document["exact"]["point"] == {"latitude": 33.312805, "longitude": 44.361488}
    assert document["country"]["point"] is None
    assert document["country"]["locations"][0]["point"] is None
    assert document["country"]["locations"][0]["precision"] == "country"
    assert document["country"]["place"]["country"] == "IQ"


def test_a_place_finer_than_the_public_precision_is_refused(iraq: Place) -> None:
    base = Place.objects.create(name="A base", kind="base", parent=iraq)
    location = IncidentLocation(
        incident=Incident.objects.create(title="x"),
        place=base,
        precision="exact",
        public_precision="country",
    )
    with pytest.raises(ValidationError, match="finer than the public precision"):
        location.full_clean()
    location.place, location.private_place = iraq, base
    location.full_clean()
    location.precision, location.public_precision = "country", "exact"
    with pytest.raises(ValidationError, match="cannot be finer than the precision"):
        location.full_clean()
    with pytest.raises(IntegrityError, match="public_no_finer"), transaction.atomic():
        location.save()
