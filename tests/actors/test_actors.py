"""Actors: existence, individuals, media outlets, citations and external ids."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor
from places.models import Place
from sources.models import Publisher, Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_only_individuals_have_a_life_status(api: ContractClient, publish: Any) -> None:
    man = Actor.objects.create(name="A man", slug="man", kind="individual", life_status="dead")
    unit = Actor.objects.create(name="A unit", slug="unit", kind="unit")
    publish(man, unit)
    assert api.ask("actors/man")["individual"] == {
        "life_status": "dead",
        "gender": "unknown",
        "birth": None,
        "death": None,
    }
    assert api.ask("actors/unit")["individual"] is None
    with pytest.raises(IntegrityError, match="individuals_live"), transaction.atomic():
        Actor.objects.filter(pk=unit.pk).update(life_status="dead")


def test_actors_are_found_by_a_day_of_their_existence(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    assert api.names("actors?at=2013") == [kataib.name]
    assert api.names("actors?at=2014-06") == [kataib.name, pmf.name]
    assert api.names("actors?kind=coalition") == [pmf.name]


def test_a_citation_names_a_field_that_exists(kataib: Actor) -> None:
    source = Source.objects.create(title="A report")
    citation = kataib.citations.create(source=source, field="name")
    citation.full_clean()
    for wrong in ("nmae", "names", "search_key", "possible"):
        citation.field = wrong
        with pytest.raises(ValidationError, match="cannot be cited"):
            citation.full_clean()


@pytest.mark.parametrize("field", ["internal_note", "public_id"])
def test_a_citation_does_not_name_a_private_field(kataib: Actor, field: str) -> None:
    source = Source.objects.create(title="A report")
    citation = kataib.citations.create(source=source)
    citation.field = field
    with pytest.raises(ValidationError, match="cannot be cited"):
        citation.full_clean()
    with pytest.raises(IntegrityError, match="field_public"), transaction.atomic():
        citation.save()


def test_one_exact_external_id_names_one_record(kataib: Actor, pmf: Actor) -> None:
    kataib.external_ids.create(scheme="wikidata", value="Q1")
    pmf.external_ids.create(scheme="wikidata", value="Q1", match="broader")
    with pytest.raises(IntegrityError, match="exact_names_one"), transaction.atomic():
        pmf.external_ids.create(scheme="wikidata", value="Q1")


@pytest.mark.parametrize("name", ["؟؟؟", "—", "8c0a1c2e-0d5b-4f0e-9f3a-2b1c6d7e8f90"])
def test_a_name_without_letters_or_like_an_id_gets_a_slug_from_its_id(
    name: str, api: ContractClient, publish: Any
) -> None:
    actors = [Actor.objects.create(name=name, kind="unit") for _ in range(2)]
    publish(*actors)
    for actor in actors:
        actor.refresh_from_db()
        assert actor.slug == f"actor-{actor.public_id.hex[:8]}"
        assert api.ask(f"actors/{actor.slug}")["id"] == str(actor.public_id)
    assert set(Actor.objects.filter(search_key__sounds_like="؟")) == (
        set() if "0" in name else set(actors)
    )


def test_a_slug_cannot_have_the_form_of_an_id(kataib: Actor) -> None:
    kataib.slug = "8c0a1c2e-0d5b-4f0e-9f3a-2b1c6d7e8f90"
    with pytest.raises(ValidationError, match="form of a public id"):
        kataib.full_clean()
    with pytest.raises(IntegrityError, match="slug_no_id"), transaction.atomic():
        kataib.save()


@pytest.mark.parametrize("slug", ["documents", "lookup"])
def test_a_slug_cannot_be_an_address_of_the_api(kataib: Actor, slug: str) -> None:
    kataib.slug = slug
    with pytest.raises(ValidationError, match="“documents” and “lookup” are addresses of the API"):
        kataib.full_clean()
    with pytest.raises(IntegrityError, match="slug_not_reserved"), transaction.atomic():
        kataib.save()


def test_names_that_are_addresses_of_the_api_get_other_slugs(
    api: ContractClient, publish: Any
) -> None:
    publish(
        Actor.objects.create(name="Lookup", kind="unit"),
        Actor.objects.create(name="lookup!", kind="unit"),
        Actor.objects.create(name="Documents", kind="unit"),
    )
    slugs = {row["slug"] for row in api.ask("actors")["results"]}
    assert slugs == {"lookup-2", "lookup-3", "documents-2"}
    assert api.ask("actors/lookup-2")["kind"] == "unit"


@pytest.mark.django_db
def test_a_shortened_slug_does_not_end_with_a_hyphen() -> None:
    actor = Actor.objects.create(name="a" * 99 + " b", kind="coalition")
    actor.prepare()
    assert actor.slug == "a" * 99


def test_a_media_outlet_names_the_publisher_that_is_cited(
    api: ContractClient, publish: Any
) -> None:
    publisher = Publisher.objects.create(name="Sabereen News")
    outlet = Actor.objects.create(name="Sabereen News", kind="media_outlet", publisher=publisher)
    outlet.full_clean()
    publish(publisher, outlet)
    assert api.ask(f"actors/{outlet.public_id}")["publisher"]["name"] == "Sabereen News"
    outlet.kind = "armed_organisation"
    with pytest.raises(ValidationError, match="media outlet"):
        outlet.full_clean()


@pytest.mark.parametrize("relation", ["attributes", "presences", "classifications"])
def test_a_disputed_part_needs_a_note(kataib: Actor, iraq: Place, relation: str) -> None:
    columns: dict[str, Any] = {
        "attributes": {"kind": "sect", "value": "Shia"},
        "presences": {"place": iraq, "kind": "base"},
        "classifications": {"classification": "rebel_group"},
    }[relation]
    with pytest.raises(IntegrityError, match="dispute_has_note"), transaction.atomic():
        getattr(kataib, relation).create(assessment="disputed", **columns)
