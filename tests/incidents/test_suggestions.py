"""Suggestions: the names that begin with what somebody has typed, best first."""

from typing import Any

import pytest

from actors.models import Actor
from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def names(api: ContractClient, query: str) -> list[str]:
    """Return the names of the suggestions."""
    return [suggestion["name"] for suggestion in api.ask(f"suggest?{query}")["results"]]


def make_actor(name: str, *others: str, **columns: Any) -> Actor:
    """Return an actor with other names."""
    actor = Actor.objects.create(name=name, kind="armed_organisation", **columns)
    for other in others:
        actor.names.create(text=other, kind="official")
    return actor


def make_attack(date: str | None, *actors: Actor, **columns: Any) -> Incident:
    """Return an incident with some actors."""
    attack = Incident.objects.create(title="Attack", date=date or "", event_type="battle")
    for actor in actors:
        attack.involvements.create(role="perpetrator", actor=actor, certainty="confirmed")
    return attack


def test_a_word_of_a_name_begins_with_the_letters(api: ContractClient, publish: Any) -> None:
    publish(
        make_actor("Igbo"),
        make_actor("Hausa"),
        make_actor("Government of Iraq"),
        make_actor("Government of Syria"),
        make_actor("Hezbollah"),
        make_actor("Kataib Hezbollah"),
    )
    assert names(api, "q=gov&type=actor") == ["Government of Iraq", "Government of Syria"]
    assert names(api, "q=hez&type=actor") == ["Hezbollah", "Kataib Hezbollah"]
    assert names(api, "q=h&limit=1") == ["Hausa"]
    assert names(api, "q=of i") == ["Government of Iraq"]
    assert names(api, "q=government%20&limit=1") == ["Government of Iraq"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ح", "حزب الله"),
        ("حز", "حزب الله"),
        ("الله", "حزب الله"),
        ("که", "اهل الكهف"),  # a final h would be read as another letter than that within a word
        ("حشد", "الحشد الشعبي"),
        ("سپ", "سپاه پاسداران"),
        ("پێش", "پێشمەرگە"),
        ("חיז", "חיזבאללה"),
        ("хиз", "Хизбалла"),
        ("haş", "Haşd-i Şabi"),
        ("sab", "Haşd-i Şabi"),
        ("p.k", "PKK"),
    ],
)
def test_every_script_is_compared_as_in_searches(
    api: ContractClient, publish: Any, typed: str, name: str
) -> None:
    publish(make_actor("Zzyzx", name))
    (suggestion,) = api.ask(f"suggest?q={typed}&type=actor")["results"]
    assert (suggestion["name"], suggestion["matched_name"]) == ("Zzyzx", name)


def test_few_letters_find_no_similar_names_but_initials(api: ContractClient, publish: Any) -> None:
    publish(make_actor("Igbo"), make_actor("Government of Iraq"), make_actor("Kataib Hezbollah"))
    assert names(api, "q=gov") == ["Government of Iraq"]
    assert names(api, "q=kh") == ["Kataib Hezbollah"]


def test_similar_names_of_actors_follow_if_there_is_room(api: ContractClient, publish: Any) -> None:
    publish(make_actor("Hizbullah"), make_actor("Hezbollahi"))
    assert names(api, "q=hezbollah") == ["Hezbollahi", "Hizbullah"]
    assert names(api, "q=hezbollah&type=actor") == ["Hezbollahi", "Hizbullah"]
    assert names(api, "q=hezbollah&limit=1") == ["Hezbollahi"]
    assert names(api, "q=hezbollah&type=place&type=source&type=publisher") == []


def test_the_best_come_first(api: ContractClient, publish: Any) -> None:
    """An equal name, the beginning of a name, that of a word; then incidents, name and id."""
    busy, calm = make_actor("New Badr"), make_actor("Army of Badr")
    frequent, rare = make_actor("Badr Two"), make_actor("Badr One")
    exact, alias = make_actor("Badr"), make_actor("Zebra", "Badr Three")
    attacks = [make_attack("2014", busy), make_attack("2015", busy), make_attack(None, frequent)]
    publish(busy, calm, frequent, rare, exact, alias, *attacks)
    assert names(api, "q=badr") == [
        "Badr",
        "Badr Two",
        "Badr One",
        "Zebra",
        "New Badr",
        "Army of Badr",
    ]
    found = api.ask("suggest?q=badr")["results"]
    assert [suggestion["incidents"] for suggestion in found] == [0, 1, 0, 0, 2, 0]
    assert found[3]["matched_name"] == "Badr Three"
    twins = [make_actor("Twin"), make_actor("Twin")]
    publish(*twins)
    ids = [suggestion["id"] for suggestion in api.ask("suggest?q=twin")["results"]]
    assert ids == sorted(str(twin.public_id) for twin in twins)


def test_a_record_is_suggested_once_by_its_best_name(api: ContractClient, publish: Any) -> None:
    publish(make_actor("Army of Badr and Badr", "Badr Army", "Badr Corps"))
    (suggestion,) = api.ask("suggest?q=badr")["results"]
    assert suggestion["matched_name"] == "Badr Army"


def test_all_types_are_suggested_with_what_they_have(
    api: ContractClient, publish: Any, iraq: Place
) -> None:
    publisher = Publisher.objects.create(name="Mosul Times", country="IQ")
    source = Source.objects.create(title="تقرير", translated_title="Mosul report")
    article = Source.objects.create(title="Article", publisher=publisher)
    mosul = Place.objects.create(name="Mosul", kind="settlement", country="IQ", parent=iraq)
    actor = make_actor("Mosul Group", country=iraq, start="2004", end="2010")
    attack = make_attack("2014-06", actor)
    attack.locations.create(
        place=mosul, primary=True, precision="settlement", public_precision="settlement"
    )
    for cited in (source, article):
        attack.citations.create(source=cited)
    publish(publisher, source, article, iraq, mosul, actor, attack)
    found = {each["type"]: each for each in api.ask("suggest?q=mos")["results"]}
    assert {type_: each["name"] for type_, each in found.items()} == {
        "actor": "Mosul Group",
        "place": "Mosul",
        "source": "تقرير",
        "publisher": "Mosul Times",
    }
    assert {each["incidents"] for each in found.values()} == {1}
    assert found["source"]["matched_name"] == "Mosul report"
    assert {type_: each["country"] for type_, each in found.items()} == {
        "actor": "IQ",
        "place": "IQ",
        "source": None,
        "publisher": "IQ",
    }
    assert found["actor"] == {
        "id": str(actor.public_id),
        "type": "actor",
        "kind": "armed_organisation",
        "name": "Mosul Group",
        "slug": actor.slug,
        "withdrawn": False,
        "matched_name": "Mosul Group",
        "country": "IQ",
        "years": {"first": 2004, "last": 2010},
        "incidents": 1,
    }
    for word in ("actor", "place", "source", "publisher"):
        (suggestion,) = api.ask(f"suggest?q=mos&type={word}")["results"]
        assert suggestion == found[word]
    assert len(api.ask("suggest?q=mos&type=actor&type=place")["results"]) == 2
    (country,) = api.ask("suggest?q=iraq&type=place")["results"]
    assert country["incidents"] is None, "a place with others in it"


def test_the_years_of_an_actor_are_those_of_its_incidents_if_no_others_are_known(
    api: ContractClient, publish: Any
) -> None:
    unknown, ended = make_actor("Badr Unknown"), make_actor("Badr Ended", end="2010")
    attacks = [make_attack(day, unknown) for day in ("2014-06", None, "2003/2016")]
    publish(unknown, ended, *attacks, make_actor("Badr Nothing"))
    found = api.ask("suggest?q=badr")["results"]
    assert {each["name"]: each["years"] for each in found} == {
        "Badr Unknown": {"first": 2003, "last": 2014},
        "Badr Ended": {"first": None, "last": 2010},
        "Badr Nothing": None,
    }


def test_incidents_are_those_that_the_list_counts(api: ContractClient, publish: Any) -> None:
    """Each incident counts once; a statement is no involvement."""
    actor, other = make_actor("Badr"), make_actor("Other")
    attack = make_attack("2014", actor)
    attack.involvements.create(role="victim", actor=actor, certainty="possible")
    claimed = make_attack("2015", other)
    claimed.statements.create(kind="claim", speaker=actor)
    publish(actor, other, attack, claimed)
    (suggestion,) = api.ask("suggest?q=badr")["results"]
    assert suggestion["incidents"] == 1
    assert api.ask("incidents?participant=badr&count=true")["count"] == 1


def test_suggestions_are_those_at_a_snapshot(
    api: ContractClient, publish: Any, reviewer: User
) -> None:
    actor = make_actor("Badr")
    publish(actor)
    before = api.ask("suggest?q=bad")
    actor.name = "Falcon"
    actor.save()
    assert api.ask("suggest?q=fal")["results"] == [], "not published"
    publish(actor, make_attack("2014", actor))
    assert names(api, "q=fal") == ["Falcon"]
    (renamed,) = api.ask("suggest?q=bad")["results"]
    assert (renamed["name"], renamed["matched_name"]) == ("Falcon", "Badr")
    assert api.ask(f"suggest?q=bad&snapshot={before['snapshot']}") == before


def test_only_public_records_are_suggested(
    api: ContractClient, publish: Any, reviewer: User
) -> None:
    draft, withdrawn = make_actor("Badr Draft"), make_actor("Badr Withdrawn")
    publish(withdrawn)
    assert names(api, "q=badr") == ["Badr Withdrawn"]
    workflow.withdraw(withdrawn, reviewer, "Doubts")
    assert names(api, "q=badr") == []
    assert names(api, f"q={draft.name}") == []


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("", "missing", "q"),
        ("q=", "empty", "q"),
        ("q=%20-", "invalid", "q"),
        (f"q={101 * 'a'}", "invalid", "q"),
        ("q=a&type=incident", "invalid", "type"),
        ("q=a&limit=51", "invalid", "limit"),
        ("q=a&limit=0", "invalid", "limit"),
        ("q=a&name=b", "unknown", "name"),
    ],
)
def test_errors_are_refused(api: ContractClient, query: str, code: str, parameter: str) -> None:
    (error,) = api.ask(f"suggest?{query}", 400)["errors"]
    assert (error["code"], error["parameter"]) == (code, parameter)
