"""The filters by several actors of one incident: all of them, or two on opposite sides."""

from typing import Any

import pytest

from actors.models import Actor
from editorial import merging
from editorial.models import User
from incidents.models import Incident
from tests.actors.test_scopes import make_affiliation
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def found(api: ContractClient, query: str) -> set[str]:
    """Return the titles of the incidents that a query finds, by its pages and by its count."""
    names = api.names(f"incidents?{query}&limit=2")
    assert api.ask(f"incidents?{query}&count=true")["count"] == len(names)
    return set(names)


def fight(title: str, *rows: tuple[Actor, str, str], **columns: str) -> Incident:
    """Make an incident with actors, each in a role and on a side."""
    incident = Incident.objects.create(title=title, date="2016-05-05")
    for actor, role, side in rows:
        incident.involvements.create(actor=actor, role=role, side=side, **columns)
    return incident


@pytest.fixture
def cast(publish: Any) -> dict[str, Actor]:
    """Three actors; the brigade is a member of the army."""
    actors = {
        name: Actor.objects.create(name=name, slug=name, kind="armed_organisation")
        for name in ("army", "rebels", "brigade")
    }
    tie = make_affiliation(actors["brigade"], "member_of", actors["army"], "2015-01-01")
    publish(*actors.values(), tie)
    return actors


def test_all_of_several_actors_took_part(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    army, rebels, brigade = cast.values()
    publish(
        fight("alone", (army, "perpetrator", "none")),
        fight(
            "both",
            (army, "perpetrator", "none"),
            (rebels, "mediator", "none"),
            certainty="possible",
        ),
        fight("below", (brigade, "party", "a"), (rebels, "party", "b")),
        fight("ruled out", (army, "party", "a"), (rebels, "party", "b"), certainty="ruled_out"),
    )
    assert found(api, "participant_all=army") == {"alone", "both"}
    assert found(api, "participant_all=army&participant_all=rebels") == {"both"}
    query = "participant_all=army&participant_all=rebels&participant_all_scope=members"
    assert found(api, query) == {"both", "below"}
    below = api.ask(f"incidents?{query}&explain=true&participant=brigade")["results"][0]
    explained = [(row["actor"]["name"], len(row["path"])) for row in below["explanation"]]
    assert explained == [("brigade", 1), ("rebels", 0)]
    assert found(api, f"{query}&dates=certain") == {"both", "below"}
    assert found(api, f"{query}&scope_at=2014") == {"both"}
    assert found(api, f"{query}&participant=brigade") == {"below"}
    assert found(api, "participant_all=army&participant_all=rebels&certainty_min=probable") == set()
    answer = api.ask("incidents?participant_all=army&participant_all=nobody")
    assert (answer["results"], len(answer["warnings"])) == ([], 1)
    statistics = api.ask("statistics?group_by=year&participant_all=army&participant_all=rebels")
    assert statistics["total"] == 1


def test_two_actors_on_opposite_sides(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    army, rebels, brigade = cast.values()
    publish(
        fight("attack", (army, "co_perpetrator", "none"), (rebels, "victim", "none")),
        fight("revenge", (rebels, "perpetrator", "a"), (army, "target", "b")),
        fight("sides", (army, "party", "a"), (rebels, "defender", "b")),
        fight("allies", (army, "party", "a"), (rebels, "party", "a")),
        fight("no sides", (army, "party", "none"), (rebels, "party", "none")),
        fight("together", (army, "perpetrator", "none"), (rebels, "perpetrator", "none")),
        fight("below", (brigade, "party", "a"), (rebels, "party", "b")),
        fight("within", (brigade, "party", "a"), (army, "party", "b")),
        fight("turncoat", (army, "party", "a"), (army, "party", "b")),
    )
    expected = {"attack", "revenge", "sides"}
    assert found(api, "dyad=army&dyad=rebels") == expected
    assert found(api, "dyad=rebels&dyad=army") == expected
    assert found(api, "dyad=army&dyad=rebels&dyad_scope=members") == {*expected, "below"}
    assert found(api, "dyad=army&dyad=brigade") == {"within"}
    assert found(api, "dyad=army&dyad=rebels&violence=one_sided") == set()
    assert found(api, "dyad=army&dyad=nobody") == set()


def test_a_merged_actor_counts_in_a_dyad(
    api: ContractClient, cast: dict[str, Actor], publish: Any, reviewer: User
) -> None:
    army, rebels, _ = cast.values()
    publish(fight("sides", (army, "party", "a"), (rebels, "party", "b")))
    other = Actor.objects.create(name="Other", slug="other", kind="armed_organisation")
    publish(other)
    merging.merge(other, rebels, reviewer, "One group.")
    assert found(api, f"dyad=army&dyad={other.public_id}") == {"sides"}
    assert found(api, "participant_all=army&participant_all=other") == {"sides"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("dyad=army", "too_few"),
        ("dyad=army&dyad=rebels&dyad=brigade", "too_many"),
        ("dyad=army&dyad=army", "contradiction"),
    ],
)
def test_a_dyad_is_of_two_actors(
    api: ContractClient, cast: dict[str, Actor], query: str, code: str
) -> None:
    (fault,) = api.ask(f"incidents?{query}", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == (code, "dyad")


def test_the_ids_of_a_draft_and_of_nothing_are_answered_alike(
    api: ContractClient, cast: dict[str, Actor]
) -> None:
    draft = Actor.objects.create(name="Draft", slug="draft", kind="armed_organisation")
    nothing = "00000000-0000-4000-8000-00000000abcd"
    for name in ("dyad", "participant_all"):
        answers = [
            api.ask(f"incidents?{name}=army&{name}={key}") for key in (draft.public_id, nothing)
        ]
        assert answers[0] == answers[1]


def test_all_actors_that_a_state_supports_in_one_way(
    api: ContractClient, cast: dict[str, Actor], publish: Any
) -> None:
    army, rebels, brigade = cast.values()
    state = Actor.objects.create(name="state", slug="state", kind="state")
    sponsored = make_affiliation(army, "sponsored_by", state, "2010-01-01")
    sponsored.support.create(type="weapons", start="2016", start_kind="actual", end="2016")
    publish(state, sponsored)
    publish(
        fight("by the army", (army, "perpetrator", "none")),
        fight("by a brigade", (brigade, "perpetrator", "none")),
        fight("by rebels", (rebels, "perpetrator", "none")),
    )
    query = "perpetrator=state&perpetrator_scope=sponsored"
    assert found(api, f"{query}&sponsor_support_type=weapons") == {"by the army", "by a brigade"}
    assert found(api, f"{query}&sponsor_support_type=funding") == set()
    (fault,) = api.ask("incidents?sponsor_support_type=weapons", 400)["errors"]
    assert fault["code"] == "contradiction"
