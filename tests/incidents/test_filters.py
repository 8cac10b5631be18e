"""The filters of incidents: each alone, and several that a single row must match."""

import json
from typing import Any

import pytest

from actors.models import Actor, Affiliation
from incidents.codes import CasualtyMeasure
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db


def incident(title: str, **columns: Any) -> Incident:
    """Make an incident."""
    return Incident.objects.create(title=title, **columns)


def found(api: ContractClient, query: str) -> set[str]:
    """Return the titles of the incidents that match a query."""
    return set(api.names(f"incidents?{query}"))


@pytest.fixture
def brigade(db: None) -> Actor:
    """An army unit, to distinguish from the militias."""
    return Actor.objects.create(name="Brigade", slug="brigade", kind="unit")


def test_a_period_matches_precise_enough_starts(api: ContractClient, publish: Any) -> None:
    dates = {
        "day": "2014-06-12",
        "days": "[2014-06-30..2014-07-02]",
        "month": "2014-06",
        "season": "2014-22",
        "year": "2014",
        "longer": "201X",
        "undated": "",
        "lasting": "2014-06-12/2015-03-01",
    }
    publish(*(incident(title, date=date) for title, date in dates.items()))
    assert found(api, "starts_in=2014") == set(dates) - {"longer", "undated"}
    assert found(api, "starts_in=2014-06") == {"day", "days", "month", "lasting"}
    assert found(api, "starts_in=2014-07") == set()
    assert found(api, "starts_in=2014-W24") == {"day", "lasting"}


def test_days_are_compared_with_the_first_and_the_last_day(
    api: ContractClient, publish: Any
) -> None:
    dates = {
        "day": "2014-06-12",
        "days": "2014-06-10/2014-06-20",
        "month": "2014-06",
        "doubted": "2014-06-12?",
        "undated": "",
    }
    publish(*(incident(title, date=date) for title, date in dates.items()))
    assert found(api, "occurred_from=2014-06-12") == set(dates)
    assert found(api, "occurred_from=2014-06-21") == {"month", "undated"}
    assert found(api, "occurred_from=2014-06-12&dates=certain") == {"day"}
    assert found(api, "occurred_from=2014-06&dates=certain") == {"day", "days", "month"}
    assert found(api, "occurred_to=2014-06-09") == {"month", "undated"}
    assert found(api, "occurred_to=2014-06-12") == set(dates)
    assert found(api, "occurred_to=2014-06-12&dates=certain") == {"day"}
    assert found(api, "occurred_to=2014-06-20&dates=certain") == {"day", "days"}
    assert found(api, "occurred_to=2014&dates=certain") == {"day", "days", "month"}
    (fault,) = api.ask("incidents?occurred_from=2015&occurred_to=2014", 400)["errors"]
    assert fault["parameter"] == "occurred_from"


@pytest.mark.parametrize(
    "period", ["2014-13", "2014-W60", "2014-W24-1", "June", "0000", "2014-W00"]
)
def test_an_invalid_period_is_refused(api: ContractClient, period: str) -> None:
    problem = api.ask(f"incidents?starts_in={period}", 400)
    assert problem["errors"][0]["parameter"] == "starts_in"


def test_words_of_an_incident(api: ContractClient, publish: Any) -> None:
    publish(
        incident("a", motives=["ethnic", "political"], suicide=True, outcome="foiled"),
        incident("b", tags=["siege", "coup"], suicide=False, civilians_targeted=True),
        incident("c"),
    )
    assert found(api, "motive=political&motive=criminal") == {"a"}
    assert found(api, "motive=unknown") == {"b", "c"}
    assert found(api, "tag=coup") == {"b"}
    assert found(api, "outcome=foiled") == {"a"}
    assert found(api, "suicide=true") == {"a"}
    assert found(api, "suicide=false") == {"b"}  # unknown is not false
    assert found(api, "civilians_targeted=true") == {"b"}


def test_actor_kind_and_certainty_match_one_involvement(
    api: ContractClient, kataib: Actor, pmf: Actor, brigade: Actor, publish: Any
) -> None:
    a, b, c = incident("a"), incident("b"), incident("c")
    a.involvements.create(role="perpetrator", actor=kataib, certainty="suspected")
    a.involvements.create(role="co_perpetrator", actor=brigade)
    b.involvements.create(role="supporter", actor=kataib, certainty="probable")
    b.involvements.create(role="mediator", actor=pmf, certainty="possible")
    c.involvements.create(role="victim", actor=brigade, certainty="ruled_out")
    c.involvements.create(role="target", actor=brigade, assessment="rejected", note="No.")
    publish(kataib, pmf, brigade, a, b, c)
    assert found(api, "participant=kataib") == {"a", "b"}
    assert found(api, "participant=brigade") == {"a"}
    assert found(api, "sponsor=kataib") == {"b"}
    assert found(api, "perpetrator_kind=unit") == {"a"}
    assert found(api, "perpetrator=kataib&perpetrator_kind=armed_organisation") == {"a"}
    assert found(api, "perpetrator=kataib&perpetrator_kind=unit") == set()
    assert found(api, "participant_kind=coalition&sponsor_kind=armed_organisation") == {"b"}
    assert found(api, "perpetrator=kataib&certainty_min=possible") == set()
    assert found(api, "perpetrator=brigade&certainty_min=confirmed") == {"a"}
    assert found(api, "participant=kataib&certainty_min=probable") == {"b"}
    assert found(api, "certainty_min=probable") == {"a", "b"}
    assert found(api, "certainty_min=confirmed") == {"a"}
    assert found(api, "victim_kind=unit") == set()
    assert_whole()


def test_speakers_and_named_actors_of_statements_that_count(
    api: ContractClient, kataib: Actor, pmf: Actor, brigade: Actor, publish: Any
) -> None:
    a, b, c = incident("a"), incident("b"), incident("c")
    a.statements.create(kind="claim", speaker=pmf).responsible.create(actor=kataib)
    a.statements.create(kind="denial", speaker_label="Its spokesman").responsible.create(
        actor=kataib
    )
    b.statements.create(kind="accusation", speaker=brigade).responsible.create(
        actor=pmf, on_behalf_of=kataib
    )
    b.statements.create(kind="denial", speaker=pmf)
    c.statements.create(kind="claim", speaker=kataib, authenticity="fake")
    c.statements.create(kind="denial", speaker=pmf).responsible.create(actor=brigade)
    publish(kataib, pmf, brigade, a, b, c)
    assert found(api, "claimed_by=kataib") == found(api, "announced_by=pmf") == {"a"}
    assert found(api, "announced_by=kataib") == set()
    assert found(api, "denied_by=kataib") == {"a"}
    assert found(api, "denied_by=pmf") == {"b"}
    assert found(api, "denied_by=brigade") == {"c"}  # whom the denial names, not its speaker
    assert found(api, "accused=pmf") == found(api, "accused_by=brigade") == {"b"}
    assert found(api, "accused=pmf&accused_by=pmf") == set()
    assert found(api, "participant=kataib") == set()  # a speaker is not involved
    assert found(api, "claim_status=claimed") == {"a"}
    assert found(api, "claim_status=none") == {"b", "c"}
    assert found(api, "denied=true") == {"a", "b"}
    assert found(api, "attribution_status=claimed_only") == {"a"}
    assert found(api, "attribution_status=unattributed&denied=false") == {"c"}
    assert found(api, "facade_claim=true") == set()


def test_parameters_of_weapons_and_targets_match_one_row(api: ContractClient, publish: Any) -> None:
    a, b = incident("a"), incident("b")
    a.weapons.create(weapon="rocket", calibre_mm="107", origin="IR")
    a.weapons.create(weapon="mortar", calibre_mm="81.5")
    b.weapons.create(weapon="rocket", calibre_mm="122")
    a.target_objects.create(type="military", nationality="US")
    a.target_objects.create(type="utilities", nationality="IQ")
    publish(a, b)
    assert found(api, "weapon=rocket") == {"a", "b"}
    assert found(api, "weapon=rocket&calibre_mm=107.0") == {"a"}
    assert found(api, "weapon=rocket&calibre_mm=81.5") == set()
    assert found(api, "calibre_mm=81.5&calibre_mm=122") == {"a", "b"}
    assert found(api, "weapon_origin=IR&weapon=mortar") == set()
    assert found(api, "weapon_origin=IR") == {"a"}
    assert found(api, "target_type=military&target_nationality=US") == {"a"}
    assert found(api, "target_type=military&target_nationality=IQ") == set()
    for refused in ("calibre_mm=0", "calibre_mm=NaN", "calibre_mm=1e3", "weapon_origin=Iran"):
        api.ask(f"incidents?{refused}", 400)


@pytest.mark.parametrize("measure", CasualtyMeasure.values)
def test_casualties_are_compared_by_the_best_or_else_the_next_number(
    api: ContractClient, publish: Any, measure: str
) -> None:
    figures: dict[str, dict[str, Any]] = {
        "none": {"best": 0},
        "five": {"best": 5},
        "3 to 9": {"low": 3, "best": 5, "high": 9, "quantifier": "between"},
        "at least 9": {"low": 9, "quantifier": "at_least"},
        "at most 3": {"high": 3, "quantifier": "at_most"},
        "dozens": {"quantifier": "dozens"},
        "civilians": {"best": 4, "population": "civilians"},
    }
    incidents = {title: incident(title) for title in (*figures, "supporting", "unspecified")}
    for title, columns in figures.items():
        incidents[title].casualties.create(measure=measure, role="recommended", **columns)
    incidents["supporting"].casualties.create(measure=measure, best=9)
    incidents["unspecified"].casualties.create(
        measure=measure, quantifier="unspecified", role="recommended"
    )
    publish(*incidents.values())
    assert found(api, f"{measure}=known") == set(figures)
    assert found(api, f"{measure}=unknown") == {"supporting", "unspecified"}
    assert found(api, f"{measure}_max=4") == {"none", "at most 3"}
    assert found(api, f"{measure}_min=5") == {"five", "3 to 9", "at least 9", "dozens"}
    assert found(api, f"{measure}_min=4&{measure}_max=5") == {"five", "3 to 9"}
    assert found(api, f"{measure}_min=0") == set(figures) - {"at most 3"}
    api.ask(f"incidents?{measure}_min=3&{measure}_max=2", 400)
    api.ask(f"incidents?{measure}=unknown&{measure}_min=2", 400)


def test_sources_and_publishers_of_any_part(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    agency = Publisher.objects.create(name="Agency")
    report = Source.objects.create(title="Report", publisher=agency)
    secret = Source.objects.create(title="Secret", publisher=agency, confidential=True)
    a, b, c = incident("a"), incident("b"), incident("c")
    a.citations.create(source=report)
    statement = b.statements.create(kind="claim", speaker=kataib)
    statement.citations.create(source=report)
    c.citations.create(source=secret)
    publish(agency, report, kataib, a, b, c)
    assert found(api, f"source={report.public_id}") == {"a", "b"}
    assert found(api, f"publisher={agency.public_id}") == {"a", "b"}
    assert found(api, f"source={secret.public_id}") == set()


def test_links_are_read_from_either_end(api: ContractClient, publish: Any) -> None:
    war, strike, answer = incident("war", slug="war"), incident("strike"), incident("answer")
    strike.links.create(kind="part_of", to=war)
    answer.links.create(kind="retaliation_for", to=strike)
    publish(war, strike, answer)
    of = f"linked_to={strike.public_id}"
    assert found(api, of) == {"war", "answer"}
    assert found(api, f"{of}&link_direction=to") == {"answer"}
    assert found(api, f"{of}&link_direction=from") == {"war"}
    assert found(api, f"{of}&link_kind=part_of") == {"war"}
    assert found(api, "linked_to=war") == {"strike"}
    api.ask("incidents?link_kind=part_of", 400)
    api.ask("incidents?link_direction=to", 400)


def test_types_of_an_incident(api: ContractClient, publish: Any) -> None:
    publish(
        incident("a", event_type="battle", sub_type="ambush", violence="state_based"),
        incident("b", event_type="battle", violence="one_sided", granularity="series"),
        incident("c"),
    )
    assert found(api, "event_type=battle") == {"a", "b"}
    assert found(api, "sub_type=ambush") == {"a"}
    assert found(api, "violence=one_sided&violence=non_state") == {"b"}
    assert found(api, "granularity=series") == {"b"}
    for refused in ("event_type=Battle", "sub_type=none", "violence=3", "granularity=many"):
        api.ask(f"incidents?{refused}", 400)


def test_locations(api: ContractClient, iraq: Place, publish: Any) -> None:
    anbar = Place.objects.create(
        name="Anbar", kind="admin1", parent=iraq, country="IQ", admin1="IQ-AN"
    )
    a, b = incident("a"), incident("b")
    exact = {"precision": "exact", "public_precision": "exact", "latitude": 33, "longitude": 43}
    a.locations.create(place=anbar, primary=True, **exact)
    b.locations.create(place=iraq, primary=True, precision="country", public_precision="country")
    b.locations.create(place=anbar, precision="admin1", public_precision="admin1")
    publish(iraq, anbar, a, b)
    assert found(api, "place=IQ-AN") == found(api, "place=anbar") == {"a", "b"}
    assert found(api, "admin1=IQ-AN") == {"a"}
    assert found(api, "country=IQ") == {"a", "b"}
    assert found(api, "precision_min=admin1") == {"a"}
    assert found(api, "precision_min=country") == {"a", "b"}
    assert found(api, "bbox=42,32,44,34") == {"a"}
    assert found(api, "near=43,33.05") == found(api, "near=43,33.2&radius_km=50") == {"a"}
    assert found(api, "near=43,33.2") == set()
    for refused in ("admin1=IQ", "place=A%20B", "precision_min=fine", "bbox=1,2,3", "near=43"):
        api.ask(f"incidents?{refused}", 400)


@pytest.mark.parametrize(
    ("role", "scope", "kind"),
    [
        ("participant", "participant_scope=members", "participant_kind="),
        ("perpetrator", "perpetrator_scope=members", "perpetrator_kind="),
        ("target", "target_scope=members", "target_kind="),
        ("victim", "victim_scope=members", "victim_kind="),
        ("sponsor", "sponsor_scope=members", "sponsor_kind="),
    ],
)
def test_every_role_has_a_kind_and_a_scope(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any, role: str, scope: str, kind: str
) -> None:
    a = incident("a", date="2020")
    word = {"sponsor": "supporter", "participant": "mediator"}.get(role, role)
    a.involvements.create(role=word, actor=kataib)
    member = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2014", start_kind="actual"
    )
    publish(kataib, pmf, member, a)
    assert found(api, f"{role}=kataib") == {"a"}
    assert found(api, f"{role}=pmf") == found(api, f"{role}=pmf&{role}_scope=self") == set()
    assert found(api, f"{role}=pmf&{scope}") == {"a"}
    assert found(api, f"{kind}armed_organisation") == {"a"}
    assert found(api, f"{kind}state") == set()
    (fault,) = api.ask(f"incidents?{scope}", 400)["errors"]
    assert fault["detail"] == f"Use `{role}_scope` only together with `{role}`."


@pytest.mark.parametrize(
    ("parameter", "scope"),
    [
        ("claimed_by", "claimed_by_scope=members"),
        ("announced_by", "announced_by_scope=members"),
        ("denied_by", "denied_by_scope=members"),
        ("accused", "accused_scope=members"),
        ("accused_by", "accused_by_scope=members"),
        ("statement_about", "statement_about_scope=members"),
        ("statement_by", "statement_by_scope=members"),
    ],
)
def test_every_side_of_a_statement_has_a_scope(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any, parameter: str, scope: str
) -> None:
    a = incident("a", date="2020")
    a.statements.create(kind="claim", speaker=kataib).responsible.create(actor=kataib)
    a.statements.create(kind="accusation", speaker=kataib).responsible.create(actor=kataib)
    a.statements.create(kind="denial", speaker=kataib)
    member = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2014", start_kind="actual"
    )
    publish(kataib, pmf, member, a)
    assert found(api, f"{parameter}=kataib") == {"a"}
    assert found(api, f"{parameter}=pmf") == set()
    assert found(api, f"{parameter}=pmf&{scope}") == {"a"}
    api.ask(f"incidents?{scope}", 400)


def test_centroids_of_geojson(api: ContractClient, publish: Any) -> None:
    town = Place.objects.create(
        name="Town", kind="settlement", country="IQ", latitude=34, longitude=41
    )
    a = incident("a")
    a.locations.create(
        place=town, primary=True, precision="settlement", public_precision="settlement"
    )
    publish(town, a)

    def geometries(query: str) -> list[Any]:
        response: Any = api.get(f"/api/v1/incidents?format=geojson{query}", secure=True)
        features = json.loads(b"".join(response.streaming_content))["features"]
        return [feature["geometry"] for feature in features]

    assert geometries("") == geometries("&centroids=false") == [None]
    assert geometries("&centroids=true") == [{"type": "Point", "coordinates": [41, 34]}]


def test_external_ids(api: ContractClient, publish: Any) -> None:
    a, b = incident("a"), incident("b")
    a.external_ids.create(scheme="ucdp_event", value="17")
    b.external_ids.create(scheme="acled_event", value="17")
    publish(a, b)
    assert found(api, "external_id=ucdp_event:17") == {"a"}
    assert found(api, "external_id=ucdp_event:17&external_id=acled_event:17") == {"a", "b"}
    for refused in ("external_id=17", "external_id=ucdp_event:", "external_id=none:17"):
        api.ask(f"incidents?{refused}", 400)


def test_incidents_are_filtered_by_the_topics_of_their_assessments(
    api: ContractClient, publish: Any
) -> None:
    a, b = incident("a"), incident("b")
    a.assessments.create(topic="trend", text="More of the same.")
    b.assessments.create(topic="outlook", text="Peace.")
    publish(a, b)
    assert found(api, "topic=trend") == {"a"}
    assert found(api, "topic=trend&topic=outlook") == {"a", "b"}
    assert found(api, "topic=aims") == set()
    assert api.ask("statistics?group_by=year&topic=trend")["total"] == 1
