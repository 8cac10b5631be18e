"""Series: each incident is certain in one interval, or its date is too coarse or on several."""

from datetime import UTC, datetime
from typing import Any

import pytest

from actors.models import Actor
from incidents import series
from incidents.models import Incident
from publishing import publication
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def attacks(kataib: Actor, pmf: Actor, publish: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Incidents with dates of each kind, published on 15 August 2014."""
    moment = datetime(2014, 8, 15, tzinfo=UTC)
    monkeypatch.setattr(publication, "read_clock", lambda: moment)
    rows: list[tuple[str, list[Actor], dict[str, int]]] = [
        ("2014-06-10", [kataib], {"low": 3, "best": 5, "high": 9}),
        ("2014-06", [kataib, pmf], {"best": 2}),
        ("2014-06-29/2014-07-02", [], {}),
        ("2014-06-20?", [kataib], {"best": 1}),
        ("[2014-06-01,2014-08-03]", [], {}),
        ("2014", [], {"best": 4}),
        ("2012/2013", [], {}),
        ("", [pmf], {"best": 7}),
        ("2014-08-01", [], {}),
    ]
    made = []
    for number, (day, perpetrators, killed) in enumerate(rows):
        incident = Incident.objects.create(
            title=f"Number {number}", date=day, granularity="single_event"
        )
        for actor in perpetrators:
            incident.involvements.create(role="perpetrator", actor=actor, certainty="probable")
        if killed:
            incident.casualties.create(
                measure="killed",
                role="recommended",
                population="total",
                quantifier="unspecified",
                **killed,
            )
        made.append(incident)
    publish(kataib, pmf, *made)


def numbers(intervals: list[Any]) -> dict[str, tuple[int, int, int]]:
    """Return the certain, possible and coarser incidents of each interval."""
    return {
        each["name"]: (each["certain"]["incidents"], each["possible"]["incidents"], each["coarser"])
        for each in intervals
    }


def test_certain_possible_and_coarser_incidents_of_months(
    api: ContractClient, attacks: None
) -> None:
    (only,) = api.ask("series")["series"]
    assert numbers(only["intervals"]) == {
        "2014-06": (2, 7, 3),
        "2014-07": (0, 3, 2),  # not the set, which has no day in July
        "2014-08": (1, 4, 3),
    }
    assert only["intervals"][0]["certain"]["killed"] == {
        "low": 5,
        "best": 7,
        "high": 11,
        "without_best": 0,
        "without_high": 1,
        "unknown": 0,
        "out_of_order": 0,
    }
    assert [(row["year"], row["incidents"]) for row in only["coarser"]] == [(2014, 2), (None, 2)]
    assert (only["between"]["incidents"], only["between"]["killed"]["unknown"]) == (2, 1)
    assert only["incidents"] == 9
    assert only["killed"]["best"] == 19
    assert only["group"] is None


def test_each_interval_is_a_list(api: ContractClient, attacks: None) -> None:
    for unit in ("day", "week", "month", "quarter", "year"):
        (only,) = api.ask(f"series?interval={unit}&occurred_from=2011-12-26")["series"]
        for each in only["intervals"][:: 1 + len(only["intervals"]) // 6]:
            days = f"occurred_from={each['first_day']}&occurred_to={each['last_day']}"
            lists = [f"incidents?count=true&{days}{more}" for more in ("&dates=certain", "")]
            certain, possible = (api.ask(address)["count"] for address in lists)
            assert (each["certain"]["incidents"], each["possible"]["incidents"]) == (
                certain,
                possible,
            ), each


def test_an_interval_that_had_not_ended_is_unfinished(api: ContractClient, attacks: None) -> None:
    (only,) = api.ask("series")["series"]
    assert [each["is_finished"] for each in only["intervals"]] == [True, True, False]
    assert [only["intervals"][-1][f"{end}_day"] for end in ("first", "last")] == [
        "2014-08-01",
        "2014-08-31",
    ]


def test_each_value_of_a_property_has_a_series(
    api: ContractClient, attacks: None, kataib: Actor, pmf: Actor
) -> None:
    answer = api.ask("series?by=perpetrator")
    assert (answer["incidents"], answer["keys"]) == (9, 3)
    assert [(each["group"]["label"], each["incidents"]) for each in answer["series"]] == [
        (None, 5),
        ("Kataib Hezbollah", 3),
        ("Popular Mobilization Forces", 2),
    ]
    assert numbers(answer["series"][1]["intervals"])["2014-06"] == (2, 3, 0)
    assert {len(each["intervals"]) for each in answer["series"]} == {3}
    answer = api.ask("series?by=perpetrator&limit=1")
    assert (answer["incidents"], answer["keys"], len(answer["series"])) == (9, 3, 1)
    (only,) = api.ask(f"series?by=perpetrator&perpetrator={pmf.slug}")["series"]
    assert only["group"]["key"] == str(pmf.public_id)


def test_filters_by_date_give_the_intervals(api: ContractClient, attacks: None) -> None:
    (only,) = api.ask("series?occurred_from=2014-05-10&occurred_to=2014-09")["series"]
    assert [each["name"] for each in only["intervals"]] == [
        "2014-05",
        "2014-06",
        "2014-07",
        "2014-08",
        "2014-09",
    ]
    (only,) = api.ask("series?occurred_from=2020&occurred_to=2020-02")["series"]
    assert numbers(only["intervals"]) == {"2020-01": (0, 1, 1), "2020-02": (0, 1, 1)}
    answer = api.ask("series?id=00000000-0000-4000-8000-000000000000")
    assert (answer["incidents"], answer["series"][0]["intervals"]) == (0, [])


def test_too_many_intervals_are_refused_with_advice(
    api: ContractClient, attacks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MAX_INTERVALS", 8)
    (error,) = api.ask("series?by=perpetrator", 400)["errors"]
    assert (error["code"], error["parameter"]) == ("many", "interval")
    assert len(api.ask("series?by=perpetrator&limit=2")["series"]) == 2
    assert api.ask("series?by=month", 400)["errors"][0]["parameter"] == "by"
