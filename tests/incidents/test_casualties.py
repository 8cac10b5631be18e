"""Casualty figures: recommended and supporting ones, where unknown is never 0."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from incidents.models import CasualtyFigure, Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


UNKNOWN = {"low": None, "best": None, "high": None}


def test_the_summary_shows_the_recommended_total(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    figures = attack.casualties
    figures.create(measure="killed", best=4)
    figures.create(measure="killed", best=3, low=2, role="recommended", quantifier="at_least")
    figures.create(measure="killed", best=1, role="recommended", population="civilians")
    figures.create(measure="killed", best=2, role="recommended", actor=kataib)
    figures.create(measure="killed", best=1, role="recommended", nationality="US")
    publish(kataib, attack)
    (summary,) = api.results("incidents")
    assert summary["killed"] == {"low": 2, "best": 3, "high": None}
    assert summary["injured"] == UNKNOWN
    rows = api.ask(f"incidents/{attack.public_id}")["casualties"]
    assert [row["best"] for row in rows if row["role"] == "supporting"] == [4]
    assert [row["actor"]["name"] for row in rows if row["actor"]] == [kataib.name]


def test_zero_is_not_the_same_as_not_known(
    api: ContractClient, attack: Incident, publish: Any
) -> None:
    attack.casualties.create(measure="killed", low=0, best=0, high=0, role="recommended")
    attack.casualties.create(measure="injured", quantifier="dozens", role="recommended")
    publish(attack)
    document = api.ask(f"incidents/{attack.public_id}")
    assert document["killed"] == {"low": 0, "best": 0, "high": 0}
    assert document["injured"] == UNKNOWN


def test_numbers_out_of_order_are_accepted(attack: Incident) -> None:
    figure = CasualtyFigure(incident=attack, measure="killed", low=9, best=8, high=3)
    figure.quantifier = "between"
    figure.full_clean()
    figure.save()


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"measure": "killed"}, "casualtyfigure_number_or_word"),
        ({"measure": "annoyed", "best": 1}, "check"),
        ({"measure": "injured", "low": 1, "best": 2}, "casualtyfigure_exact_is_one_number"),
        ({"measure": "injured", "low": 1, "high": 2}, "casualtyfigure_exact_is_one_number"),
        (
            {"measure": "injured", "quantifier": "at_least", "best": 2},
            "casualtyfigure_at_least_has_low",
        ),
        (
            {"measure": "injured", "quantifier": "at_least", "low": 2, "high": 3},
            "casualtyfigure_at_least_has_low",
        ),
        (
            {"measure": "injured", "quantifier": "at_most", "low": 2},
            "casualtyfigure_at_most_has_high",
        ),
        (
            {"measure": "injured", "quantifier": "between", "low": 2},
            "casualtyfigure_between_has_both",
        ),
        ({"measure": "killed", "best": 1, "nationality": "us"}, "casualtyfigure_nationality_code"),
        ({"measure": "killed", "best": 1, "role": "recommended"}, "casualtyfigure_one_recommend"),
    ],
)
def test_the_database_refuses_invalid_figures(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    attack.casualties.create(measure="killed", best=2, role="recommended")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.casualties.create(**columns)
