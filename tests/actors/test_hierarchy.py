"""Hierarchies: all chains from an actor up to its roots, on a day."""

from itertools import pairwise
from typing import Any

import pytest

from actors import hierarchy
from actors.models import Actor, Affiliation
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def chains(publish: Any) -> dict[str, Actor]:
    """A cell in a brigade; the brigade in a group and in another one; both in an umbrella."""
    kinds = {"person": "individual", "state": "state"}
    actors = {
        name: Actor.objects.create(
            name=name.title(), slug=name, kind=kinds.get(name, "armed_organisation")
        )
        for name in ("cell", "brigade", "north", "south", "umbrella", "person", "state", "brand")
    }
    rows: list[tuple[str, str, str, str, str]] = [
        ("cell", "subordinate_of", "brigade", "2014", "2016"),
        ("brigade", "member_of", "north", "2014", "2015-06"),
        ("brigade", "member_of", "south", "2015-06", "2018"),
        ("north", "member_of", "umbrella", "2013", "2020"),
        ("umbrella", "sponsored_by", "state", "2013", "2020"),
        ("brand", "facade_of", "south", "2016", "2017"),
    ]
    made = [
        Affiliation.objects.create(
            subject=actors[subject],
            kind=kind,
            object=actors[above],
            start=start,
            start_kind="actual",
            end=end,
            end_kind="actual",
        )
        for subject, kind, above, start, end in rows
    ]
    publish(*actors.values(), *made)
    return actors


def names(api: ContractClient, query: str) -> list[tuple[str, bool]]:
    """Return the names up each chain, and whether it is certain."""
    answer = api.ask(f"hierarchy?{query}")
    return [
        (" ".join(link["object"]["slug"] for link in chain["links"]), chain["is_certain"])
        for chain in answer["chains"]
    ]


def test_all_chains_on_a_day_lead_to_roots(api: ContractClient, chains: Any) -> None:
    assert names(api, "actor=cell&at=2014-12-31") == [("brigade north umbrella", True)]
    assert names(api, "actor=cell&at=2014-12-30") == [("brigade north umbrella", False)]
    assert names(api, "actor=cell&at=2015-06-15") == [
        ("brigade south", False),
        ("brigade north umbrella", False),
    ]
    assert names(api, "actor=cell&at=2015-06") == [
        ("brigade south", True),
        ("brigade north umbrella", True),
    ]
    assert names(api, "actor=cell&at=2015-12-01") == [("brigade south", True)]
    assert names(api, "actor=brigade&at=2017") == [("south", True)]
    assert names(api, "actor=umbrella&at=2015") == []


def test_a_chain_says_when_it_holds_and_by_which_affiliations(
    api: ContractClient, chains: Any
) -> None:
    days = api.ask("hierarchy?actor=cell&at=2015-06")["days"]
    assert days == {"first": "2015-06-01", "last": "2015-06-30"}
    answer = api.ask("hierarchy?actor=cell&at=2015-06-15")
    assert answer["actor"]["name"] == "Cell"
    _, chain = answer["chains"]
    assert chain["root"]["slug"] == "umbrella"
    assert [(link["kind"], link["is_certain"]) for link in chain["links"]] == [
        ("subordinate_of", True),
        ("member_of", False),
        ("member_of", True),
    ]
    for link in chain["links"]:
        document = api.ask(f"affiliations/{link['affiliation']}")
        assert document["subject"]["id"] == link["subject"]["id"]
        assert document["object"]["id"] == link["object"]["id"]
    assert chain["possible"] == [{"first": "2014-01-01", "last": "2015-06-30"}]
    assert chain["certain"] == [{"first": "2014-12-31", "last": "2015-06-01"}]


def test_the_scope_chooses_the_kinds_and_sponsored_ends_at_a_sponsor(
    api: ContractClient, chains: Any
) -> None:
    assert names(api, "actor=cell&at=2014-12-31&scope=command") == [("brigade", True)]
    assert names(api, "actor=cell&at=2014-12-31&scope=members") == []
    assert names(api, "actor=cell&at=2014-12-31&scope=sponsored") == [
        ("brigade north umbrella state", True)
    ]
    assert names(api, "actor=brand&at=2016-12-31&scope=facade") == [("south", True)]
    assert names(api, "actor=brand&at=2016-12-31&scope=sponsored") == []


def test_without_a_day_it_is_that_of_the_snapshot(
    api: ContractClient, chains: Any, publish: Any
) -> None:
    answer = api.ask("hierarchy?actor=cell")
    assert answer["days"]["first"] == answer["days"]["last"]
    assert answer["chains"] == []
    person, umbrella = chains["person"], chains["umbrella"]
    leads = Affiliation.objects.create(subject=person, kind="leader_of", object=umbrella)
    member = Affiliation.objects.create(subject=person, kind="member_of", object=umbrella)
    publish(leads, member)
    assert names(api, "actor=person") == [("umbrella", False)]
    assert names(api, f"actor=person&snapshot={answer['snapshot']}") == []


def test_an_actor_that_is_not_public_gives_a_warning(api: ContractClient, chains: Any) -> None:
    answer = api.ask("hierarchy?actor=nobody")
    assert (answer["actor"], answer["chains"]) == (None, [])
    assert [warning["parameter"] for warning in answer["warnings"]] == ["actor"]
    assert api.ask("hierarchy", 400)["errors"][0]["code"] == "missing"
    assert api.ask("hierarchy?actor=cell&scope=self", 400)["errors"][0]["parameter"] == "scope"


def test_many_chains_are_cut_off(
    api: ContractClient, chains: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hierarchy, "MAX_CHAINS", 1)
    answer = api.ask("hierarchy?actor=cell&at=2015-06")
    assert (len(answer["chains"]), answer["truncated"]) == (1, True)


def test_the_number_of_statements_does_not_grow_with_the_chains(
    api: ContractClient, chains: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):
        api.ask("hierarchy?actor=cell&at=2015-06")


def test_a_search_for_chains_that_leads_nowhere_ends(
    api: ContractClient, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many paths up, none of which ends at a sponsor: 3 ** 6 of them."""
    monkeypatch.setattr(hierarchy, "MAX_STEPS", 200)
    levels = [
        [
            Actor.objects.create(
                name=f"L{level}-{place}", slug=f"l{level}-{place}", kind="armed_organisation"
            )
            for place in range(3)
        ]
        for level in range(7)
    ]
    made = [
        Affiliation.objects.create(subject=below, kind="member_of", object=above)
        for lower, upper in pairwise(levels)
        for below in lower
        for above in upper
    ]
    publish(*(actor for level in levels for actor in level), *made)
    answer = api.ask("hierarchy?actor=l0-0&scope=sponsored")
    assert (answer["chains"], answer["truncated"]) == ([], True)
    answer = api.ask("hierarchy?actor=l3-0&scope=members")
    assert (len(answer["chains"]), answer["truncated"]) == (27, False)
