"""What it was done with, and what snapshots an incident."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from actors.models import Actor
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def attack(db: None) -> Incident:
    """An incident of one day."""
    return Incident.objects.create(title="Attack", date="2019-12-27")


def test_a_use_of_a_weapon_is_told_whole(
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
    (told,) = api.ask(f"incidents/{attack.public_id}")["weapons"]
    assert told["calibre_mm"] == 107
    assert told["count"] == {"low": 30, "best": 31, "high": None}
    assert told["intercepted"] == {"low": None, "best": 0, "high": None}
    assert (told["supplier"]["slug"], told["frequency"]) == ("kataib", "unknown")


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
def test_the_database_refuses_what_one_use_cannot_say(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.weapons.create(**columns)


def test_what_snapshots_an_incident_is_told(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    bare = Incident.objects.create(title="Bare")
    attack.local_time, attack.motives = time(19, 20), ["political", "ethnic"]
    attack.civilians_targeted, attack.suicide = False, True
    attack.property_damage, attack.tags = "minor", ["oil_and_gas"]
    attack.full_clean()
    attack.save()
    publish(attack, bare)
    told = api.ask(f"incidents/{attack.public_id}")
    assert (told["local_time"], told["motives"]) == ("19:20:00", ["ethnic", "political"])
    assert (told["civilians_targeted"], told["suicide"]) == (False, True)
    assert (told["property_damage"], told["tags"]) == ("minor", ["oil_and_gas"])
    told = api.ask(f"incidents/{bare.public_id}")
    assert (told["local_time"], told["motives"], told["tags"]) == (None, ["unknown"], [])
    assert (told["civilians_targeted"], told["property_damage"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"motives": []}, "incident_motives_known_or_not"),
        ({"motives": ["unknown", "ethnic"]}, "incident_motives_known_or_not"),
        ({"motives": ["boredom"]}, "check"),
        ({"tags": ["boredom"]}, "check"),
        ({"property_damage": "some"}, "check"),
        ({"date": "2019-12", "local_time": "12:00"}, "incident_time_of_one_day"),
    ],
)
def test_the_database_refuses_what_one_incident_cannot_say(
    columns: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Incident.objects.create(title="x", **columns)


def test_words_are_refused_by_raw_sql_and_by_forms(attack: Incident) -> None:
    with (
        pytest.raises(IntegrityError, match="motives"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE incidents_incident SET motives = '{revenge}'")
    attack.motives = ["revenge"]
    with pytest.raises(ValidationError, match="revenge"):
        attack.full_clean()


def test_what_is_undated_has_no_time_of_day() -> None:
    assert Incident.objects.create(title="x", local_time="12:00").local_time is None


def test_motives_tags_and_times_can_be_redacted(
    attack: Incident, publish: Any, reviewer: User
) -> None:
    attack.local_time, attack.motives, attack.tags = time(19, 20), ["ethnic"], ["siege"]
    attack.save()
    publish(attack)
    redact(attack, reviewer, "Wrong.", fields=["motives", "tags", "date"])
    attack.refresh_from_db()
    assert (attack.motives, attack.tags, attack.local_time) == (["unknown"], [], None)
    newest = attack.edition
    assert newest
    assert newest.document
    assert '"motives":["unknown"],' in newest.document
    assert '"local_time":null' in newest.document


def test_possible_duplicates_stay_at_the_desk(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    other = Incident.objects.create(title="The same?")
    attack.possible_duplicates.create(of=other, note="The same base.")
    publish(attack)  # although the other one is not public
    assert str(other.public_id) not in str(api.ask(f"incidents/{attack.public_id}"))
    for constraint, of in (("of_two", attack), ("once", other)):
        refused = pytest.raises(IntegrityError, match=f"possibleduplicate_{constraint}")
        with refused, transaction.atomic():
            attack.possible_duplicates.create(of=of)
