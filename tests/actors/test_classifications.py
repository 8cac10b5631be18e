"""Classifications of actors."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actors.models import Actor
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_one_accepted_classification_is_primary_on_a_day(kataib: Actor) -> None:
    def create(start: str, end: str, **columns: Any) -> None:
        kataib.classifications.create(
            start=start, start_kind="actual", end=end, end_kind="actual", primary=True, **columns
        )

    create("2007", "2014", classification="rebel_group")
    create("2015", "2020", classification="state_paramilitary")
    create("2010", "2012", classification="mercenary", assessment="disputed", note="Says one.")
    with pytest.raises(IntegrityError, match="one_primary"), transaction.atomic():
        create("2012", "2016", classification="political_militia")
    with pytest.raises(ValidationError, match="only one can be primary at a time"):
        kataib.classifications.model(
            actor=kataib,
            classification="political_militia",
            primary=True,
            start="2012",
            start_kind="actual",
            end="2016",
            end_kind="actual",
        ).full_clean()


def test_the_classification_is_the_primary_one_that_starts_last(
    kataib: Actor, api: ContractClient, publish: Any
) -> None:
    """A first citation counts as a start; of two equal starts the later row wins."""

    def publish_next(word: str, start: str, **more: Any) -> str:
        kataib.classifications.create(classification=word, start=start, primary=True, **more)
        publish(kataib)
        return str(api.ask("actors/kataib")["classification"])

    assert publish_next("rebel_group", "2003", start_kind="actual") == "rebel_group"
    assert (
        publish_next("state_paramilitary", "2014", start_kind="first_cited") == "state_paramilitary"
    )
    assert publish_next("facade_group", "") == "state_paramilitary"
    assert publish_next("political_militia", "2014", start_kind="actual") == "political_militia"
    assert (
        publish_next("mercenary", "2020", assessment="disputed", note="No.") == "political_militia"
    )


def test_unaccepted_and_secondary_classifications_are_not_chosen(
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
