"""Designations of actors."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


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
    (row,) = api.ask("actors/kataib")["designations"]
    assert (row["regime"], row["listed_name"], row["status"]) == (
        "us_fto",
        "Kata'ib Hizballah",
        "listed",
    )
    assert row["validity"]["certain"] == {"first": "2009-07-02", "last": "2024-01-01"}


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
