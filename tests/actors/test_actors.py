"""Actors and affiliations: what they were and how they stood, at a day."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor, Affiliation
from sources.models import Publisher, Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_names_are_told_in_their_script(api: ContractClient, kataib: Actor, publish: Any) -> None:
    kataib.names.create(text="كتائب حزب الله", language="ar", preferred=True, kind="official")
    publish(kataib)
    (name,) = api.results("actors")[0]["names"]
    assert (name["text"], name["language"]) == ("كتائب حزب الله", "ar")


def test_the_classification_shown_is_the_accepted_primary_one_with_the_latest_start(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    for word, start, primary, assessment in (
        ("rebel_group", "2007", True, "accepted"),
        ("state_paramilitary", "2014", True, "accepted"),
        ("facade_group", "2019", False, "accepted"),
        ("mercenary", "2020", True, "disputed"),
    ):
        kataib.classifications.create(
            classification=word,
            start=start,
            start_kind="actual",
            primary=primary,
            assessment=assessment,
            note="Doubts." if assessment == "disputed" else "",
        )
    publish(kataib)
    document = api.ask("actors/kataib")
    assert document["classification"] == "state_paramilitary"
    assert len(document["classifications"]) == 4


def test_individuals_alone_live_and_die(api: ContractClient, publish: Any) -> None:
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


def test_a_vague_word_is_the_datum(api: ContractClient, pmf: Actor, publish: Any) -> None:
    pmf.strength_estimates.create(measure="fighters", quantifier="tens_of_thousands")
    publish(pmf)
    (estimate,) = api.ask("actors/pmf")["strength_estimates"]
    assert (estimate["quantifier"], estimate["best"]) == ("tens_of_thousands", None)
    with pytest.raises(IntegrityError, match="number_or_word"), transaction.atomic():
        pmf.strength_estimates.create(measure="units", quantifier="approximately")


def test_ties_are_found_from_either_end_and_by_kind_and_closeness(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    member = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    ally = Affiliation.objects.create(
        subject=pmf, kind="aligned_with", object=kataib, closeness="close"
    )
    publish(kataib, pmf, member, ally)

    def kinds(query: str) -> set[str]:
        return {row["kind"] for row in api.results(f"affiliations?{query}")}

    assert (
        kinds("subject=kataib") == kinds("object=pmf") == kinds("kind=member_of") == {"member_of"}
    )
    assert kinds("closeness=close") == {"aligned_with"}
    assert kinds(f"actor={pmf.public_id}") == {"member_of", "aligned_with"}
    assert kinds("actor=nobody") == set()


def test_a_tie_holds_at_a_day_only_while_both_actors_exist(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    tie = Affiliation.objects.create(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2010",
        start_kind="actual",
        end="2018",
        end_kind="actual",
    )
    publish(kataib, pmf, tie)

    def found(query: str) -> int:
        return len(api.results(f"affiliations?{query}"))

    assert found("at=2013") == 0, "the umbrella exists from 2014 on"
    assert found("at=2014-06-01") == 1
    assert found("at=2018") == 1
    assert found("at=2019") == 0
    assert found("at=2016&dates=certain") == 0, "nothing certain is known of the militia"
    kataib.start, kataib.start_kind, kataib.end, kataib.end_kind = (
        "2007",
        "actual",
        "2025",
        "actual",
    )
    kataib.save()
    pmf.end, pmf.end_kind = "2025", "actual"
    pmf.save()
    publish(kataib, pmf)
    assert found("at=2016&dates=certain") == 1
    assert found("at=2014-06-01&dates=certain") == 0


def test_actors_exist_at_a_day(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(kataib, pmf)
    assert api.names("actors?at=2013") == [kataib.name]
    assert api.names("actors?at=2014-06") == [kataib.name, pmf.name]
    assert api.names("actors?kind=coalition") == [pmf.name]


def test_dates_that_contradict_each_other_are_refused(kataib: Actor, pmf: Actor) -> None:
    tie = Affiliation(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2014",
        start_kind="actual",
        end="2010",
        end_kind="actual",
    )
    with pytest.raises(ValidationError):
        tie.full_clean()
    tie.end = "2014/6"
    with pytest.raises(ValidationError, match="2014-06"):
        tie.full_clean()


def test_an_actor_cannot_be_tied_to_itself(kataib: Actor) -> None:
    with pytest.raises(IntegrityError, match="affiliation_of_two"), transaction.atomic():
        Affiliation.objects.create(subject=kataib, kind="aligned_with", object=kataib)


def test_a_citation_names_a_field_that_there_is(kataib: Actor) -> None:
    source = Source.objects.create(title="A report")
    citation = kataib.citations.create(source=source, field="name")
    citation.full_clean()
    for wrong in ("nmae", "names", "search_key", "possible"):
        citation.field = wrong
        with pytest.raises(ValidationError, match="no field"):
            citation.full_clean()


@pytest.mark.parametrize("field", ["internal_note", "public_id"])
def test_a_citation_does_not_tell_of_a_field_that_readers_do_not_see(
    kataib: Actor, field: str
) -> None:
    source = Source.objects.create(title="A report")
    citation = kataib.citations.create(source=source)
    citation.field = field
    with pytest.raises(ValidationError, match="no field"):
        citation.full_clean()
    with pytest.raises(IntegrityError, match="field_public"), transaction.atomic():
        citation.save()


def test_one_exact_external_id_names_one_record(kataib: Actor, pmf: Actor) -> None:
    kataib.external_ids.create(scheme="wikidata", value="Q1")
    pmf.external_ids.create(scheme="wikidata", value="Q1", match="broader")
    with pytest.raises(IntegrityError, match="exact_names_one"), transaction.atomic():
        pmf.external_ids.create(scheme="wikidata", value="Q1")


@pytest.mark.django_db
def test_a_slug_that_is_cut_ends_in_no_hyphen() -> None:
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
