"""Incidents: dates, codes and the properties of the incident itself."""

from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from actors.models import Actor, Affiliation
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident, IncidentLocation
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def find_titles(api: ContractClient, first: str, last: str, dates: str) -> set[str]:
    """Return the titles of the incidents between two days."""
    return set(api.names(f"incidents?occurred_from={first}&occurred_to={last}&dates={dates}"))


def test_date_certainty_decides_which_incidents_a_day_finds(
    api: ContractClient, publish: Any
) -> None:
    dates = {
        "day": "2014-06-10",
        "month": "2014-06",
        "year": "2014",
        "doubted": "2014-06-10?",
        "set": "[2014-06-09..2014-06-11]",
        "undated": "",
    }
    publish(*(Incident.objects.create(title=title, date=date) for title, date in dates.items()))
    everything = set(dates)
    assert find_titles(api, "2014-06-10", "2014-06-10", "possible") == everything
    assert find_titles(api, "2014-06-10", "2014-06-10", "certain") == {"day"}
    assert find_titles(api, "2014-06", "2014-06", "certain") == {"day", "set", "month"}
    assert find_titles(api, "2014", "2014", "certain") == {"day", "set", "month", "year"}
    assert find_titles(api, "2014-01-01", "2014-01-01", "possible") == {"year", "undated"}
    assert find_titles(api, "2015", "2015", "possible") == {"undated"}


def test_a_series_is_certain_only_in_a_period_that_contains_it(
    api: ContractClient, publish: Any
) -> None:
    publish(Incident.objects.create(title="Series", date="2003/2011", granularity="series"))
    assert find_titles(api, "2005", "2005", "possible") == {"Series"}
    assert find_titles(api, "2005", "2005", "certain") == set()
    assert find_titles(api, "2003", "2011", "certain") == {"Series"}


def test_an_open_end_is_known_until_a_day(api: ContractClient, publish: Any) -> None:
    incident = Incident.objects.create(
        title="Since", date="2019/..", granularity="series", as_of="2021-03-04"
    )
    publish(incident)
    document = api.ask(f"incidents/{incident.public_id}")
    assert (document["date_start"], document["date_end"]) == ("2019-01-01", "2021-03-04")


def test_an_open_end_may_go_on_for_ever_and_is_certain_on_no_day(
    api: ContractClient, publish: Any
) -> None:
    publish(Incident.objects.create(title="Open", date="2019/.."))
    assert find_titles(api, "2018", "2018", "possible") == set()
    assert find_titles(api, "2090", "2090", "possible") == {"Open"}
    assert find_titles(api, "0001", "9999", "certain") == set()
    (row,) = api.ask("incidents?sort=oldest")["results"]
    assert (row["date_start"], row["date_end"]) == ("2019-01-01", None)
    assert (row["date_precision"], row["date"]) == ("longer", "2019/..")
    (group,) = api.ask("statistics?group_by=year")["groups"]
    assert (group["keys"][0]["key"], group["incidents"]) == (None, 1)
    assert api.names("incidents?starts_in=2019") == []


@pytest.mark.parametrize(
    ("date", "precision", "years"),
    [
        ("2016-01-05/2016-01-08", "day", ["2016"]),
        ("2014-06/2014-08", "month", ["2014"]),
        ("2014-06-30~/2014-08-02", "week", ["2014"]),
        ("2014-21/2014-08", "season", ["2014"]),
        ("2014~/2016", "longer", [None]),
        ("2014/2016", "year", ["2014"]),
    ],
)
def test_an_interval_is_as_precise_as_the_coarser_of_its_ends(
    api: ContractClient, publish: Any, date: str, precision: str, years: list[str | None]
) -> None:
    incident = Incident.objects.create(title="Siege", date=date)
    publish(incident)
    assert api.ask(f"incidents/{incident.public_id}")["date_precision"] == precision
    groups = api.ask("statistics?group_by=year")["groups"]
    assert [group["keys"][0]["key"] for group in groups] == years
    weeks = api.ask("statistics?group_by=week")["groups"]
    assert (weeks[0]["keys"][0]["key"] is None) == (precision not in ("day", "week"))


def test_a_set_with_a_hole_is_not_possible_in_the_hole(api: ContractClient, publish: Any) -> None:
    publish(Incident.objects.create(title="Set", date="[2016,2018,2020-05]"))
    assert find_titles(api, "2016", "2016", "possible") == {"Set"}
    assert find_titles(api, "2017", "2017", "possible") == set()
    assert find_titles(api, "2017", "2018", "possible") == {"Set"}
    assert find_titles(api, "2019", "2020-04", "possible") == set()
    assert find_titles(api, "2020-05", "2020-05", "possible") == {"Set"}
    assert find_titles(api, "2016", "2020-05", "certain") == {"Set"}
    query = "occurred_from=2017&occurred_to=2017"
    assert api.ask(f"statistics?group_by=event_type&{query}")["total"] == 0
    assert api.ask(f"incidents?{query}&count=true")["count"] == 0
    assert api.names("incidents?occurred_from=2017") == ["Set"]
    assert api.names("incidents?occurred_to=2017") == ["Set"]


def test_a_set_with_a_hole_is_not_rolled_up_by_an_affiliation_in_the_hole(
    api: ContractClient, publish: Any, pmf: Actor, kataib: Actor
) -> None:
    years = {"start_kind": "actual", "end_kind": "actual"}
    member = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2017-02", end="2017-06", **years
    )
    incident = Incident.objects.create(title="Set", date="[2016,2018]")
    incident.involvements.create(actor=kataib, role="perpetrator", certainty="confirmed")
    publish(pmf, kataib, member, incident)
    query = "perpetrator=pmf&perpetrator_scope=members"
    for more in ("", "&sort=recently_edited", "&event_type=unknown", "&count=true"):
        assert api.names(f"incidents?{query}{more}") == [], more
    assert api.names(f"incidents?{query}&scope_at=any") == ["Set"]
    assert api.ask(f"statistics?group_by=year&{query}")["total"] == 0
    member.end = "2018-01-01"
    member.save()
    publish(member)
    assert api.names(f"incidents?{query}") == ["Set"]


def test_codes_contain_the_country_and_the_year(iraq: Place, publish: Any) -> None:
    incident = Incident.objects.create(title="x", date="2014-06")
    IncidentLocation.objects.create(
        incident=incident, place=iraq, primary=True, precision="country", public_precision="country"
    )
    bare = Incident.objects.create(title="y")
    publish(iraq, incident, bare)
    incident.refresh_from_db()
    bare.refresh_from_db()
    assert (incident.slug[:9], len(incident.slug)) == ("irq-2014-", 13)
    assert bare.slug.startswith("xxx-0000-")


def test_the_details_of_an_incident_are_published(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    bare = Incident.objects.create(title="Bare")
    attack.local_time, attack.motives = time(19, 20), ["political", "ethnic"]
    attack.civilians_targeted, attack.suicide = False, True
    attack.property_damage, attack.tags = "minor", ["oil_and_gas"]
    attack.full_clean()
    attack.save()
    publish(attack, bare)
    document = api.ask(f"incidents/{attack.public_id}")
    assert (document["local_time"], document["motives"]) == ("19:20:00", ["ethnic", "political"])
    assert (document["civilians_targeted"], document["suicide"]) == (False, True)
    assert (document["property_damage"], document["tags"]) == ("minor", ["oil_and_gas"])
    document = api.ask(f"incidents/{bare.public_id}")
    assert (document["local_time"], document["motives"], document["tags"]) == (
        None,
        ["unknown"],
        [],
    )
    assert (document["civilians_targeted"], document["property_damage"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"motives": []}, "incident_motives_known_or_not"),
        ({"motives": ["unknown", "ethnic"]}, "incident_motives_known_or_not"),
        ({"motives": ["boredom"]}, "check"),
        ({"tags": ["boredom"]}, "check"),
        ({"property_damage": "some"}, "check"),
        ({"date": "2019-12", "local_time": "12:00"}, "incident_time_of_one_day"),
    ],
)
def test_the_database_refuses_invalid_incidents(columns: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Incident.objects.create(title="x", **columns)


def test_unknown_motives_are_refused_by_the_database_and_by_forms(attack: Incident) -> None:
    with (
        pytest.raises(IntegrityError, match="motives"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE incidents_incident SET motives = '{revenge}'")
    attack.motives = ["revenge"]
    with pytest.raises(ValidationError, match="revenge"):
        attack.full_clean()


def test_an_incident_without_a_date_has_no_time_of_day() -> None:
    assert Incident.objects.create(title="x", local_time="12:00").local_time is None


def test_motives_tags_and_times_can_be_redacted(
    attack: Incident, publish: Any, reviewer: User
) -> None:
    attack.local_time, attack.motives, attack.tags = time(19, 20), ["ethnic"], ["siege"]
    attack.save()
    publish(attack)
    redact(attack, reviewer, "Wrong.", fields=["motives", "tags", "date"])
    attack.refresh_from_db()
    assert (attack.motives, attack.tags, attack.local_time) == (["unknown"], [], None)
    newest = attack.edition
    assert newest
    assert newest.document
    assert '"motives":["unknown"],' in newest.document
    assert '"local_time":null' in newest.document
