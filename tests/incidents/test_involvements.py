"""Involvements of actors in incidents."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from incidents.models import Incident, Involvement
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_incidents_are_found_by_the_role_of_an_actor(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    roles = ("perpetrator", "co_perpetrator", "target", "victim", "supporter")
    incidents = []
    for role in roles:
        incident = Incident.objects.create(title=role)
        Involvement.objects.create(incident=incident, role=role, actor=kataib)
        incidents.append(incident)
    publish(kataib, *incidents)
    assert set(api.names("incidents?perpetrator=kataib")) == {"perpetrator", "co_perpetrator"}
    assert api.names("incidents?target=kataib") == ["target"]
    assert api.names(f"incidents?victim={kataib.public_id}") == ["victim"]
    assert api.names("incidents?victim=pmf&victim=kataib") == ["victim"]
    assert api.names("incidents?perpetrator=kataib&target=kataib") == []


def test_ruled_out_and_rejected_involvements_are_published_but_not_found(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    incident = Incident.objects.create(title="Denied", event_type="battle")
    Involvement.objects.create(
        incident=incident, role="perpetrator", actor=kataib, certainty="ruled_out"
    )
    Involvement.objects.create(
        incident=incident, role="target", actor=kataib, assessment="rejected", note="A forgery."
    )
    Involvement.objects.create(
        incident=incident, role="victim", actor=kataib, assessment="disputed", note="Doubts."
    )
    publish(kataib, incident)
    document = api.ask(f"incidents/{incident.public_id}")
    assert len(document["involvements"]) == 3
    assert (document["perpetrators"], document["targets"]) == ([], [])
    assert [victim["name"] for victim in document["victims"]] == [kataib.name]
    assert api.names("incidents?perpetrator=kataib") == api.names("incidents?target=kataib") == []
    assert api.names("incidents?victim=kataib") == ["Denied"]


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"role": "bystander", "label": "x"}, "check"),
        ({"role": "target"}, "involvement_actor_or_label"),
        ({"role": "target", "label": "x", "assessment": "disputed"}, "dispute_has_note"),
    ],
)
def test_the_database_refuses_invalid_involvements(
    columns: dict[str, str], constraint: str
) -> None:
    incident = Incident.objects.create(title="x")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Involvement.objects.create(incident=incident, **columns)
