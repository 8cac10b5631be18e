"""The plans of frequent requests: no table is read whole, and nothing is sorted needlessly."""

import re

import pytest
from django.db import connection

from incidents.suggestions import MAX_CANDIDATES
from tests.plans.conftest import COLLECTED, COUNTED, RANKED
from tests.plans.explained import Plan, plans, statements
from tests.plans.questions import questions

pytestmark = pytest.mark.xdist_group("plans")  # one process makes the data, once
PAGE = 50 + 1
"""The limit of the requests, and one more row, which shows whether there is a next page."""
IN_ORDER = [
    "list",
    "list, filtered by type",
    "list, filtered by a rare type",
    "list by country",
    "list by days",
    "list, oldest first",
    "list, recently edited",
    "list, deadliest first",
    "deep page",
    "past snapshot",
    "actors by name",
    "detail",
    "detail by id, past snapshot",
    "changes",
    "changes of a type",
    "changes, newest first",
    "changes of a record",
]
"""Lists whose order is that of an index: at most one page of rows is sorted."""
SORTED = {
    "list by place": PAGE,
    "actor, busiest": 4 * PAGE,
    "roll-up": 250 * PAGE,  # the first of each member in each of its periods
    "search by relevance": RANKED,  # the newest matches, which alone are ranked
    "search by relevance, names of many": COLLECTED,
    "search, rare word": 100,
    "near": 400,
    "bbox": 400,
    "places near": 100,
    "resolve": 150,
    "suggest, one letter": 4 * 2 * MAX_CANDIDATES,
    "suggest, a word": 2 * 2 * MAX_CANDIDATES,
    "near, where nothing is": 0,
    "bbox, where nothing is": 0,
    "claimed, roll-up": 250 * PAGE,
    "statements about, roll-up": 4 * 250 * PAGE,  # in each of four roles
}
"""The maximum number of rows that may be sorted, however large the database is."""
FEW = {
    "list by rare casualties": 1,
    "list by many deaths": PAGE,
    "list, changed since": 4 * PAGE,
    "past snapshot": 2 * PAGE,
    "past snapshot, recently edited": 2 * PAGE,
    "actor, busiest, past snapshot": 4 * PAGE,
    "search, past snapshot": 4 * PAGE,
    "near, where nothing is": 1,
    "bbox, where nothing is": 1,
}
"""The maximum number of rows that may be read if many more rows do not match."""
ENTRIES, SIDE_ROWS = "incidents_incidententry", "incidents_incidentactorentry"
ALL = ["statistics of all", "roll-up by country", "facets by rows"]
"""Requests that read a whole table: of a million incidents they read an index, or some rows."""


@pytest.fixture(scope="module")
def plans_by_name(large: None) -> dict[str, list[Plan]]:
    """The plans of each request."""
    return {name: plans(address) for name, address in questions().items()}


def test_no_table_that_grows_with_the_incidents_is_read_whole(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    growing = re.compile("incidents_|editorial_")
    whole = {
        name: sorted(filter(growing.match, set().union(*(plan.read_whole for plan in listed))))
        for name, listed in plans_by_name.items()
        if name not in ALL
    }
    assert {name: tables for name, tables in whole.items() if tables} == {}


def test_what_an_index_has_in_order_is_not_sorted(plans_by_name: dict[str, list[Plan]]) -> None:
    rows = {name: max(plan.sorted for plan in plans_by_name[name]) for name in IN_ORDER}
    assert {name: number for name, number in rows.items() if number > PAGE} == {}


def test_no_more_is_sorted_than_a_page_needs(plans_by_name: dict[str, list[Plan]]) -> None:
    rows = {name: max(plan.sorted for plan in plans_by_name[name]) for name in SORTED}
    assert {name: number for name, number in rows.items() if number > SORTED[name]} == {}


def test_a_deep_page_reads_no_more_than_the_first(plans_by_name: dict[str, list[Plan]]) -> None:
    first, deep = (max(plan.read for plan in plans_by_name[name]) for name in ("list", "deep page"))
    assert deep <= 2 * first <= 4 * PAGE


def test_the_number_of_statements_does_not_grow_with_the_page(large: None) -> None:
    for name, address in questions().items():
        if "limit=50" in address and name != "deep page":
            few, many = (
                len(statements(address.replace("limit=50", f"limit={limit}"))) for limit in (1, 120)
            )
            # What a match references is read only if a result was found by its name.
            assert few <= many <= (few + 1 if "q=" in address else few), name
            assert many <= 5, name


def test_rows_that_do_not_match_are_not_read(plans_by_name: dict[str, list[Plan]]) -> None:
    rows = {name: max(plan.read for plan in plans_by_name[name]) for name in FEW}
    assert {name: number for name, number in rows.items() if number > FEW[name]} == {}


def test_the_names_of_many_records_are_searched_for_in_an_index(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    for name, word in (
        ("search by relevance, names of many", "ts_rank"),
        ("search by names of many, count", "COUNT"),
    ):
        (plan,) = (plan for plan in plans_by_name[name] if word in plan.sql)
        assert "BitmapAnd" in {step["Node Type"] for step in plan.steps}, name


def test_suggestions_read_a_limited_number_of_names(large: None) -> None:
    """Twenty thousand names begin with one letter, and as many have another word that does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO actors_actorwordentry (until_seq, record, seq, key, is_start, text) "
            "SELECT until_seq, record, seq, 'qu' || n, n % 2 = 0, 'Qu' "
            "FROM generate_series(1, 40000) AS n "
            "CROSS JOIN (SELECT * FROM actors_actorwordentry ORDER BY id LIMIT 1) AS word"
        )
        cursor.execute("ANALYZE actors_actorwordentry")
    words = [plan for plan in plans("suggest?q=q&type=actor") if "wordentry" in plan.sql]
    assert len(words) == 1
    (scans,) = ([step for step in plan.steps if "word" in step.get("Alias", "")] for plan in words)
    assert [step["Node Type"] for step in scans] == ["Index Scan"] * 2
    assert all(step["Actual Rows"] == MAX_CANDIDATES for step in scans)
    assert max(plan.read for plan in words) <= 2 * MAX_CANDIDATES


def test_facets_and_grids_read_a_limited_number_of_matches(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    for name in ("facets", "facets by rows", "grid"):
        (plan,) = (plan for plan in plans_by_name[name] if "filtered" in plan.sql)
        (matches,) = (step for step in plan.steps if step.get("Relation Name") == ENTRIES)
        assert matches["Actual Rows"] == COUNTED, name


def test_the_planner_knows_where_nothing_is(plans_by_name: dict[str, list[Plan]]) -> None:
    for name in ("near, where nothing is", "bbox, where nothing is"):
        assert plans_by_name[name][-1].expected <= 5, name


def test_statistics_of_a_country_read_only_an_index(plans_by_name: dict[str, list[Plan]]) -> None:
    of_country = (
        *("statistics of a country", "statistics of perpetrators"),
        "busiest participants by year",
    )
    for name in of_country:
        steps = [
            step for plan in plans_by_name[name] for step in plan.steps if "Relation Name" in step
        ]
        nodes = {step["Node Type"] for step in steps if step["Relation Name"] == ENTRIES}
        assert nodes == {"Index Only Scan"}, name


def test_all_incidents_of_an_umbrella_are_found_from_the_side_rows_of_its_actors(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    for name in (
        "roll-up by country, count",
        "roll-up, statistics by year",
        "roll-up, statistics by perpetrator",
    ):
        (side_rows,) = {
            step["Node Type"]
            for plan in plans_by_name[name]
            for step in plan.steps
            if step.get("Relation Name") == SIDE_ROWS and step["Parent Relationship"] == "InitPlan"
        }
        assert side_rows == "Index Only Scan", name
        entries = [
            step["Index Cond"]
            for plan in plans_by_name[name]
            for step in plan.steps
            if step.get("Relation Name") == ENTRIES and "InitPlan" in step.get("Index Cond", "")
        ]
        assert entries, f"{name}: no statement reads entries along side rows"


def test_incidents_of_an_umbrella_are_counted_by_side_rows_alone(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    (plan,) = (plan for plan in plans_by_name["roll-up, count"] if "COUNT" in plan.sql)
    tables = [step for step in plan.steps if "Relation Name" in step]
    assert [(step["Relation Name"], step["Node Type"]) for step in tables] == [
        (SIDE_ROWS, "Index Only Scan")
    ]


def test_the_planner_knows_how_many_incidents_an_umbrella_has(
    plans_by_name: dict[str, list[Plan]],
) -> None:
    (page,) = (plan for plan in plans_by_name["roll-up by country"] if ENTRIES in plan.sql)
    assert "sought" not in page.sql, "this is the way to a page without other filters"
    (rows,) = (step for step in page.steps if step.get("Relation Name") == SIDE_ROWS)
    assert 1 / 4 < rows["Plan Rows"] / rows["Actual Rows"] < 4
