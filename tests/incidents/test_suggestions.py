"""Suggestions: the names that begin with what somebody has typed, best first."""

from typing import Any

import pytest

from actors.models import Actor
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def names(api: ContractClient, query: str) -> list[str]:
    """Return the names of the suggestions."""
    return [suggestion["name"] for suggestion in api.ask(f"suggest?{query}")["results"]]


def make_actor(name: str, *others: str, **columns: Any) -> Actor:
    """Return an actor with other names."""
    actor = Actor.objects.create(name=name, kind="armed_organisation", **columns)
    for other in others:
        actor.names.create(text=other, kind="official")
    return actor


def make_attack(date: str | None, *actors: Actor, **columns: Any) -> Incident:
    """Return an incident with some actors."""
    attack = Incident.objects.create(title="Attack", date=date or "", event_type="battle")
    for actor in actors:
        attack.involvements.create(role="perpetrator", actor=actor, certainty="confirmed")
    return attack


def test_a_word_of_a_name_begins_with_the_letters(api: ContractClient, publish: Any) -> None:
    publish(
        make_actor("Igbo"),
        make_actor("Hausa"),
        make_actor("Government of Iraq"),
        make_actor("Government of Syria"),
        make_actor("Hezbollah"),
        make_actor("Kataib Hezbollah"),
    )
    assert names(api, "q=gov&type=actor") == ["Government of Iraq", "Government of Syria"]
    assert names(api, "q=hez&type=actor") == ["Hezbollah", "Kataib Hezbollah"]
    assert names(api, "q=h&limit=1") == ["Hausa"]
    assert names(api, "q=of i") == ["Government of Iraq"]
    assert names(api, "q=government%20&limit=1") == ["Government of Iraq"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ح", "حزب الله"),
        ("حز", "حزب الله"),
        ("الله", "حزب الله"),
        ("که", "اهل الكهف"),  # a final h would be read as another letter than that within a word
        ("حشد", "الحشد الشعبي"),
        ("سپ", "سپاه پاسداران"),
        ("پێش", "پێشمەرگە"),
        ("חיז", "חיזבאללה"),
        ("хиз", "Хизбалла"),
        ("haş", "Haşd-i Şabi"),
        ("sab", "Haşd-i Şabi"),
        ("p.k", "PKK"),
    ],
)
def test_every_script_is_compared_as_in_searches(
    api: ContractClient, publish: Any, typed: str, name: str
) -> None:
    publish(make_actor("Zzyzx", name))
    (suggestion,) = api.ask(f"suggest?q={typed}&type=actor")["results"]
    assert (suggestion["name"], suggestion["matched_name"]) == ("Zzyzx", name)
