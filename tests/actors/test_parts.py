"""What is asserted of actors: attributes, designations, presences, names, strength."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from actors.models import Actor
from actors.scripts import SCRIPTS, detect_script
from places.models import Place
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_attributes_are_told_with_their_days(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    for kind, value in (("ideology", "Khomeinism"), ("sect", "Shia"), ("activity", "policing")):
        kataib.attributes.create(kind=kind, value=value, start="2007", start_kind="first_cited")
    publish(kataib)
    told = api.ask("actors/kataib")["attributes"]
    assert [(row["kind"], row["value"]) for row in told] == [
        ("activity", "policing"),
        ("ideology", "Khomeinism"),
        ("sect", "Shia"),
    ]
    assert told[0]["validity"]["start"] == "2007"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("activity", "gardening"), ("target_focus", "the moon"), ("nationality", "Iraqi")],
)
def test_attributes_of_a_vocabulary_are_words_of_it(kataib: Actor, kind: str, value: str) -> None:
    with pytest.raises(IntegrityError, match="actorattribute"), transaction.atomic():
        kataib.attributes.create(kind=kind, value=value)


def test_individuals_have_nationalities_and_several_of_them(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    man = Actor.objects.create(name="A man", slug="man", kind="individual")
    for code in ("IQ", "IR"):
        man.attributes.create(kind="nationality", value=code)
    publish(man)
    assert [row["value"] for row in api.ask("actors/man")["attributes"]] == ["IQ", "IR"]
    with pytest.raises(ValidationError, match="Individuals have nationalities"):
        kataib.attributes.model(actor=kataib, kind="nationality", value="IQ").full_clean()


def test_a_designation_lasts_from_its_listing_to_its_delisting(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    kataib.designations.create(
        regime="us_fto",
        listed_name="Kata'ib Hizballah",
        entry_id="KH",
        status="listed",
        start="2009-07-02",
        start_kind="actual",
        end_kind="ongoing",
        last_verified="2024-01-01",
        legal_basis="INA 219",
    )
    publish(kataib)
    (told,) = api.ask("actors/kataib")["designations"]
    assert (told["regime"], told["listed_name"], told["status"]) == (
        "us_fto",
        "Kata'ib Hizballah",
        "listed",
    )
    assert told["validity"]["certain"] == {"first": "2009-07-02", "last": "2024-01-01"}


@pytest.mark.parametrize(
    ("status", "end", "end_kind", "rule"),
    [
        ("listed", "2020", "actual", "listed_has_not_ended"),
        ("delisted", "", "ongoing", "delisted_has_ended"),
    ],
)
def test_the_status_of_a_designation_agrees_with_its_end(
    kataib: Actor, status: str, end: str, end_kind: str, rule: str
) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        kataib.designations.create(regime="un_1267", status=status, end=end, end_kind=end_kind)


def test_a_presence_quotes_its_place(
    api: ContractClient, kataib: Actor, iraq: Place, publish: Any
) -> None:
    kataib.presences.create(place=iraq, kind="territorial_control", control="partial")
    publish(kataib, iraq)
    (told,) = api.ask("actors/kataib")["presences"]
    assert (told["place"]["name"], told["kind"], told["control"]) == (
        "Iraq",
        "territorial_control",
        "partial",
    )


@pytest.mark.parametrize("relation", ["attributes", "presences", "classifications"])
def test_what_is_disputed_says_why(kataib: Actor, iraq: Place, relation: str) -> None:
    told: dict[str, Any] = {
        "attributes": {"kind": "sect", "value": "Shia"},
        "presences": {"place": iraq, "kind": "base"},
        "classifications": {"classification": "rebel_group"},
    }[relation]
    with pytest.raises(IntegrityError, match="dispute_has_note"), transaction.atomic():
        getattr(kataib, relation).create(assessment="disputed", **told)


def test_one_accepted_classification_is_primary_on_a_day(kataib: Actor) -> None:
    def create(start: str, end: str, **told: Any) -> None:
        kataib.classifications.create(
            start=start, start_kind="actual", end=end, end_kind="actual", primary=True, **told
        )

    create("2007", "2014", classification="rebel_group")
    create("2015", "2020", classification="state_paramilitary")
    create("2010", "2012", classification="mercenary", assessment="disputed", note="Says one.")
    with pytest.raises(IntegrityError, match="one_primary"), transaction.atomic():
        create("2012", "2016", classification="political_militia")
    with pytest.raises(ValidationError, match="only one is to go by at a time"):
        kataib.classifications.model(
            actor=kataib,
            classification="political_militia",
            primary=True,
            start="2012",
            start_kind="actual",
            end="2016",
            end_kind="actual",
        ).full_clean()


@pytest.mark.parametrize(
    ("quantifier", "numbers", "rule"),
    [
        ("exact", {"low": 1, "best": 2, "high": 3}, "exact_is_one"),
        ("exact", {}, "exact_is_one"),
        ("at_least", {"high": 5}, "at_least_has_low"),
        ("at_least", {"low": 1, "high": 5}, "at_least_has_low"),
        ("at_most", {"low": 5}, "at_most_has_high"),
        ("between", {"low": 5}, "between_has_both"),
        ("between", {"low": 5, "high": 4}, "in_order"),
        ("approximately", {"low": 5, "best": 4}, "in_order"),
        ("approximately", {"best": 5, "high": 4}, "in_order"),
        ("approximately", {}, "number_or_word"),
    ],
)
def test_numbers_agree_with_how_they_are_worded(
    kataib: Actor, quantifier: str, numbers: dict[str, int], rule: str
) -> None:
    with pytest.raises(IntegrityError, match="strengthestimate"), transaction.atomic():
        kataib.strength_estimates.create(measure="fighters", quantifier=quantifier, **numbers)
    with pytest.raises(ValidationError) as refused:
        kataib.strength_estimates.model(
            actor=kataib, measure="fighters", quantifier=quantifier, **numbers
        ).full_clean()
    names = {c.name: str(c.violation_error_message) for c in _constraints(kataib)}
    assert any(names[f"strengthestimate_{rule}"] in text for text in refused.value.messages)


def _constraints(kataib: Actor) -> Any:
    return kataib.strength_estimates.model._meta.constraints


def test_an_exact_number_given_once_is_all_three(kataib: Actor) -> None:
    exact = kataib.strength_estimates.create(measure="fighters", quantifier="exact", best=400)
    assert (exact.low, exact.best, exact.high) == (400, 400, 400)


def test_a_name_tells_its_script(api: ContractClient, kataib: Actor, publish: Any) -> None:
    for text, language in (("كتائب حزب الله", "ar"), ("Катаиб Хезболла", "ru"), ("KH", "en")):
        kataib.names.create(text=text, language=language)
    publish(kataib)
    told = {row["language"]: row["script"] for row in api.ask("actors/kataib")["names"]}
    assert told == {"ar": "Arab", "ru": "Cyrl", "en": "Latn"}
    with pytest.raises(IntegrityError, match="language"), transaction.atomic():
        kataib.names.create(text="KH", language="english")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("حزب‌الله", "Arab"),
        ("חיזבאללה", "Hebr"),
        ("Hizbullah حزب", "Latn"),
        ("İslami Direniş", "Latn"),
        ("کەتائیب", "Arab"),
        ("1920", None),
        ("", None),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, found: str | None) -> None:
    assert detect_script(text) == found


@given(st.text())
def test_every_text_has_a_known_script_or_none(text: str) -> None:
    assert detect_script(text) in {None, *SCRIPTS.values()}


def test_the_classification_is_the_primary_one_that_starts_last(
    kataib: Actor, api: ContractClient, publish: Any
) -> None:
    """A start that is only first cited is a start, and the later row wins among equal ones."""

    def told(word: str, start: str, **more: Any) -> str:
        kataib.classifications.create(classification=word, start=start, primary=True, **more)
        publish(kataib)
        return str(api.ask("actors/kataib")["classification"])

    assert told("rebel_group", "2003", start_kind="actual") == "rebel_group"
    assert told("state_paramilitary", "2014", start_kind="first_cited") == "state_paramilitary"
    assert told("facade_group", "") == "state_paramilitary"
    assert told("political_militia", "2014", start_kind="actual") == "political_militia"
    assert told("mercenary", "2020", assessment="disputed", note="No.") == "political_militia"
