"""Support from sponsors."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import User
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def iran(db: None) -> Actor:
    """A state."""
    return Actor.objects.create(name="Iran", slug="iran", kind="state")


@pytest.fixture
def sponsorship(kataib: Actor, iran: Actor) -> Affiliation:
    """A militia that a state sponsors."""
    return Affiliation.objects.create(subject=kataib, kind="sponsored_by", object=iran)


def test_support_is_published_with_its_affiliation(
    api: ContractClient, sponsorship: Affiliation, pmf: Actor, publish: Any
) -> None:
    sponsorship.support.create(
        type="weapons",
        basis="assessed",
        against=pmf,
        jointly="Iran and Syria",
        start="2007",
        start_kind="actual",
        end="2009",
        end_kind="actual",
    )
    publish(sponsorship.subject, sponsorship.object, pmf, sponsorship)
    (row,) = api.ask(f"affiliations/{sponsorship.public_id}")["support"]
    assert (row["type"], row["basis"]) == ("weapons", "assessed")
    assert row["jointly"] == "Iran and Syria"
    assert row["against"]["slug"] == "pmf"
    assert row["validity"]["certain"] == {"first": "2007-12-31", "last": "2009-01-01"}


def test_only_a_sponsorship_has_support(sponsorship: Affiliation, editor: User) -> None:
    support = sponsorship.support.create(type="weapons")
    support.full_clean()
    sponsorship.kind = "aligned_with"
    with pytest.raises(ValidationError, match="remove the support rows first"):
        sponsorship.full_clean()
    sponsorship.save()
    with pytest.raises(ValidationError, match="remove the support rows first"):
        workflow.submit(sponsorship, editor)
    support.refresh_from_db()
    with pytest.raises(ValidationError, match="Only an affiliation of kind"):
        support.full_clean()


@pytest.mark.parametrize("end", ["subject", "object"])
def test_support_is_not_directed_against_its_own_parties(
    sponsorship: Affiliation, end: str
) -> None:
    support = sponsorship.support.create(type="weapons", against=getattr(sponsorship, end))
    with pytest.raises(ValidationError, match="cannot be the sponsor or the supported actor"):
        support.full_clean()
