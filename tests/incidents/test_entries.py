"""Index entries of incidents: what is computed from their documents."""

from itertools import permutations
from typing import Any

import pytest

from actors.models import Actor
from incidents.entries import IncidentActorEntry, make_actor_columns
from incidents.models import Incident
from tests.contract.client import ContractClient


def make_involvement(certainty: str, **columns: Any) -> dict[str, Any]:
    """Return an involvement of one actor as a document has it."""
    return {
        "role": "perpetrator",
        "actor": {"id": "a", "kind": "unit"},
        "certainty": certainty,
        "assessment": "accepted",
        "side": "none",
    } | columns


@pytest.mark.parametrize("certainties", list(permutations(["suspected", "probable", "possible"])))
def test_an_actor_has_its_best_certainty_in_each_role(certainties: tuple[str, ...]) -> None:
    involvements = [make_involvement(certainty) for certainty in certainties]
    involvements += [make_involvement("suspected", role="supporter")]
    involvements += [make_involvement("ruled_out"), make_involvement("confirmed", actor=None)]
    involvements += [make_involvement("confirmed", assessment="rejected")]
    rows = list(make_actor_columns({"involvements": involvements, "statements": []}))
    assert [(row["role"], row["certainty"]) for row in rows] == [
        ("perpetrator", 2),
        ("supporter", 4),
    ]


def test_an_actor_on_both_sides_has_none() -> None:
    for sides, side in ((["a", "a"], "a"), (["a", "b"], "none"), (["b", "a", "b"], "none")):
        involvements = [make_involvement("confirmed", side=side) for side in sides]
        (row,) = make_actor_columns({"involvements": involvements, "statements": []})
        assert row["side"] == side


@pytest.mark.django_db
@pytest.mark.parametrize("certainties", list(permutations(["suspected", "confirmed"])))
def test_the_best_certainty_decides_what_a_filter_finds(
    api: ContractClient, kataib: Actor, publish: Any, certainties: tuple[str, ...]
) -> None:
    attack = Incident.objects.create(title="Attack")
    for certainty in certainties:
        attack.involvements.create(role="perpetrator", actor=kataib, certainty=certainty)
    publish(kataib, attack)
    assert IncidentActorEntry.objects.get().certainty == 1
    assert api.names("incidents?perpetrator=kataib&certainty_min=confirmed") == ["Attack"]
