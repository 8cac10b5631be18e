"""Statistics: totals and groups are the counts of lists, at any snapshot."""

import csv
import io
import json
import random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from actors.models import Actor, Affiliation
from editorial import workflow
from incidents.codes import CasualtyMeasure
from incidents.filters.statistics import GroupBy
from incidents.models import Incident
from incidents.statistics import limit
from places.models import Place
from publishing.models import Edition
from sources.models import Publisher, Source
from tests.contract.client import ContractClient
from tests.test_docs import table as read_table

pytestmark = pytest.mark.django_db
API = "statistics?group_by="


@pytest.fixture
def attacks(iraq: Place, pmf: Actor, kataib: Actor, publish: Any) -> dict[str, Incident]:
    """Incidents with precise, imprecise and no dates, by one, two and no perpetrators."""
    anbar = Place.objects.create(
        name="Anbar", kind="admin1", country="IQ", admin1="IQ-AN", parent=iraq
    )
    isis = Actor.objects.create(name="ISIS", slug="isis", kind="armed_organisation")
    membership = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2015", start_kind="actual"
    )
    made = {}
    rows: list[tuple[str, str, str, list[Actor], dict[str, Any]]] = [
        ("day", "2014-06-10", "battle", [isis], {"low": 3, "best": 5, "high": 9}),
        ("same month", "2014-06", "battle", [isis, kataib], {"best": 2}),
        ("year", "2014", "unknown", [kataib], {}),
        ("week", "2016-01-04/2016-01-10", "battle", [kataib, pmf], {"best": 1}),
        ("later", "2016-03-01", "riot", [], {"low": 0, "best": 0, "high": 0}),
        ("undated", "", "battle", [kataib], {"best": 7}),
        ("series", "2019/2020", "battle", [kataib], {"best": 100}),
    ]
    for title, day, event_type, perpetrators, killed in rows:
        granularity = "series" if title == "series" else "single_event"
        incident = Incident.objects.create(
            title=title, date=day, event_type=event_type, granularity=granularity
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
        if title in ("day", "year"):
            place = anbar if title == "day" else iraq
            incident.locations.create(
                place=place, primary=True, precision="admin1", public_precision="admin1"
            )
        if title in ("day", "week"):
            incident.weapons.create(weapon="rocket", calibre_mm=107)
            incident.weapons.create(weapon="rocket", calibre_mm=122)
            incident.weapons.create(weapon="mortar")
        made[title] = incident
    publish(iraq, anbar, pmf, kataib, isis, membership, *made.values())
    return made


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set how many groups there may be, and how many may be expected without being counted."""

    def limits(maximum: int, expected: int = 0) -> None:
        monkeypatch.setattr(limit, "MAX_GROUPS", maximum)
        monkeypatch.setattr(limit, "MAX_EXPECTED", expected)

    return limits


def groups(api: ContractClient, query: str) -> dict[Any, int]:
    """Return the number of incidents of each group by its keys."""
    answer = api.ask(API + query)["groups"]
    counts = {tuple(key["key"] for key in group["keys"]): group["incidents"] for group in answer}
    return {keys[0] if len(keys) == 1 else keys: number for keys, number in counts.items()}


def count(api: ContractClient, address: str) -> int:
    """Return the number of incidents in a list."""
    parts = urlsplit(address)
    assert parts.path == "/api/v1/incidents"
    return int(api.ask(f"{parts.path}?{parts.query}&count=true&limit=1")["count"])


def assert_lists(api: ContractClient, query: str) -> int:
    """Compare the total and each group with its list; return the number of groups with a list."""
    answer = api.ask(f"statistics?{query}")
    assert answer["total"] == count(api, answer["list"])
    named = [group for group in answer["groups"] if group["list"]]
    for group in named:
        assert group["incidents"] == count(api, group["list"]), (query, group)
    return len(named)


def test_the_period_is_that_of_the_first_day_if_it_is_precise_enough(
    api: ContractClient, attacks: Any
) -> None:
    assert groups(api, "year") == {"2014": 3, "2016": 2, None: 1}
    assert groups(api, "month") == {"2014-06": 2, "2016-01": 1, "2016-03": 1, None: 2}
    assert groups(api, "week") == {"2014-W24": 1, "2016-W01": 1, "2016-W09": 1, None: 3}


def test_series_count_only_on_request(api: ContractClient, attacks: Any) -> None:
    assert api.ask(f"{API}year")["total"] == 6
    assert groups(api, "year&granularity=series") == {None: 1}


def test_an_incident_counts_once_in_each_of_its_groups_and_once_in_all(
    api: ContractClient, attacks: Any, kataib: Actor, pmf: Actor
) -> None:
    answer = api.ask(f"{API}perpetrator")
    counts = {group["keys"][0]["label"]: group["incidents"] for group in answer["groups"]}
    assert counts == {
        "ISIS": 2,
        "Kataib Hezbollah": 4,
        "Popular Mobilization Forces": 1,
        None: 1,
    }
    assert answer["total"] == 6
    assert groups(api, "weapon") == {"rocket": 2, "mortar": 2, None: 4}
    assert groups(api, "weapon&calibre_mm=107") == {"rocket": 2}


SUMS = ("low", "best", "high", "without_best", "without_high", "unknown", "out_of_order")


def test_unknown_casualties_add_nothing_and_are_counted(api: ContractClient, attacks: Any) -> None:
    answer = api.ask(f"{API}event_type&killed_min=0")
    assert tuple(answer["killed"]) == SUMS
    assert tuple(answer["killed"].values()) == (13, 15, 19, 0, 3, 0, 0)
    answer = api.ask(f"{API}event_type&event_type=unknown")
    (group,) = answer["groups"]
    assert tuple(group["killed"].values()) == (0, 0, 0, 0, 0, 1, 0)
    assert group["keys"] == [{"by": "event_type", "key": "unknown", "label": "unknown"}]


@pytest.mark.parametrize("measure", CasualtyMeasure.values)
@pytest.mark.parametrize(
    ("figure", "sums"),
    [
        ({"low": 12, "quantifier": "at_least"}, (12, 12, 12, 1, 1, 0, 0)),
        ({"high": 3, "quantifier": "at_most"}, (0, 0, 3, 1, 0, 0, 0)),
        ({"low": 2, "high": 5, "quantifier": "between"}, (2, 2, 5, 1, 0, 0, 0)),
        ({"best": 4}, (4, 4, 4, 0, 1, 0, 0)),
        ({"low": 4, "best": 4, "high": 4}, (4, 4, 4, 0, 0, 0, 0)),
        ({"quantifier": "dozens"}, (12, 12, 12, 1, 1, 0, 0)),
        ({"quantifier": "unspecified"}, (0, 0, 0, 0, 0, 1, 0)),
        ({"best": 5, "population": "civilians"}, (5, 5, 5, 1, 1, 0, 0)),
        ({"low": 9, "best": 8, "high": 10, "quantifier": "between"}, (9, 8, 10, 0, 0, 0, 1)),
        ({"low": 1, "best": 8, "high": 3, "quantifier": "between"}, (1, 8, 3, 0, 0, 0, 1)),
        ({"low": 7, "high": 3, "quantifier": "between"}, (7, 7, 3, 1, 0, 0, 1)),
        ({}, (0, 0, 0, 0, 0, 1, 0)),
    ],
)
def test_numbers_are_added_as_they_are_stated(
    api: ContractClient, publish: Any, measure: str, figure: dict[str, Any], sums: tuple[int, ...]
) -> None:
    """Each incident adds its own number, or else the next one that is known."""
    single, whole = Incident.objects.create(title="a", date="2014"), Incident(title="b")
    whole.save()
    if figure:
        single.casualties.create(measure=measure, role="recommended", **figure)
    whole.casualties.create(measure=measure, role="recommended", low=1, best=1, high=1)
    publish(single, whole)
    answer = api.ask(f"{API}year")
    assert tuple(answer["groups"][0][measure].values()) == sums
    more = (1, 1, 1, 0, 0, 0, 0)
    assert tuple(answer[measure].values()) == tuple(map(sum, zip(sums, more, strict=True)))
    filled = api.ask(f"{API}year&fill=true")
    assert filled[measure] == answer[measure]


def test_measures_that_are_rare_are_summed_beside_the_others(
    api: ContractClient, publish: Any
) -> None:
    """They are summed only if some incident has a figure of one of them."""
    flight, raid = (Incident.objects.create(title=title, date="2014") for title in ("a", "b"))
    flight.casualties.create(measure="killed", role="recommended", best=2)
    publish(flight, raid)
    answer = api.ask(f"{API}year&fill=true")
    for measure in ("missing", "abducted", "detained", "displaced"):
        assert tuple(answer[measure].values()) == (0, 0, 0, 0, 0, 2, 0)
        assert answer["groups"][0][measure] == answer[measure]
    flight.casualties.create(measure="displaced", role="recommended", quantifier="thousands")
    raid.casualties.create(measure="abducted", role="recommended", low=3, quantifier="at_least")
    publish(flight, raid)
    answer = api.ask(f"{API}year")
    for sums in (answer, *answer["groups"]):
        assert tuple(sums["killed"].values()) == (2, 2, 2, 0, 1, 1, 0)
        assert tuple(sums["displaced"].values()) == (1000, 1000, 1000, 1, 1, 1, 0)
        assert tuple(sums["abducted"].values()) == (3, 3, 3, 1, 1, 1, 0)
        assert tuple(sums["missing"].values()) == (0, 0, 0, 0, 0, 2, 0)
    nothing = api.ask(f"{API}year&event_type=riot")
    assert set(nothing["displaced"].values()) == {0}


def test_participants_take_part_in_any_role(
    api: ContractClient, publish: Any, kataib: Actor, pmf: Actor
) -> None:
    battle = Incident.objects.create(title="Battle", date="2014")
    for role, side, actor in (("party", "a", kataib), ("party", "b", pmf), ("victim", "b", pmf)):
        battle.involvements.create(role=role, side=side, actor=actor)
    ruled_out = Incident.objects.create(title="Attack", date="2014")
    ruled_out.involvements.create(role="perpetrator", actor=pmf, certainty="ruled_out")
    publish(kataib, pmf, battle, ruled_out)
    ids = {str(kataib.public_id), str(pmf.public_id)}
    assert groups(api, "participant") == dict.fromkeys(ids, 1) | {None: 1}
    assert assert_lists(api, "group_by=participant") == 3
    assert groups(api, "attribution_status") == {"parties_only": 1, "unattributed": 1}
    summaries = api.results("incidents?attribution_status=parties_only")
    assert [{ref["id"] for ref in row["parties"]} for row in summaries] == [ids]
    sent = b"".join(api.get("/api/v1/incidents?format=csv", secure=True)).decode()
    assert "parties_name" in sent.splitlines()[0]
    assert kataib.name in sent


def test_places_are_grouped_by_code(api: ContractClient, attacks: Any) -> None:
    assert groups(api, "country") == {"IQ": 2, None: 4}
    assert groups(api, "admin1") == {"IQ-AN": 1, None: 5}
    labels = [group["keys"][0]["label"] for group in api.ask(f"{API}country")["groups"]]
    assert labels == ["Iraq", None]


def test_empty_periods_are_included_on_request(api: ContractClient, attacks: Any) -> None:
    assert groups(api, "year&fill=true") == {"2014": 3, "2015": 0, "2016": 2, None: 1}
    assert groups(api, "event_type&group_by=year&fill=true&event_type=riot") == {
        ("riot", "2016"): 1
    }
    months = groups(api, "month&fill=true")
    assert (len(months), months["2015-02"]) == (23, 0)
    assert groups(api, "year&fill=true&event_type=protest") == {}


@pytest.mark.parametrize("by", GroupBy.values)
def test_every_group_has_a_list_also_if_its_key_is_not_known(
    api: ContractClient, attacks: Any, by: str
) -> None:
    for query in (f"group_by={by}", f"group_by={by}&event_type=battle&certainty_min=probable"):
        answer = api.ask(f"statistics?{query}")
        assert assert_lists(api, query) == len(answer["groups"]) == answer["first_keys"] > 0


def test_a_withdrawn_actor_has_no_list(
    api: ContractClient, attacks: Any, pmf: Actor, reviewer: Any
) -> None:
    workflow.withdraw(pmf, reviewer, "It never existed.")
    answer = api.ask("statistics?group_by=perpetrator")["groups"]
    (group,) = (one for one in answer if one["keys"][0]["key"] == str(pmf.public_id))
    assert (group["keys"][0]["label"], group["incidents"], group["list"]) == (None, 1, None)
    assert assert_lists(api, "group_by=perpetrator") == len(answer) - 1


def test_the_list_of_what_has_no_period_says_which_precisions_it_has(
    api: ContractClient, attacks: Any
) -> None:
    def null_list(query: str) -> dict[str, list[str]]:
        answer = api.ask(f"statistics?{query}")["groups"]
        group = next(each for each in answer if each["keys"][-1]["key"] is None)
        assert group["incidents"] == count(api, group["list"])
        query = parse_qs(urlsplit(group["list"]).query)
        return {name: query[name] for name in query.keys() - {"granularity", "snapshot"}}

    coarse = ["season", "year", "longer", "unknown"]
    assert null_list("group_by=month") == {"date_precision": coarse}
    assert null_list("group_by=year") == {"date_precision": coarse[2:]}
    assert null_list("group_by=year&group_by=month&starts_in=2014") == {
        "starts_in": ["2014"],
        "date_precision": coarse,
    }
    assert null_list("group_by=month&date_precision=year&date_precision=day") == {
        "date_precision": ["year"]
    }
    assert null_list("group_by=month&period_by=first_day") == {"without": ["date"]}
    assert null_list("group_by=weapon&without=country") == {"without": ["country", "weapon"]}


def test_quarters_and_days_are_periods_too(api: ContractClient, attacks: Any) -> None:
    assert groups(api, "quarter") == {"2014-Q2": 2, "2016-Q1": 2, None: 2}
    assert groups(api, "day") == {"2014-06-10": 1, "2016-01-04": 1, "2016-03-01": 1, None: 3}
    filled = groups(api, "quarter&fill=true")
    assert list(filled)[:4] == ["2014-Q2", "2014-Q3", "2014-Q4", "2015-Q1"]
    assert list(filled)[-2:] == ["2016-Q1", None]
    titles = [row["title"] for row in api.results("incidents?starts_in=2014-Q2")]
    assert titles == ["day", "same month"]
    assert [row["title"] for row in api.results("incidents?starts_in=2014-06-10")] == ["day"]
    for period in ("2014-Q5", "2014-Q0", "2014-06-31", "2014-6", "2014-W54", "none"):
        api.ask(f"incidents?starts_in={period}", 400)


def test_incidents_can_be_counted_by_their_first_day_however_imprecise(
    api: ContractClient, attacks: Any
) -> None:
    query = "group_by=month&period_by=first_day"
    assert groups(api, query.removeprefix("group_by=")) == {
        "2014-01": 1,
        "2014-06": 2,
        "2016-01": 1,
        "2016-03": 1,
        None: 1,
    }
    assert assert_lists(api, query) == 5
    titles = [
        row["title"] for row in api.results("incidents?starts_in=2014-01&period_by=first_day")
    ]
    assert titles == ["year"]
    assert api.results("incidents?starts_in=2014-01") == []
    assert api.results("incidents?starts_in=0001&period_by=first_day") == []
    for address in ("incidents", "statistics", "statistics?group_by=weapon"):
        joint = "&" if "?" in address else "?"
        (fault,) = api.ask(f"{address}{joint}period_by=first_day", 400)["errors"]
        assert (fault["parameter"], fault["code"]) == ("period_by", "contradiction")


def test_lists_are_filtered_by_precision_and_by_what_is_lacking(
    api: ContractClient, attacks: Any
) -> None:
    def titles(query: str) -> set[str]:
        return {row["title"] for row in api.results(f"incidents?{query}")}

    assert titles("date_precision=month") == {"same month"}
    assert titles("date_precision=year&date_precision=unknown") == {"year", "undated"}
    assert titles("precision=admin1") == {"day", "year"}
    assert titles("precision=exact") == set()
    assert titles("without=date") == {"undated"}
    assert titles("without=perpetrator") == {"later"}
    assert titles("without=admin1&without=date") == {"undated"}, "both are lacking"
    assert titles("without=perpetrator&certainty_min=confirmed") == set()
    assert titles("without=precision&event_type=riot") == {"later"}
    (fault,) = api.ask("incidents?without=weapon&weapon=rocket", 400)["errors"]
    assert fault["detail"] == "Use either `without=weapon` or `weapon`: no incident matches both."


def test_sources_and_their_publishers_are_counted(
    api: ContractClient, attacks: dict[str, Incident], publish: Any
) -> None:
    agency = Publisher.objects.create(name="Agency")
    report = Source.objects.create(title="Report", kind="article", publisher=agency)
    note = Source.objects.create(title="Note", kind="article")
    for title, sources in (("day", [report, note]), ("year", [note]), ("later", [report])):
        for source in sources:
            attacks[title].citations.create(source=source)
    attacks["day"].weapons.first().citations.create(source=report)
    publish(agency, report, note, attacks["day"], attacks["year"], attacks["later"])

    def labels(query: str) -> dict[str | None, int]:
        return {
            group["keys"][0]["label"]: group["incidents"]
            for group in api.ask(f"statistics?{query}")["groups"]
        }

    assert labels("group_by=source") == {"Report": 2, "Note": 2, None: 3}
    assert labels("group_by=publisher") == {"Agency": 2, None: 4}
    assert labels(f"group_by=source&source={note.public_id}") == {"Note": 2}
    for query in ("group_by=source", "group_by=publisher", f"source={note.public_id}"):
        assert_lists(api, f"group_by=source&{query}" if query[0] == "s" else query)
    assert assert_lists(api, "group_by=publisher&group_by=source") == 4


def test_the_total_needs_no_groups(api: ContractClient, attacks: Any) -> None:
    answer = api.ask("statistics?event_type=battle")
    assert (answer["total"], answer["first_keys"], answer["groups"]) == (4, 0, [])
    assert answer["killed"] == api.ask(f"{API}year&event_type=battle")["killed"]
    assert count(api, answer["list"]) == 4
    head, row = table(api, "event_type=battle")
    assert head[:3] == ["incidents", "killed_low", "killed_best"]
    assert row[:3] == ["4", "13", "15"]
    assert row[-1] == answer["list"]
    assert table(api, "event_type=protest&fields=incidents") == [["incidents"], ["0"]]
    assert api.ask("statistics?perpetrator=nobody")["total"] == 0


def test_the_largest_groups_come_first(api: ContractClient, attacks: Any) -> None:
    assert list(groups(api, "perpetrator&sort=incidents").values()) == [4, 2, 1, 1]
    assert list(groups(api, "month&sort=incidents")) == ["2014-06", None, "2016-01", "2016-03"]
    assert list(groups(api, "month&sort=killed")) == ["2014-06", None, "2016-01", "2016-03"]
    assert list(groups(api, "event_type&sort=injured")) == list(groups(api, "event_type"))
    assert groups(api, "month&sort=incidents&limit=1") == {"2014-06": 2}
    assert groups(api, "month&limit=2") == {"2014-06": 2, "2016-01": 1}


def test_a_limit_is_one_of_keys_of_the_first_property(
    api: ContractClient, attacks: Any, kataib: Actor
) -> None:
    query = "group_by=perpetrator&group_by=year&sort=incidents&limit=1"
    answer = api.ask(f"statistics?{query}")
    assert {group["keys"][0]["key"] for group in answer["groups"]} == {str(kataib.public_id)}
    assert [group["keys"][1]["key"] for group in answer["groups"]] == ["2014", "2016", None]
    assert answer["first_keys"] == 4
    assert answer["total"] == api.ask(f"{API}year")["total"] == 6
    assert answer["killed"] == api.ask(f"{API}year")["killed"]
    assert assert_lists(api, query) == 3


@pytest.mark.parametrize("by", GroupBy.values)
@pytest.mark.parametrize("sort", ["key", "incidents", "killed"])
def test_the_groups_within_a_limit_are_the_first_of_all(
    api: ContractClient, attacks: Any, by: str, sort: str
) -> None:
    other = "violence" if by == "claim_status" else "claim_status"
    query = f"{API}{by}&group_by={other}&sort={sort}"
    every = api.ask(query)
    assert every["first_keys"] == len({group["keys"][0]["key"] for group in every["groups"]})
    single = api.ask(f"{API}{by}&sort={sort}")["groups"]
    first = [group["keys"][0] for group in every["groups"]]
    assert [group["keys"][0] for group in single] == list({k["key"]: k for k in first}.values())
    for number in range(1, len(single) + 1):
        names = [group["keys"][0] for group in single[:number]]
        answer = api.ask(f"{query}&limit={number}")
        expected = [group for group in every["groups"] if group["keys"][0] in names]
        assert answer == every | {"groups": expected}


def test_a_limit_makes_too_many_groups_few(
    api: ContractClient, attacks: Any, few: Any, kataib: Actor
) -> None:
    few(3)
    for query in ("perpetrator", "perpetrator&group_by=year"):
        (fault,) = api.ask(f"{API}{query}", 400)["errors"]
        assert fault["code"] == "many"
        answer = api.ask(f"{API}{query}&sort=incidents&limit=1")
        assert {g["keys"][0]["key"] for g in answer["groups"]} == {str(kataib.public_id)}
        assert answer["first_keys"] == 4
    api.ask(f"{API}perpetrator&group_by=year&sort=incidents&limit=2", 400)


def test_lists_can_be_left_out(api: ContractClient, attacks: Any) -> None:
    answer = api.ask(f"{API}year&links=false")
    assert {group["list"] for group in answer["groups"]} == {None}
    assert count(api, answer["list"]) == 6


def table(api: ContractClient, query: str) -> list[list[str]]:
    """Return the rows of a table of groups."""
    response = api.get(f"/api/v1/statistics?format=csv&{query}", secure=True)
    assert response.status_code == 200, response.content
    rows = list(csv.reader(io.StringIO(b"".join(response).decode())))
    assert response["Muster-Count"] == str(len(rows) - 1)
    snapshot = response["Muster-Snapshot"]
    name = f'attachment; filename="muster-statistics-{snapshot}.csv"'
    assert response["Content-Disposition"] == name
    return rows


def test_groups_are_a_table(api: ContractClient, attacks: Any) -> None:
    answer = api.ask("statistics?group_by=country&group_by=year")
    head, *rows = table(api, "group_by=country&group_by=year")
    assert head[:6] == ["country", "country_label", "year", "year_label", "incidents", "killed_low"]
    assert head[-1] == "list"
    for row, group in zip(rows, answer["groups"], strict=True):
        cells = dict(zip(head, row, strict=True))
        for key in group["keys"]:
            assert cells[key["by"]] == (key["key"] or "")
            assert cells[f"{key['by']}_label"] == (key["label"] or "")
        assert cells["incidents"] == str(group["incidents"])
        assert cells["list"] == group["list"]
        for measure in CasualtyMeasure.values:
            for name, number in group[measure].items():
                assert cells[f"{measure}_{name}"] == str(number)
    assert table(api, "group_by=year&event_type=protest") == [
        ["year", "year_label", *head[4:]],
    ]
    assert "list" not in table(api, "group_by=year&links=false")[0]


def test_a_table_has_the_requested_columns_only(api: ContractClient, attacks: Any) -> None:
    query = "group_by=year&fields=year,incidents&fields=killed.best,injured_high"
    assert table(api, query) == [
        ["year", "incidents", "killed_best", "injured_high"],
        ["2014", "3", "7", "0"],
        ["2016", "2", "1", "0"],
        ["", "1", "7", "0"],
    ]
    (head, *_) = table(api, "group_by=year&fields=killed")
    assert head == [f"killed_{name}" for name in SUMS]
    for query, parameter in (
        ("format=csv&group_by=year&fields=month", "fields"),
        ("format=csv&group_by=year&links=false&fields=list", "fields"),
        ("group_by=year&fields=year", "fields"),
        ("group_by=year&escape=spreadsheet", "escape"),
    ):
        (fault,) = api.ask(f"statistics?{query}", 400)["errors"]
        assert fault["parameter"] == parameter, fault
    address = "statistics?format=csv&group_by=year&fields=yaer,killed.bset"
    faults = api.ask(address, 400)["errors"]
    for fault, nearest in zip(faults, ("year", "killed.best"), strict=True):
        assert f"Did you mean “{nearest}”?" in fault["detail"]


def test_a_spreadsheet_takes_no_label_for_a_formula(api: ContractClient, publish: Any) -> None:
    actor = Actor.objects.create(name="=HYPERLINK()", kind="armed_organisation")
    incident = Incident.objects.create(title="a", date="2014")
    incident.involvements.create(role="perpetrator", actor=actor)
    publish(actor, incident)
    fields = "group_by=perpetrator&fields=perpetrator_label"
    assert table(api, fields)[1] == ["=HYPERLINK()"]
    (head,), (label,) = table(api, f"{fields}&escape=spreadsheet")
    assert (head, label) == ("\ufeffperpetrator_label", "'=HYPERLINK()")


def test_the_span_that_is_filled_is_that_of_the_request(api: ContractClient, attacks: Any) -> None:
    months = groups(api, "month&fill=true&occurred_from=2014-05&occurred_to=2014-08&weapon=rocket")
    assert months == {"2014-05": 0, "2014-06": 1, "2014-07": 0, "2014-08": 0}
    assert groups(api, "quarter&fill=true&starts_in=2016") == {
        "2016-Q1": 2,
        "2016-Q2": 0,
        "2016-Q3": 0,
        "2016-Q4": 0,
    }
    assert groups(api, "year&fill=true&occurred_from=2012&event_type=protest") == {}
    bounded = "year&fill=true&occurred_from=2012&occurred_to=2013&event_type=protest"
    assert groups(api, bounded) == {"2012": 0, "2013": 0}
    years = groups(api, "year&fill=true&occurred_from=2013&occurred_to=2014-06-10")
    assert years == {"2013": 0, "2014": 3, None: 1}
    assert assert_lists(api, "group_by=month&fill=true&occurred_from=2014-05&occurred_to=2014-08")


def test_a_distant_incident_that_stretches_the_span_is_named(
    api: ContractClient, attacks: Any, few: Any, publish: Any
) -> None:
    publish(Incident.objects.create(title="Revolt", date="1920-05", slug="revolt"))
    (warning,) = api.ask(f"{API}month&fill=true")["warnings"]
    assert (warning["code"], warning["parameter"]) == ("sparse_periods", "fill")
    assert warning["detail"].startswith(
        "Over half of the periods are empty. The first incident is “Revolt” on 1920-05-01 "
        "(revolt), the last “later” on 2016-03-01 ("
    )
    assert api.ask(f"{API}month&fill=true&occurred_from=2014&occurred_to=2016-03")["warnings"] == []
    response = api.get(f"/api/v1/{API}month&fill=true&format=csv", secure=True)
    assert json.loads(response["Muster-Warning"]) == [warning]
    few(1000, expected=1000)
    (fault,) = api.ask(f"{API}month&fill=true", 400)["errors"]
    assert "“Revolt” on 1920-05-01" in fault["detail"]


def test_a_scope_on_the_day_of_the_incident_has_no_list_by_perpetrator(
    api: ContractClient, attacks: Any
) -> None:
    query = "group_by=perpetrator&perpetrator=pmf&perpetrator_scope=all"
    answer = api.ask(f"statistics?{query}")
    assert answer["total"] == count(api, answer["list"]) == 2  # the undated one may be
    assert {group["list"] for group in answer["groups"]} == {None}
    assert assert_lists(api, f"{query}&scope_at=any") == 2


def test_totals_and_groups_are_the_counts_of_their_lists(
    api: ContractClient, attacks: dict[str, Incident], kataib: Actor, publish: Any, reviewer: Any
) -> None:
    early = Edition.objects.newest_snapshot()
    attacks["later"].date = "2017-03-01"
    attacks["later"].save()
    publish(attacks["later"])
    workflow.withdraw(attacks["same month"], reviewer, "It was another group.")
    chance, named = random.Random(1), 0
    questions = [
        *("event_type=battle", "event_type=battle&event_type=riot", "country=IQ", "country=IQ-AN"),
        *("perpetrator=kataib", "perpetrator=pmf&perpetrator_scope=all", "certainty_min=confirmed"),
        *("perpetrator_kind=armed_organisation", "weapon=rocket&calibre_mm=107", "starts_in=2014"),
        *("starts_in=2014-W24", "occurred_from=2014-06-11", "granularity=series", "q=day"),
        *("occurred_to=2015&dates=certain", "killed_min=2", f"snapshot={early}"),
        *("perpetrator=kataib&perpetrator=isis", "attribution_status=probable", "place=iraq"),
    ]
    for _ in range(60):
        query = chance.sample(questions, chance.randint(0, 2))
        names = [part.split("=")[0] for one in query for part in one.split("&")]
        if len({one.split("=")[0] for one in query}) < len(query) or len(names) > len(set(names)):
            continue
        by = chance.sample(list(GroupBy.values), chance.randint(1, 3))
        named += assert_lists(api, "&".join([f"group_by={word}" for word in by] + query))
    assert named > 40
    assert api.ask(f"{API}year&snapshot={early}")["total"] == 6
    assert api.ask(f"{API}year")["total"] == 5


def test_the_figures_of_the_documentation(
    api: ContractClient, publish: Any, pmf: Actor, kataib: Actor
) -> None:
    incidents = []
    for title, day, *bounds in read_table("statistics", "| incident | date | low | best | high |"):
        incident = Incident.objects.create(title=title, date=day)
        incident.involvements.create(role="perpetrator", actor=kataib)
        figure: dict[str, Any] = dict(
            zip(("low", "best", "high"), map(read_number, bounds), strict=True)
        )
        figure |= {"measure": "killed", "role": "recommended", "quantifier": "unspecified"}
        incident.casualties.create(**figure)
        incidents.append(incident)
    membership = Affiliation.objects.create(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2014-06",
        start_kind="actual",
        end_kind="ongoing",
        last_verified="2016-01-01",
    )
    publish(pmf, kataib, membership, *incidents)
    head = "| request | group | incidents | low | best | high |"
    for query, key, number, *sums in read_table("statistics", head):
        answer = api.ask(f"statistics?{query}")
        counted = {
            group["keys"][0]["key"] or "null": (group["incidents"], group["killed"])
            for group in answer["groups"]
        } | {"": (answer["total"], answer["killed"])}
        incidents_, killed = counted[key]
        assert str(incidents_) == number, (query, key)
        assert [str(killed[bound]) for bound in ("low", "best", "high")] == sums, (query, key)


def read_number(cell: str) -> int | None:
    """Return the number in a cell of a table."""
    return int(cell) if cell else None


def test_invalid_parameters_are_refused(api: ContractClient, attacks: Any) -> None:
    for query, parameter, code in (
        ("group_by=decade", "group_by", "invalid"),
        ("group_by=year&group_by=year", "group_by", "contradiction"),
        ("&".join(f"group_by={by}" for by in GroupBy.values[:4]), "group_by", "too_many"),
        ("group_by=country&fill=true", "fill", "contradiction"),
        ("limit=5", "limit", "contradiction"),
        ("sort=killed", "sort", "contradiction"),
        ("group_by=year&limit=0", "limit", "invalid"),
        ("group_by=year&fill=true&limit=5", "limit", "contradiction"),
        ("group_by=year&fill=true&sort=killed", "sort", "contradiction"),
        ("group_by=year&format=ndjson", "format", "invalid"),
    ):
        answer = api.ask(f"statistics?{query}", 400)
        assert (parameter, code) in {(e["parameter"], e["code"]) for e in answer["errors"]}, answer


def test_the_number_of_queries_follows_from_the_request(
    api: ContractClient, attacks: Any, django_assert_num_queries: Any
) -> None:
    api.ask(f"{API}year")
    with django_assert_num_queries(5):  # two look at which snapshot the totals stand
        api.get(f"/api/v1/{API}year", secure=True)
    with django_assert_num_queries(3):
        api.get(f"/api/v1/{API}year&country=IQ", secure=True)
    with django_assert_num_queries(7):  # how many groups to expect: of days, and of types
        api.get(f"/api/v1/{API}year&group_by=event_type", secure=True)
    with django_assert_num_queries(7):
        api.get(f"/api/v1/{API}perpetrator", secure=True)
    with django_assert_num_queries(9):  # also which keys come first
        api.get(f"/api/v1/{API}year&group_by=event_type&sort=incidents&limit=2", secure=True)
    tag = api.get(f"/api/v1/{API}year", secure=True)["ETag"]
    with django_assert_num_queries(1):
        answer = api.get(f"/api/v1/{API}year", headers={"If-None-Match": tag}, secure=True)
    assert answer.status_code == 304
