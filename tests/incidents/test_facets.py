"""Facets: the most frequent values of the incidents that match, and values that one may add."""

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from incidents import facets
from incidents.filters.facets import SINGLE, Facet
from incidents.models import Incident
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def attacks(iraq: Place, pmf: Actor, kataib: Actor, publish: Any) -> None:
    """Four incidents of two types, with weapons, tags, perpetrators and a claim."""
    rows: list[tuple[str, str, list[Actor], list[str], list[str]]] = [
        ("2014-06-10", "battle", [kataib], ["rocket", "mortar"], ["coup"]),
        ("2014-06", "battle", [kataib, pmf], ["rocket"], []),
        ("2015", "riot", [], [], ["coup", "election"]),
        ("", "battle", [pmf], ["rocket"], []),
    ]
    made = []
    for number, (day, type_, perpetrators, weapons, tags) in enumerate(rows):
        incident = Incident.objects.create(
            title=f"Number {number}", date=day, event_type=type_, tags=tags
        )
        for actor in perpetrators:
            incident.involvements.create(role="perpetrator", actor=actor, certainty="probable")
        for weapon in weapons:
            incident.weapons.create(weapon=weapon)
        made.append(incident)
    made[0].locations.create(
        place=iraq, primary=True, precision="country", public_precision="country"
    )
    claim = made[0].statements.create(kind="claim", speaker=kataib)
    claim.responsible.create(actor=kataib)
    publish(iraq, pmf, kataib, *made)


def values(api: ContractClient, query: str) -> dict[str, int]:
    """Return the numbers of incidents of the values of the only facet, in order."""
    (facet,) = api.ask(f"facets?{query}")["facets"]
    return {value["key"]: value["incidents"] for value in facet["values"]}


def test_the_most_frequent_values_come_first(api: ContractClient, attacks: None) -> None:
    answer = api.ask("facets?facet=event_type&facet=weapon&facet=year&facet=country")
    assert (answer["incidents"], answer["is_exact"]) == (4, True)
    event_type, weapon, year, country = answer["facets"]
    assert event_type == {
        "name": "event_type",
        "parameter": "event_type",
        "incidents": 4,
        "is_exact": True,
        "without": 0,
        "keys": 2,
        "values": [
            {"key": "battle", "label": "battle", "incidents": 3},
            {"key": "riot", "label": "riot", "incidents": 1},
        ],
    }
    assert [(row["key"], row["incidents"]) for row in weapon["values"]] == [
        ("rocket", 3),
        ("mortar", 1),
    ]
    assert weapon["without"] == 1
    assert year["parameter"] == "starts_in"
    assert [(row["key"], row["incidents"]) for row in year["values"]] == [("2014", 2), ("2015", 1)]
    assert (year["without"], country["without"]) == (1, 3)
    assert country["values"] == [{"key": "IQ", "label": "Iraq", "incidents": 1}]


def test_a_limit_leaves_out_rarer_values_and_says_how_many_there_are(
    api: ContractClient, attacks: None
) -> None:
    (facet,) = api.ask("facets?facet=weapon&limit=1")["facets"]
    assert [row["key"] for row in facet["values"]] == ["rocket"]
    assert (facet["keys"], facet["without"]) == (2, 1)


def test_a_facet_ignores_its_own_filter_and_its_scope_alone(
    api: ContractClient, attacks: None, kataib: Actor, pmf: Actor
) -> None:
    assert values(api, "facet=event_type&event_type=riot") == {"battle": 3, "riot": 1}
    assert values(api, "facet=event_type&weapon=mortar") == {"battle": 1}
    assert values(api, "facet=weapon&weapon=mortar&event_type=battle") == {"rocket": 3, "mortar": 1}
    query = f"perpetrator={pmf.slug}&perpetrator_scope=all"
    ids = {str(kataib.public_id): 2, str(pmf.public_id): 2}
    assert values(api, f"facet=perpetrator&{query}") == ids
    answer = api.ask(f"facets?facet=perpetrator&facet=event_type&{query}")
    assert answer["incidents"] == 2
    assert [facet["incidents"] for facet in answer["facets"]] == [4, 2]
    labels = {row["label"] for row in answer["facets"][0]["values"]}
    assert labels == {"Kataib Hezbollah", "Popular Mobilization Forces"}


def test_tags_and_their_absence_are_counted(api: ContractClient, attacks: None) -> None:
    (tag,) = api.ask("facets?facet=tag")["facets"]
    assert [(row["key"], row["incidents"]) for row in tag["values"]] == [
        ("coup", 2),
        ("election", 1),
    ]
    assert tag["without"] == 2


def test_claims_count_by_the_actors_that_they_name(
    api: ContractClient, attacks: None, kataib: Actor
) -> None:
    assert values(api, "facet=claimed_by") == {str(kataib.public_id): 1}
    assert values(api, "facet=claimed_by&statement_kind=denial") == {}
    assert values(api, "facet=accused") == {}


def test_without_facets_those_of_single_values_are_counted_in_few_statements(
    api: ContractClient, attacks: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6) as queries:
        answer = api.ask("facets")
    assert isinstance(queries, CaptureQueriesContext)
    assert [facet["name"] for facet in answer["facets"]] == list(SINGLE)
    with django_assert_max_num_queries(7):
        api.ask("facets?event_type=battle")
    every = "&".join(f"facet={facet}" for facet in Facet)
    with django_assert_max_num_queries(10):
        assert len(api.ask(f"facets?{every}")["facets"]) == len(Facet)


def test_of_very_many_matches_those_published_last_are_counted(
    api: ContractClient, attacks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MAX_MATCHES", 2)
    answer = api.ask("facets?facet=event_type&facet=weapon&weapon=mortar")
    assert (answer["incidents"], answer["is_exact"]) == (1, True)
    event_type, weapon = answer["facets"]
    assert (event_type["incidents"], event_type["is_exact"]) == (1, True)
    assert (weapon["incidents"], weapon["is_exact"]) == (2, False)


def test_a_request_may_stop_to_count_sooner(
    api: ContractClient, attacks: None, kataib: Actor
) -> None:
    newest = api.ask("facets?facet=event_type&facet=weapon")
    answer = api.ask("facets?facet=event_type&facet=weapon&count_limit=2")
    assert (answer["incidents"], answer["is_exact"]) == (2, False)
    assert newest["is_exact"]
    assert newest["incidents"] > 2
    assert all(facet["incidents"] <= 2 for facet in answer["facets"])
    by_actor = f"facet=event_type&participant={kataib.slug}"
    assert api.ask(f"facets?{by_actor}&count_limit=10000") == api.ask(f"facets?{by_actor}")
    (error,) = api.ask("facets?count_limit=50001", 400)["errors"]
    assert error["parameter"] == "count_limit"


def test_a_request_that_nothing_can_match_has_empty_facets(
    api: ContractClient, attacks: None, kataib: Actor
) -> None:
    gone = "00000000-0000-4000-8000-000000000000"
    answer = api.ask(f"facets?facet=event_type&source={gone}&perpetrator={kataib.slug}")
    assert (answer["incidents"], answer["facets"][0]["values"]) == (0, [])
    assert [warning["parameter"] for warning in answer["warnings"]] == ["source"]
    # Statistics look for the shortest way in the same manner.
    assert api.ask(f"statistics?source={gone}&perpetrator={kataib.slug}")["total"] == 0


def test_what_facets_cannot_answer_is_refused(api: ContractClient, attacks: None) -> None:
    (error,) = api.ask("facets?facet=colour", 400)["errors"]
    assert error["parameter"] == "facet"
    (error,) = api.ask("facets?limit=101", 400)["errors"]
    assert error["parameter"] == "limit"
    (error,) = api.ask("facets?facet=country&period_by=first_day", 400)["errors"]
    assert (error["code"], error["parameter"]) == ("contradiction", "period_by")
    assert values(api, "facet=year&period_by=first_day") == {"2014": 2, "2015": 1}


def test_an_answer_has_an_etag_and_reads_the_same_at_its_snapshot(
    api: ContractClient, attacks: None, iraq: Place, publish: Any
) -> None:
    first: Any = api.get("/api/v1/facets?facet=event_type", secure=True)
    again: Any = api.get(
        "/api/v1/facets?facet=event_type", secure=True, headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    publish(Incident.objects.create(title="Later", event_type="riot"))
    snapshot = first.json()["snapshot"]
    assert values(api, "facet=event_type") == {"battle": 3, "riot": 2}
    assert values(api, f"facet=event_type&snapshot={snapshot}") == {"battle": 3, "riot": 1}
