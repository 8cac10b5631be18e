"""Locations of incidents."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.models import Incident, IncidentLocation
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_coordinates_are_published_only_at_public_precision_exact(
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
