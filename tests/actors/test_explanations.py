"""Explanations: by which path of affiliations a scope has found a result, and when."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from tests.actors.test_scopes import attack, make_affiliation, umbrella, valid_between
from tests.contract.client import API, ContractClient

__all__ = ["umbrella"]
pytestmark = pytest.mark.django_db


def explain(api: ContractClient, address: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the explanations of the results of a page, in short, by title or name."""
    return {
        result.get("title") or result.get("name") or result["kind"]: [
            (
                each["parameter"],
                each["actor"]["name"],
                [
                    f"{link['subject']['name']} {link['kind']} {link['object']['name']}"
                    for link in each["path"]
                ],
                "certain" if each["is_certain"] else "possible",
            )
            for each in result["explanation"]
        ]
        for result in api.ask(f"{address}&explain=true")["results"]
    }


def test_each_incident_says_which_actor_counts_by_which_path(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    member = "kataib member_of pmf"
    hidden = ["facade facade_of kataib", member]
    assert explain(api, "incidents?perpetrator=pmf&perpetrator_scope=all") == {
        "during": [("perpetrator", "kataib", [member], "certain")],
        "astride": [("perpetrator", "kataib", [member], "possible")],
        "undated": [("perpetrator", "kataib", [member], "possible")],
        "hidden": [("perpetrator", "facade", hidden, "certain")],
        "own": [("perpetrator", "pmf", [], "certain")],
    }
    sponsored = "pmf sponsored_by iran"
    found = explain(api, "incidents?participant=iran&participant_scope=sponsored&scope_at=2017")
    assert found["hidden"] == [("participant", "facade", [*hidden, sponsored], "certain")]
    assert found["during"] == [
        ("participant", "iran", [], "certain"),
        ("participant", "kataib", [member, sponsored], "certain"),
    ]
    (result,) = api.ask(
        "incidents?perpetrator=pmf&perpetrator_scope=all&explain=true&q=hidden&limit=1"
    )["results"]
    (explanation,) = result["explanation"]
    assert explanation["possible"] == [{"first": "2016-01-01", "last": "2018-12-31"}]
    assert explanation["certain"] == [{"first": "2016-01-01", "last": "2018-12-31"}]
    assert explanation["actor"]["slug"] == "facade"


def test_only_a_path_that_holds_on_the_day_explains_a_result(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any
) -> None:
    kataib, pmf, facade = (umbrella[name] for name in ("kataib", "pmf", "facade"))
    publish(make_affiliation(facade, "member_of", pmf, "2020-01-01"))
    publish(attack("later", "2021-05-05", perpetrator=facade, target=kataib))
    found = explain(api, "incidents?perpetrator=pmf&perpetrator_scope=all")
    assert found["later"] == [("perpetrator", "facade", ["facade member_of pmf"], "certain")]
    assert [link for _, _, path, _ in found["hidden"] for link in path] == [
        "facade facade_of kataib",
        "kataib member_of pmf",
    ]


def test_each_of_several_actors_is_explained(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any
) -> None:
    publish(attack("clash", "2017-05-05", perpetrator=umbrella["facade"], target=umbrella["iran"]))
    found = explain(api, "incidents?dyad=kataib&dyad=iran&dyad_scope=facade")
    assert sorted(found["clash"]) == [
        ("dyad", "facade", ["facade facade_of kataib"], "certain"),
        ("dyad", "iran", [], "certain"),
    ]
    query = "participant_all=kataib&participant_all=iran&participant_all_scope=facade"
    assert [row[0] for row in explain(api, f"incidents?{query}")["clash"]] == [
        "participant_all",
        "participant_all",
    ]


def test_support_and_statements_are_explained(
    api: ContractClient, umbrella: dict[str, Actor], publish: Any
) -> None:
    claimed = attack("claimed", "2017-05-05")
    claim = claimed.statements.create(kind="claim", speaker=umbrella["facade"])
    claim.responsible.create(actor=umbrella["facade"])
    publish(claimed)
    found = explain(api, "incidents?claimed_by=kataib&claimed_by_scope=facade")
    assert found == {"claimed": [("claimed_by", "facade", ["facade facade_of kataib"], "certain")]}


def test_actors_and_affiliations_are_explained(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    found = explain(api, "actors?affiliated_to=pmf&affiliated_to_scope=members&at=2017")
    assert found == {
        "facade": [("affiliated_to", "kataib", ["kataib member_of pmf"], "certain")],
        "kataib": [("affiliated_to", "pmf", [], "certain")],
    }
    found = explain(api, "affiliations?object=pmf&object_scope=members&at=2017")
    assert found == {
        "facade_of": [("object", "kataib", ["kataib member_of pmf"], "certain")],
        "member_of": [("object", "pmf", [], "certain")],
    }


def test_explanations_are_null_unless_requested(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    for path in ("incidents", "actors", "affiliations"):
        assert api.ask(f"{path}?limit=1")["results"][0]["explanation"] is None
    assert "explanation" not in api.ask("places?limit=1")
    (result,) = api.ask(
        "incidents/documents?perpetrator=pmf&perpetrator_scope=all&limit=1&explain=true"
    )["results"]
    assert result["explanation"][0]["actor"]["name"] == "pmf"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "perpetrator=pmf",
        "perpetrator=pmf&perpetrator_scope=self",
        "perpetrator=pmf&perpetrator_scope=all&format=ndjson",
    ],
)
def test_explanations_need_a_scope_and_a_page(
    api: ContractClient, umbrella: dict[str, Actor], query: str
) -> None:
    (fault,) = api.ask(f"incidents?{query}&explain=true", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("contradiction", "explain")


def test_the_number_of_queries_does_not_grow_with_the_results(
    api: ContractClient, umbrella: dict[str, Actor]
) -> None:
    address = f"{API}incidents?perpetrator=pmf&perpetrator_scope=all&explain=true"
    counts = []
    for limit in (1, 100):
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{address}&limit={limit}", secure=True).status_code == 200
        counts.append(len(queries))
    assert counts == [8, 8]


def test_an_actor_on_two_paths_counts_by_the_certain_one(api: ContractClient, publish: Any) -> None:
    top, left, right, low = (
        Actor.objects.create(name=name, slug=name, kind="coalition", **valid_between("2000-01-01"))
        for name in ("top", "left", "right", "low")
    )
    publish(
        top,
        left,
        right,
        low,
        make_affiliation(left, "member_of", top, "2010-01-01"),
        make_affiliation(low, "member_of", left, "2010?"),
        make_affiliation(right, "member_of", top, "2010-01-01"),
        make_affiliation(low, "member_of", right, "2010-01-01"),
        attack("attack", "2015-05-05", perpetrator=low),
    )
    found = explain(api, "incidents?perpetrator=top&perpetrator_scope=members")
    path = ["low member_of right", "right member_of top"]
    assert found == {"attack": [("perpetrator", "low", path, "certain")]}
