"""Statistics of too many groups are refused before they cost much."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Incident
from incidents.statistics import limit
from tests.contract.client import ContractClient
from tests.incidents.test_statistics import API, attacks, few, groups
from tests.plans.explained import explained

__all__ = ["attacks", "few"]
pytestmark = pytest.mark.django_db


def refused(api: ContractClient, query: str) -> list[str]:
    """Return the statements of a request that is refused as too many groups."""
    with CaptureQueriesContext(connection) as queries:
        (fault,) = api.ask(API + query, 400)["errors"]
    assert (fault["parameter"], fault["code"]) == ("group_by", "many")
    return [
        query["sql"]
        for query in queries
        if "filtered" in query["sql"] and "EXPLAIN" not in query["sql"]
    ]


COMBINATIONS = (
    "perpetrator&group_by=month",
    "weapon&group_by=year&group_by=perpetrator",
    "month&group_by=target_type&group_by=event_type",
    "perpetrator&group_by=month&country=IQ",
    "perpetrator&group_by=month&event_type=battle",
    "year&group_by=week&group_by=month",
    "country&group_by=admin1",
    "event_type&group_by=month&weapon=rocket",
)


@pytest.mark.parametrize("query", COMBINATIONS)
def test_groups_are_counted_before_anything_is_summed(
    api: ContractClient, attacks: Any, few: Any, query: str
) -> None:
    number = len(groups(api, query))
    few(number - 1)
    (counted,) = refused(api, query)
    assert "sum(" not in counted
    few(number)
    assert len(groups(api, query)) == number


def test_rows_are_read_no_further_than_to_the_first_group_too_many(
    api: ContractClient, publish: Any, few: Any
) -> None:
    days = [f"{year}-01-01" for year in range(1950, 2010)]
    publish(
        *(
            Incident.objects.create(title=day, date=day, event_type="battle", slug=day)
            for day in days
        )
    )
    few(10)
    (counted,) = refused(api, "year&group_by=event_type")
    plan = explained(counted)
    read = [step["Actual Rows"] for step in plan.steps if "Relation Name" in step]
    assert read == [1, 11], "the snapshot of the totals, and incidents"


@pytest.mark.parametrize("query", COMBINATIONS)
def test_nothing_is_counted_beforehand_where_few_groups_are_expected(
    api: ContractClient, attacks: Any, few: Any, query: str
) -> None:
    few(len(groups(api, query)) - 1, expected=limit.MAX_GROUPS)
    (summed,) = refused(api, query)
    assert "sum(" in summed


@pytest.mark.parametrize("query", ["month", "year&group_by=event_type", "perpetrator"])
def test_groups_are_counted_before_they_are_sent(
    api: ContractClient, attacks: Any, few: Any, query: str
) -> None:
    number = len(groups(api, query))
    few(number - 1, expected=limit.MAX_GROUPS)
    (summed,) = refused(api, query)
    with connection.cursor() as cursor:
        cursor.execute(summed)
        assert [row[0] for row in cursor.fetchall()] == [number]
    few(number)
    assert len(groups(api, query)) == number


def test_a_weapon_that_was_used_twice_is_counted_once_however_it_is_joined(
    api: ContractClient, attacks: Any
) -> None:
    whole = groups(api, "weapon")
    assert whole == {"rocket": 2, "mortar": 2, None: 4}
    every = "granularity=single_event&granularity=aggregate"
    assert groups(api, f"weapon&{every}") == whole


def test_periods_are_counted_before_they_are_filled(
    api: ContractClient, attacks: Any, few: Any
) -> None:
    query = "month&group_by=event_type&fill=true"
    number = len(groups(api, query))
    few(number - 1, expected=limit.MAX_GROUPS)
    assert len(refused(api, query)) == 1
    few(number)
    assert len(groups(api, query)) == number


@pytest.mark.parametrize("unit", ["year", "month", "week"])
def test_the_last_day_of_the_calendar_is_in_a_period(
    api: ContractClient, publish: Any, unit: str
) -> None:
    publish(
        *(
            Incident.objects.create(title=day, date=day, event_type="battle")
            for day in ("9998-12-31", "9999-12-31")
        )
    )
    assert sum(groups(api, f"{unit}&fill=true").values()) == 2
