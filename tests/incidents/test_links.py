"""Links between incidents."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incidents.models import Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_possible_duplicates_are_not_published(
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


def test_a_link_is_published_with_a_reference_to_the_other_incident(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    wave = Incident.objects.create(title="Wave", granularity="series")
    attack.links.create(kind="part_of", to=wave)
    publish(wave, attack)
    (row,) = api.ask(f"incidents/{attack.public_id}")["links"]
    assert (row["kind"], row["to"]["name"]) == ("part_of", "Wave")
    assert api.ask(f"incidents/{wave.public_id}")["links"] == [], "it is stored in one direction"


def test_a_link_joins_two_incidents_once(attack: Incident) -> None:
    wave = Incident.objects.create(title="Wave")
    attack.links.create(kind="part_of", to=wave)
    attack.links.create(kind="follow_up", to=wave)
    for constraint, to in (("of_two", attack), ("once", wave)):
        refused = pytest.raises(IntegrityError, match=f"incidentlink_{constraint}")
        with refused, transaction.atomic():
            attack.links.create(kind="part_of", to=to)
