"""Attributes of actors."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_attributes_are_published_with_their_days(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    for kind, value in (("ideology", "Khomeinism"), ("sect", "Shia"), ("activity", "policing")):
        kataib.attributes.create(kind=kind, value=value, start="2007", start_kind="first_cited")
    publish(kataib)
    rows = api.ask("actors/kataib")["attributes"]
    assert [(row["kind"], row["value"]) for row in rows] == [
        ("activity", "policing"),
        ("ideology", "Khomeinism"),
        ("sect", "Shia"),
    ]
    assert rows[0]["validity"]["start"] == "2007"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("activity", "gardening"), ("target_focus", "the moon"), ("nationality", "Iraqi")],
)
def test_an_activity_a_target_focus_and_a_nationality_have_fixed_values(
    kataib: Actor, kind: str, value: str
) -> None:
    with pytest.raises(IntegrityError, match="actorattribute"), transaction.atomic():
        kataib.attributes.create(kind=kind, value=value)


def test_only_individuals_have_nationalities(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    man = Actor.objects.create(name="A man", slug="man", kind="individual")
    for code in ("IQ", "IR"):
        man.attributes.create(kind="nationality", value=code)
    publish(man)
    assert [row["value"] for row in api.ask("actors/man")["attributes"]] == ["IQ", "IR"]
    with pytest.raises(ValidationError, match="Only individuals have a nationality"):
        kataib.attributes.model(actor=kataib, kind="nationality", value="IQ").full_clean()
