"""Targets of incidents: the objects that were hit or aimed at."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Incident
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_a_target_is_published(
    api: ContractClient, attack: Incident, iraq: Place, publish: Any
) -> None:
    base = Place.objects.create(name="K-1", kind="base", parent=iraq, country="IQ")
    attack.target_objects.create(
        type="military", name="K-1 air base", place=base, nationality="US", hit=True
    )
    publish(iraq, base, attack)
    (row,) = api.ask(f"incidents/{attack.public_id}")["target_objects"]
    assert (row["type"], row["name"], row["nationality"]) == ("military", "K-1 air base", "US")
    assert row["place"]["name"] == "K-1"
    assert (row["hit"], row["intended"]) == (True, None)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [({"type": "castle"}, "check"), ({"nationality": "us"}, "target_nationality_code")],
)
def test_the_database_refuses_invalid_targets(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.target_objects.create(**columns)
