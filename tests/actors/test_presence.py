"""Presences of actors."""

from typing import Any

import pytest

from actors.models import Actor
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_a_presence_references_its_place(
    api: ContractClient, kataib: Actor, iraq: Place, publish: Any
) -> None:
    kataib.presences.create(place=iraq, kind="territorial_control", control="partial")
    publish(kataib, iraq)
    (row,) = api.ask("actors/kataib")["presences"]
    assert (row["place"]["name"], row["kind"], row["control"]) == (
        "Iraq",
        "territorial_control",
        "partial",
    )
