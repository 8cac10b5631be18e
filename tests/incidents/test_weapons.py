"""Weapons of incidents."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from incidents.models import Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_a_weapon_is_published(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    attack.weapons.create(
        weapon="rocket",
        designation="Fajr-1",
        calibre_mm="107",
        count_low=30,
        count_best=31,
        intercepted_best=0,
        launch_platform="truck",
        origin="IR",
        supplier=kataib,
    )
    publish(kataib, attack)
    (row,) = api.ask(f"incidents/{attack.public_id}")["weapons"]
    assert row["calibre_mm"] == 107
    assert row["count"] == {"low": 30, "best": 31, "high": None}
    assert row["intercepted"] == {"low": None, "best": 0, "high": None}
    assert (row["supplier"]["slug"], row["frequency"]) == ("kataib", "unknown")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"weapon": "catapult"}, "check"),
        ({"calibre_mm": 0}, "weaponuse_calibre_positive"),
        ({"origin": "ir"}, "weaponuse_origin_code"),
        ({"count_low": 3, "count_best": 2}, "weaponuse_count_in_order"),
        ({"count_low": 3, "count_high": 2}, "weaponuse_count_in_order"),
        ({"intercepted_best": 3, "intercepted_high": 2}, "weaponuse_intercepted_in_order"),
        ({"frequency": "rarely"}, "check"),
    ],
)
def test_the_database_refuses_invalid_weapons(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.weapons.create(**columns)
