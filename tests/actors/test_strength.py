"""Estimates of the strength of actors."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("quantifier", "numbers", "rule"),
    [
        ("exact", {"low": 1, "best": 2, "high": 3}, "exact_is_one"),
        ("exact", {}, "exact_is_one"),
        ("at_least", {"high": 5}, "at_least_has_low"),
        ("at_least", {"low": 1, "high": 5}, "at_least_has_low"),
        ("at_most", {"low": 5}, "at_most_has_high"),
        ("between", {"low": 5}, "between_has_both"),
        ("between", {"low": 5, "high": 4}, "build_order_constraint"),
        ("approximately", {"low": 5, "best": 4}, "build_order_constraint"),
        ("approximately", {"best": 5, "high": 4}, "build_order_constraint"),
        ("approximately", {}, "number_or_word"),
    ],
)
def test_numbers_match_their_quantifier(
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


def test_an_exact_number_is_copied_to_low_best_and_high(kataib: Actor) -> None:
    exact = kataib.strength_estimates.create(measure="fighters", quantifier="exact", best=400)
    assert (exact.low, exact.best, exact.high) == (400, 400, 400)


def test_an_estimate_may_be_a_vague_word(api: ContractClient, pmf: Actor, publish: Any) -> None:
    pmf.strength_estimates.create(measure="fighters", quantifier="tens_of_thousands")
    publish(pmf)
    (estimate,) = api.ask("actors/pmf")["strength_estimates"]
    assert (estimate["quantifier"], estimate["best"]) == ("tens_of_thousands", None)
    with pytest.raises(IntegrityError, match="number_or_word"), transaction.atomic():
        pmf.strength_estimates.create(measure="units", quantifier="approximately")
