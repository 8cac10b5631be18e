"""Warnings: keys that mean nothing public, and codes in the spellings that people use."""

import json
from typing import Any

import pytest

from actors.models import Actor
from incidents.models import Incident
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import API, ContractClient

pytestmark = pytest.mark.django_db
NOBODY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def records(kataib: Actor, pmf: Actor, iraq: Place, publish: Any) -> Incident:
    """An incident in Iraq, and a draft of each type of record that parameters can name."""
    kataib.country = iraq
    kataib.save()
    kataib.external_ids.create(scheme="wikidata", value="Q796")
    press = Publisher.objects.create(name="Press", country="IQ", language="ar")
    report = Source.objects.create(title="Report", publisher=press, language="ar-IQ")
    attack = Incident.objects.create(title="Attack", date="2020", slug="irq-2020-aaaa")
    attack.locations.create(
        place=iraq, primary=True, precision="country", public_precision="country"
    )
    attack.involvements.create(role="perpetrator", actor=kataib)
    attack.weapons.create(weapon="rocket", origin="IR")
    attack.citations.create(source=report)
    publish(iraq, press, report, kataib, pmf, attack)
    Actor.objects.create(name="Draft", kind="unit", slug="a-draft", public_id=NOBODY)
    return attack


@pytest.mark.parametrize(
    ("address", "parameter", "hint"),
    [
        (
            "incidents?perpetrator=kataib-hizballah",
            "perpetrator",
            "resolve?name=NAME",
        ),
        (f"incidents?participant={NOBODY}", "participant", "resolve?name=NAME"),
        ("incidents?claimed_by=nobody", "claimed_by", "resolve?name=NAME"),
        ("incidents?target=nobody&target_scope=members", "target", "resolve?name=NAME"),
        ("incidents?country=nowhere", "country", "places?q=NAME"),
        ("incidents?country=ZZ", "country", "places?q=NAME"),
        ("incidents?place=IR", "place", "places?q=NAME"),
        ("incidents?place=no-where", "place", "places?q=NAME"),
        ("incidents?linked_to=nothing", "linked_to", "incidents?q=NAME"),
        (f"incidents?source={NOBODY}", "source", "sources?q=NAME"),
        (f"incidents?publisher={NOBODY}", "publisher", "publishers?q=NAME"),
        (f"incidents?id={NOBODY}", "id", "incidents?q=NAME"),
        (f"actors?id={NOBODY}", "id", "resolve?name=NAME"),
        ("actors?affiliated_to=nobody", "affiliated_to", "resolve?name=NAME"),
        ("actors?present_in=nowhere", "present_in", "places?q=NAME"),
        ("affiliations?subject=nobody", "subject", "resolve?name=NAME"),
        ("affiliations?against=nobody", "against", "resolve?name=NAME"),
        ("affiliations?changed_by=nothing", "changed_by", "incidents?q=NAME"),
        ("places?within=nowhere", "within", "places?q=NAME"),
        (f"sources?publisher={NOBODY}", "publisher", "publishers?q=NAME"),
        ("statistics?group_by=year&perpetrator=nobody", "perpetrator", "resolve?name=NAME"),
        ("network?actor=nobody", "actor", "resolve?name=NAME"),
    ],
)
def test_a_key_that_means_nothing_public_gives_a_warning(
    api: ContractClient, records: Incident, address: str, parameter: str, hint: str
) -> None:
    answer = api.ask(address)
    (warning,) = answer["warnings"]
    assert (warning["code"], warning["parameter"]) == ("not_found", parameter)
    assert warning["detail"].endswith(f"/api/v1/{hint}")
    assert answer.get("results", answer.get("nodes", answer.get("groups"))) == []


def test_a_draft_and_nothing_give_the_same_warning(api: ContractClient, records: Incident) -> None:
    for address in ("incidents?perpetrator=", "network?actor=", "affiliations?against="):
        answers = {
            api.get(f"{API}{address}{key}", secure=True).content
            for key in ("a-draft", "nobody", NOBODY, NOBODY.replace("1", "2"))
        }
        assert len(answers) == 1


def test_each_parameter_has_one_warning_that_names_few_keys(
    api: ContractClient, records: Incident
) -> None:
    names = "&".join(f"perpetrator=nobody-{n}" for n in range(9))
    answer = api.ask(f"incidents?{names}&perpetrator=kataib&place=nowhere&country=IQ")
    first, second = answer["warnings"]
    places = "Values 1, 2, 3, 4, 5 and 4 more of `perpetrator` name no public actor. "
    assert first["detail"].startswith(places)
    assert (first["parameter"], second["parameter"]) == ("perpetrator", "place")


@pytest.mark.parametrize(
    "address",
    [
        "incidents?format=ndjson&perpetrator=nobody",
        "incidents?format=csv&perpetrator=nobody",
        "incidents?format=geojson&perpetrator=nobody",
        "network?actor=nobody&format=graphml",
        "network?actor=nobody&format=csv&part=nodes",
    ],
)
def test_files_have_their_warnings_in_a_header(
    api: ContractClient, records: Incident, address: str
) -> None:
    response: Any = api.get(API + address, secure=True)
    response.close()
    (warning,) = json.loads(response["Muster-Warning"])
    assert warning["code"] == "not_found"
    assert "Muster-Warning" in response["Access-Control-Expose-Headers"]
    found: Any = api.get(API + address.replace("nobody", "kataib"), secure=True)
    found.close()
    assert "Muster-Warning" not in found


@pytest.mark.parametrize(
    "address",
    [
        *(f"incidents?country={code}" for code in ("IQ", "iq", "Iq", "IRQ", "irq", "368", "iraq")),
        *(f"incidents?place={code}" for code in ("IQ", "iq", "IRQ")),
        *(f"actors?country={code}" for code in ("iq", "IRQ")),
        *(f"places?within={code}" for code in ("iq", "irq")),
        *(f"publishers?country={code}" for code in ("IQ", "iq", "IRQ", "368")),
        *(f"publishers?language={code}" for code in ("ar", "AR", "ara")),
        *(f"sources?language={code}" for code in ("ara", "ar-iq", "ARA-IQ")),
        *(f"actors?external_id=wikidata:{value}" for value in ("Q796", "q796")),
        *(f"incidents?weapon_origin={code}" for code in ("IR", "ir", "IRN")),
    ],
)
def test_other_spellings_of_codes_are_accepted(
    api: ContractClient, records: Incident, address: str
) -> None:
    answer = api.ask(address)
    assert answer["results"]
    assert answer["warnings"] == []


def test_other_codes_of_divisions_and_ids_are_accepted(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    anbar = Place.objects.create(
        name="Al Anbar", kind="admin1", country="IQ", admin1="IQ-AN", parent=iraq
    )
    attack = Incident.objects.create(title="Attack", date="2020")
    attack.locations.create(
        place=anbar, primary=True, precision="admin1", public_precision="admin1"
    )
    publish(iraq, anbar, attack)
    for code in ("IQ-AN", "iq-an", "IQ_AN", "IRQ-AN", anbar.public_id.hex, anbar.slug):
        assert api.names(f"incidents?place={code}") == ["Attack"], code
        assert api.names(f"incidents?country={code}") == ["Attack"], code
    for code in ("IQ-AN", "iq-an", "IQ_AN"):
        assert api.names(f"incidents?admin1={code}") == ["Attack"], code
    for form in (attack.public_id.hex, str(attack.public_id).upper()):
        assert api.names(f"incidents?id={form}") == ["Attack"], form


def test_codes_of_a_country_that_are_not_iso_mean_it(
    api: ContractClient, publish: Any, db: None
) -> None:
    britain = Place.objects.create(name="United Kingdom", kind="country", country="GB")
    publish(britain)
    for code in ("UK", "uk", "GB", "GBR"):
        assert api.names(f"places?country={code}") == ["United Kingdom"], code


def test_a_slug_comes_before_a_code_in_lowercase(
    api: ContractClient, iraq: Place, publish: Any
) -> None:
    town = Place.objects.create(name="Irq", kind="settlement", country="TR", slug="irq")
    publish(iraq, town)
    assert api.names("places?within=irq") == ["Irq"]
    assert api.names("places?within=IRQ") == ["Iraq"]


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("publishers?language=arabic", "Write ar for Arabic."),
        ("publishers?language=Persian", "Write fa for Persian."),
        ("publishers?language=ar_IQ", "az-Arab"),
        ("publishers?country=Iraq", "such as IQ"),
        ("incidents?country=Iraq", "such as IQ"),
        ("incidents?event_type=Battle", "battle"),
        ("incidents?sub_type=air-strike", "air_strike"),
        ("incidents?admin1=Anbar", "such as IQ-BA"),
        ("incidents?perpetrator=Kataib", "lowercase"),
        ("incidents?calibre_mm=107mm", "such as 107"),
        ("actors?external_id=Wikidata:Q796", "wikidata:Q796"),
        ("incidents?denied=True", "true or false"),
    ],
)
def test_a_spelling_that_is_refused_says_what_to_write(
    api: ContractClient, db: None, address: str, advice: str
) -> None:
    (error,) = api.ask(address, 400)["errors"]
    assert advice in error["detail"]


def test_pages_keep_their_warnings(api: ContractClient, records: Incident) -> None:
    first = api.ask(
        "actors?limit=1&id="
        + NOBODY
        + "&"
        + "&".join(f"id={actor.public_id}" for actor in Actor.objects.exclude(slug="a-draft"))
    )
    assert first["warnings"] == api.ask(first["next"])["warnings"] != []
