"""Filters of actors and affiliations by their parts, on a day."""

import csv
from typing import Any

import pytest

from actors.models import Actor, Affiliation
from incidents.models import Incident
from places.models import Place
from sources.models import Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def lasting(start: str, end: str) -> dict[str, str]:
    """Return a validity that began and ended on given days."""
    return {"start": start, "start_kind": "actual", "end": end, "end_kind": "actual"}


@pytest.fixture
def iran(db: None) -> Actor:
    """A state."""
    return Actor.objects.create(name="Iran", slug="iran", kind="state")


@pytest.fixture
def backing(kataib: Actor, iran: Actor) -> Any:
    """A close sponsorship, with weapons for some years and money for others."""
    tie = Affiliation.objects.create(
        subject=kataib,
        kind="sponsored_by",
        object=iran,
        closeness="close",
        basis="assessed",
        confidence="medium",
        **lasting("2005", "2020"),
    )
    tie.support.create(type="weapons", **lasting("2006", "2008"))
    tie.support.create(type="funding", **lasting("2015", "2018"))
    return tie


def test_actors_are_found_by_their_classification_on_a_day(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    kataib.classifications.create(classification="rebel_group", **lasting("2007", "2013"))
    kataib.classifications.create(
        classification="mercenary", assessment="rejected", note="No.", **lasting("2007", "2013")
    )
    pmf.classifications.create(classification="state_paramilitary", **lasting("2010", "2020"))
    publish(kataib, pmf)
    assert api.names("actors?classification=rebel_group") == ["Kataib Hezbollah"]
    assert api.names("actors?classification=rebel_group&at=2010") == ["Kataib Hezbollah"]
    assert api.names("actors?classification=rebel_group&at=2015") == []
    assert api.names("actors?classification=mercenary") == [], "it is rejected"
    assert api.names("actors?classification=state_paramilitary&at=2014") == [str(pmf)]
    assert api.names("actors?classification=state_paramilitary&at=2012") == [], "not yet there"
    certain = "actors?classification=state_paramilitary&dates=certain&at="
    assert api.names(f"{certain}2016") == [str(pmf)], "so the umbrella certainly existed"
    assert api.names(f"{certain}2012") == []
    assert api.names("actors?at=2016&dates=certain") == [], "by its own dates it may have ended"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("actors?dates=certain", 400),
        ("actors?kind=unit&dates=certain", 400),
        ("actors?at=2016&dates=certain", 200),
        ("actors?affiliated_to=pmf&dates=certain", 200),
        ("actors?affiliation_kind=member_of&dates=certain", 200),
        ("actors?support_type=weapons&dates=certain", 200),
        ("actors?classification=rebel_group&dates=certain", 200),
        ("actors?designated_by=us_fto&dates=certain", 200),
        ("actors?present_in=IQ&dates=certain", 200),
        ("actors?name=Hashd&dates=certain", 200),
        ("affiliations?dates=certain", 400),
        ("affiliations?q=pmf&dates=certain", 400),
        ("affiliations?kind=member_of&dates=certain", 200),
        ("affiliations?support_type=weapons&dates=certain", 200),
        ("network?actor=pmf&dates=certain", 200),
        ("incidents?dates=certain", 400),
        ("incidents?perpetrator=pmf&dates=certain", 400),
        ("incidents?perpetrator=pmf&perpetrator_scope=self&dates=certain", 400),
        ("incidents?perpetrator=pmf&perpetrator_scope=all&dates=certain", 200),
        ("incidents?perpetrator=pmf&perpetrator_scope=all&scope_at=any&dates=certain", 200),
        ("incidents?occurred_from=2016&dates=certain", 200),
        ("statistics?group_by=year&dates=certain", 400),
        ("sources?kind=report&dates=certain", 400),
        ("sources?source_date_to=2016&dates=certain", 200),
        ("actors?dates=possible", 200),
    ],
)
def test_certain_dates_are_refused_only_where_they_change_nothing(
    api: ContractClient, query: str, status: int
) -> None:
    api.ask(query, status)


def test_csv_with_a_day_has_the_classification_of_that_day(
    api: ContractClient, kataib: Actor, iran: Actor, publish: Any
) -> None:
    for word, start, end in (
        ("rebel_group", "2007", "2013"),
        ("state_paramilitary", "2014", "2020"),
    ):
        kataib.classifications.create(classification=word, primary=True, **lasting(start, end))
    publish(kataib, iran)

    def words(query: str) -> list[str]:
        response: Any = api.get(f"/api/v1/actors?format=csv{query}", secure=True)
        text = b"".join(response.streaming_content).decode()
        return [row["classification"] for row in csv.DictReader(text.splitlines())]

    assert words("") == ["unknown", "state_paramilitary"]
    assert words("&at=2010") == ["unknown", "rebel_group"]
    assert words("&at=2016-05") == ["unknown", "state_paramilitary"]
    assert words("&at=2022") == ["unknown", "unknown"]
    assert words("&classification=rebel_group&at=2010&dates=certain") == ["rebel_group"]
    (row,) = api.results("actors?classification=rebel_group&at=2010")
    assert row["classification"] == "state_paramilitary", "the stored summary"


def test_support_matches_its_own_basis_and_assessment(
    api: ContractClient, kataib: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    backing.support.create(type="command_and_control", basis="claimed", confidence="high")
    backing.support.create(type="intelligence", assessment="rejected", note="No.")
    publish(kataib, iran, backing)

    def found(query: str) -> int:
        return len(api.results(f"affiliations?{query}"))

    assert found("support_type=command_and_control&basis=claimed&confidence_min=high") == 1
    assert found("support_type=command_and_control&basis=assessed") == 0
    assert found("support_type=weapons&basis=claimed") == 0
    assert found("basis=claimed") == 0, "that of the affiliation itself"
    assert found("support_type=intelligence") == 0
    assert found("support_type=intelligence&assessment=rejected") == 1


def test_certain_without_a_day_means_on_some_day(
    api: ContractClient, kataib: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    kataib.classifications.create(classification="rebel_group", **lasting("2007", "2013"))
    kataib.classifications.create(classification="mercenary", **lasting("2007", "2007"))
    publish(kataib, iran, backing)
    assert api.names("actors?classification=rebel_group&dates=certain") == [str(kataib)]
    assert api.names("actors?classification=mercenary") == [str(kataib)]
    assert api.names("actors?classification=mercenary&dates=certain") == []
    assert api.names("actors?affiliated_to=iran&dates=certain") == [str(kataib)]
    assert len(api.ask("network?actor=iran&dates=certain")["edges"]) == 1
    iran.end, iran.end_kind = "2004", "actual"
    iran.save()
    publish(iran)
    assert api.names("actors?affiliated_to=iran&dates=certain") == []
    assert api.results("affiliations?object=iran&dates=certain") == []
    assert api.ask("network?actor=iran&dates=certain")["edges"] == []


def test_a_sponsorship_holds_on_the_days_of_its_support(
    api: ContractClient, kataib: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    backing.support.create(
        type="intelligence", assessment="rejected", note="No.", **lasting("2009", "2013")
    )
    publish(kataib, iran, backing)
    for day, certain, possible in (
        ("2005-06", 0, 0),
        ("2006-06", 0, 1),
        ("2007", 1, 1),
        ("2011", 0, 0),
        ("2016", 1, 1),
        ("2019", 0, 0),
    ):
        for dates, number in (("certain", certain), ("possible", possible)):
            at = f"at={day}&dates={dates}"
            assert len(api.results(f"affiliations?object=iran&{at}")) == number, at
            scoped = f"affiliations?subject=iran&subject_scope=sponsored&{at}"
            assert len(api.results(f"actors?affiliated_to=iran&{at}")) == number, at
            support = "support_type=weapons&support_type=funding"
            assert len(api.results(f"affiliations?{support}&{at}")) == number, at
            assert len(api.results(f"actors?{support}&{at}")) == number, at
            assert len(api.results(scoped)) == number, at
            assert len(api.ask(f"network?actor=iran&{at}")["edges"]) == number, at


def test_actors_are_found_by_designation_and_by_identity(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    kataib.designations.create(regime="us_fto", start="2009-07-02", start_kind="actual")
    pmf.identified = "unnamed"
    pmf.save()
    publish(kataib, pmf)
    assert api.names("actors?designated_by=us_fto&designated_by=un_1267") == [str(kataib)]
    assert api.names("actors?designated_by=us_fto&at=2009-07-01") == []
    assert api.names("actors?identified=unnamed") == [str(pmf)]


def test_presence_includes_places_below_and_one_row_matches_place_and_kind(
    api: ContractClient, kataib: Actor, iraq: Place, publish: Any
) -> None:
    basra = Place.objects.create(name="Basra", kind="admin1", slug="basra", parent=iraq)
    kirkuk = Place.objects.create(name="Kirkuk", kind="admin1", slug="kirkuk", parent=iraq)
    kataib.presences.create(place=basra, kind="headquarters")
    kataib.presences.create(place=kirkuk, kind="base", **lasting("2014", "2017"))
    publish(iraq, basra, kirkuk, kataib)
    for place in ("iraq", "IQ", "basra", str(iraq.public_id)):
        assert api.names(f"actors?present_in={place}") == [str(kataib)], place
    assert api.names("actors?present_in=basra&presence_kind=headquarters") == [str(kataib)]
    assert api.names("actors?present_in=basra&presence_kind=base") == []
    assert api.names("actors?present_in=kirkuk&at=2020") == []


def test_one_affiliation_matches_all_parameters_for_affiliations(
    api: ContractClient, kataib: Actor, pmf: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    member = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    ally = Affiliation.objects.create(
        subject=pmf, kind="allied_with", object=iran, closeness="loose"
    )
    publish(kataib, pmf, iran, backing, member, ally)

    def found(query: str) -> list[str]:
        return api.names(f"actors?{query}")

    assert found("affiliated_to=iran") == [str(kataib), str(pmf)]
    assert found("affiliated_to=pmf") == [str(iran), str(kataib)], "an alliance has two ends"
    assert found("affiliated_to=kataib") == []
    assert found("affiliated_to=iran&closeness=close") == [str(kataib)]
    assert found("affiliated_to=pmf&closeness=close") == [], "that is another tie"
    assert found("affiliation_kind=allied_with") == [str(iran), str(pmf)]
    assert found("affiliated_to=iran&support_type=weapons") == [str(kataib)]
    assert found("affiliated_to=iran&support_type=weapons&at=2007") == [str(kataib)]
    assert found("affiliated_to=iran&support_type=weapons&at=2016") == []
    assert found("affiliated_to=iran&support_type=funding&at=2016&dates=possible") == [str(kataib)]
    assert found("affiliated_to=nobody") == []


def test_rejected_affiliations_do_not_match(
    api: ContractClient, kataib: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    backing.assessment, backing.note = "rejected", "A forgery."
    backing.save()
    publish(kataib, iran, backing)
    assert api.names("actors?affiliated_to=iran") == []
    assert len(api.results("affiliations?assessment=rejected")) == 1


def test_affiliations_are_found_by_support_opponent_basis_and_confidence(
    api: ContractClient, kataib: Actor, iran: Actor, pmf: Actor, backing: Any, publish: Any
) -> None:
    backing.support.create(type="intelligence", against=pmf, **lasting("2010", "2012"))
    publish(kataib, iran, pmf, backing)

    def found(query: str) -> int:
        return len(api.results(f"affiliations?{query}"))

    assert found("support_type=weapons") == found("against=pmf") == 1
    assert found("support_type=weapons&against=pmf") == 0, "no one support is both"
    assert found("support_type=intelligence&against=pmf&at=2011") == 1
    assert found("support_type=weapons&at=2007") == 1
    assert found("support_type=weapons&at=2010") == 0
    assert found("basis=assessed") == 1
    assert found("basis=de_jure") == 0
    assert found("confidence_min=low") == found("confidence_min=medium") == 1
    assert found("confidence_min=high") == 0


def test_affiliations_are_found_by_the_incident_that_changed_them(
    api: ContractClient, kataib: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    invasion = Incident.objects.create(title="The invasion", date="2003")
    other = Incident.objects.create(title="Another day", date="2004")
    invasion.effects.create(kind="starts", affiliation=backing)
    publish(kataib, iran, backing, invasion, other)
    (result,) = api.results(f"affiliations?changed_by={invasion.public_id}")
    assert result["id"] == str(backing.public_id)
    assert len(api.results(f"affiliations?changed_by={invasion.slug}")) == 1
    assert api.results(f"affiliations?changed_by={other.public_id}") == []
    assert api.results("affiliations?changed_by=irq-2003-none") == []


def test_a_name_does_not_match_before_the_actor_exists(
    api: ContractClient, pmf: Actor, publish: Any
) -> None:
    pmf.names.create(text="Hashd", **lasting("2010", "2016"))
    publish(pmf)
    assert api.names("actors?name=Hashd") == [str(pmf)]
    assert api.names("actors?name=Hashd&at=2015") == [str(pmf)]
    assert api.names("actors?name=Hashd&at=2018") == []
    assert api.names("actors?name=Hashd&at=2012") == [], "the actor began in 2014"


def test_actors_are_found_by_country_and_external_id(
    api: ContractClient, kataib: Actor, pmf: Actor, iraq: Place, publish: Any
) -> None:
    kataib.country = iraq
    kataib.save()
    kataib.external_ids.create(scheme="wikidata", value="Q1")
    publish(iraq, kataib, pmf)
    assert api.names("actors?country=IQ") == api.names("actors?country=iraq") == [str(kataib)]
    assert api.names("actors?external_id=wikidata:Q1") == [str(kataib)]
    assert api.names("actors?external_id=wikidata:Q2") == []
    for query in ("country=Iraq", "external_id=Q1", "external_id=wikidata:"):
        api.ask(f"actors?{query}", 400)


def test_the_actor_of_an_affiliation_may_be_below_the_requested_one(
    api: ContractClient, kataib: Actor, pmf: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    rival = Actor.objects.create(name="Rival", slug="rival", kind="armed_organisation")
    member = Affiliation.objects.create(subject=rival, kind="member_of", object=pmf)
    ally = Affiliation.objects.create(subject=kataib, kind="allied_with", object=rival)
    backing.support.create(type="intelligence", against=rival)
    publish(kataib, pmf, iran, rival, backing, member, ally)
    assert api.names("actors?affiliated_to=pmf") == ["Rival"]
    assert api.names("actors?affiliated_to=pmf&affiliated_to_scope=members") == [
        str(kataib),
        "Rival",
    ]
    assert api.results("affiliations?against=pmf") == []
    (row,) = api.results("affiliations?against=pmf&against_scope=members")
    assert row["id"] == str(backing.public_id)
    for query in ("actors?affiliated_to_scope=self", "affiliations?against_scope=self"):
        api.ask(query, 400)


def test_a_symmetric_affiliation_matches_from_both_ends(
    api: ContractClient, kataib: Actor, pmf: Actor, iran: Actor, backing: Any, publish: Any
) -> None:
    ally = Affiliation.objects.create(subject=kataib, kind="allied_with", object=pmf)
    publish(kataib, pmf, iran, backing, ally)

    def kinds(query: str) -> list[str]:
        return sorted(row["kind"] for row in api.results(f"affiliations?{query}"))

    assert kinds("subject=kataib") == ["allied_with", "sponsored_by"]
    assert kinds("object=kataib") == kinds("subject=pmf") == ["allied_with"]
    assert kinds("subject=pmf&object=kataib") == ["allied_with"]
    assert kinds("subject=kataib&object=pmf") == ["allied_with"]
    assert kinds("subject=kataib&object=kataib") == kinds("subject=pmf&object=iran") == []
    assert kinds("subject=iran") == [], "this affiliation has a direction"
    assert kinds("actor=iran") == ["sponsored_by"]


def test_actors_are_filtered_by_attribute_topic_and_source(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    report = Source.objects.create(title="Report")
    goal = kataib.attributes.create(
        kind="ideology",
        value="Khomeinism",
        start="2010",
        end="2012",
        start_kind="actual",
        end_kind="actual",
    )
    goal.citations.create(source=report)
    kataib.attributes.create(kind="activity", value="armed_attacks")
    kataib.attributes.create(kind="sect", value="Sunni", assessment="rejected", note="It is not.")
    kataib.assessments.create(topic="aims", text="To last.")
    tie = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    tie.citations.create(source=report)
    publish(report, kataib, pmf, tie)
    found, nothing = ["Kataib Hezbollah"], list[str]()
    for query, names in {
        "attribute=ideology": found,
        "attribute=ideology:KHOMEINISM": found,
        "attribute=ideology:Baathism": nothing,
        "attribute=goal&attribute=ideology": found,
        "attribute=ideology&at=2011": found,
        "attribute=ideology&at=2015": nothing,
        "attribute=activity:armed_attacks": found,
        "attribute=sect:Sunni": nothing,
        "topic=aims": found,
        "topic=outlook": nothing,
        f"source={report.public_id}": found,
    }.items():
        assert api.names(f"actors?{query}") == names, query
    assert len(api.results(f"affiliations?source={report.public_id}")) == 1
    for query in ("attribute=colour", "attribute=activity:armed", "attribute=ideology:—"):
        (fault,) = api.ask(f"actors?{query}", 400)["errors"]
        assert fault["parameter"] == "attribute", query
