"""A place in a filter means everything that lies in it, at the snapshot."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actors.models import Actor
from editorial import merging
from editorial.models import User
from incidents.models import Incident
from places.models import Place
from tests.contract.client import ContractClient
from tests.surgery import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(iraq: Place, publish: Any) -> dict[str, Place]:
    """Iraq, the region in it, governorates in both, and towns."""

    def place(name: str, kind: str, parent: Place, country: str = "IQ", admin1: str = "") -> Place:
        return Place.objects.create(
            name=name, kind=kind, parent=parent, country=country, admin1=admin1
        )

    region = place("Kurdistan Region", "region", iraq)
    region.external_ids.create(scheme="iso3166", value="IQ-KR")
    erbil = place("Erbil", "admin1", region, admin1="IQ-AR")
    town = place("Soran", "settlement", erbil, admin1="IQ-AR")
    base = place("Camp", "base", town, country="", admin1="")
    anbar = place("Anbar", "admin1", iraq, admin1="IQ-AN")
    syria = Place.objects.create(name="Syria", kind="country", country="SY")
    found = {row.name: row for row in (iraq, region, erbil, town, base, anbar, syria)}
    publish(*found.values())
    return found


REGION = ["Camp", "Erbil", "Kurdistan Region", "Soran"]


@pytest.mark.parametrize(
    ("within", "names"),
    [
        ("IQ", ["Anbar", "Camp", "Erbil", "Iraq", "Kurdistan Region", "Soran"]),
        ("iraq", ["Anbar", "Camp", "Erbil", "Iraq", "Kurdistan Region", "Soran"]),
        ("IQ-KR", REGION),
        ("kurdistan-region", REGION),
        ("IQ-AR", ["Camp", "Erbil", "Soran"]),
        ("soran", ["Camp", "Soran"]),
        ("IQ-XX", []),
        ("XX", []),
        ("nowhere", []),
    ],
)
def test_within_is_everything_below(
    api: ContractClient, places: dict[str, Place], within: str, names: list[str]
) -> None:
    assert api.names(f"places?within={within}") == names


def test_an_id_is_like_a_slug_and_several_places_mean_or(
    api: ContractClient, places: dict[str, Place]
) -> None:
    erbil = places["Erbil"].public_id
    assert api.names(f"places?within={erbil}") == ["Camp", "Erbil", "Soran"]
    assert api.names("places?within=soran&within=SY") == ["Camp", "Soran", "Syria"]
    assert api.names("places?within=IQ-KR&kind=settlement") == ["Soran"]


def test_a_country_matches_by_code_and_another_place_by_what_lies_below(
    api: ContractClient, places: dict[str, Place], publish: Any
) -> None:
    by_code = ["Anbar", "Erbil", "Iraq", "Kurdistan Region", "Soran"]
    assert api.names("places?country=IQ") == api.names("places?country=iraq") == by_code
    assert api.names("places?country=IQ-KR") == REGION
    assert api.names("places?country=IQ-AN&country=SY") == ["Anbar", "Syria"]
    east = Place.objects.create(name="Levant", kind="region")
    places["Syria"].parent = east
    places["Syria"].save()
    publish(east, places["Syria"])
    assert api.names("places?country=levant") == ["Levant", "Syria"]


def test_actors_are_filtered_by_the_place_of_their_home(
    api: ContractClient, places: dict[str, Place], publish: Any
) -> None:
    publish(
        Actor.objects.create(name="A", kind="state", country=places["Iraq"]),
        Actor.objects.create(name="B", kind="unit", country=places["Erbil"]),
    )
    assert api.names("actors?country=IQ") == api.names("actors?country=iraq") == ["A", "B"]
    assert api.names("actors?country=IQ-KR") == ["B"]
    assert api.names("actors?country=SY") == []


def test_incidents_are_filtered_by_all_their_public_places(
    api: ContractClient, places: dict[str, Place], publish: Any
) -> None:
    attack = Incident.objects.create(title="Rocket", date="2020-01-02")
    precisions = {"precision": "exact", "public_precision": "admin1"}
    attack.locations.create(
        place=places["Erbil"], private_place=places["Camp"], primary=True, **precisions
    )
    attack.locations.create(place=places["Anbar"], role="launch", **precisions)
    publish(attack)
    for place in ("IQ", "IQ-KR", "IQ-AR", "IQ-AN", "erbil", "anbar", "iraq"):
        assert api.names(f"incidents?place={place}") == ["Rocket"], place
    for place in ("camp", "soran", "SY", places["Camp"].public_id):
        assert api.names(f"incidents?place={place}") == [], place
    assert api.names("incidents?country=IQ-KR") == ["Rocket"]
    assert api.names("incidents?country=IQ-AN") == [], "it is counted by its primary location"


def test_the_parents_are_those_of_the_snapshot(
    api: ContractClient, places: dict[str, Place], publish: Any
) -> None:
    before = api.ask("places")["snapshot"]
    places["Erbil"].parent = places["Iraq"]
    places["Erbil"].save()
    publish(places["Erbil"])
    assert api.names("places?within=IQ-KR") == ["Kurdistan Region"]
    assert api.names(f"places?within=IQ-KR&snapshot={before}") == REGION


def test_a_circle_of_parents_ends(
    api: ContractClient, places: dict[str, Place], publish: Any
) -> None:
    """A circle cannot be published, but if there were one the query would end."""
    Place.objects.filter(name="Iraq").update(parent=places["Camp"])
    places["Iraq"].refresh_from_db()
    with pytest.raises(ValidationError, match="would lie in itself"):
        publish(places["Iraq"])
    with without_triggers("places_placeentry") as cursor:
        cursor.execute(
            "UPDATE places_placeentry SET parent = %s WHERE record = %s",
            [places["Camp"].public_id, places["Iraq"].public_id],
        )
    assert len(api.names("places?within=soran")) == 6


def test_a_merged_place_means_its_survivor(
    api: ContractClient, places: dict[str, Place], reviewer: User, publish: Any
) -> None:
    double = Place.objects.create(name="Arbil", kind="admin1", parent=places["Iraq"])
    publish(double)
    merging.merge(double, places["Erbil"], reviewer, "The same.")
    for key in ("arbil", double.public_id):
        assert api.names(f"places?within={key}") == ["Camp", "Erbil", "Soran"]


def test_a_draft_and_an_unknown_place_get_the_same_answer(
    api: ContractClient, places: dict[str, Place]
) -> None:
    draft = Place.objects.create(name="Draft", kind="admin1", country="IQ", admin1="IQ-DQ")
    for key in ("draft", "IQ-DQ", draft.public_id):
        assert api.names(f"places?within={key}") == api.names(f"incidents?place={key}") == []


@pytest.mark.parametrize("key", ["I", "IQ-", "IQ-ABCD", "Iraq", "a_b", "a" * 121])
def test_a_malformed_key_is_refused(api: ContractClient, key: str) -> None:
    (fault,) = api.ask(f"places?within={key}", 400)["errors"]
    assert (fault["code"], fault["parameter"]) == ("invalid", "within")
