"""The first page of a past state: it begins where that state does, and holds all that stood."""

from typing import Any

import pytest

from actors.models import Actor
from incidents.models import Incident
from publishing.models import Edition
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

DAYS = {"foretold": "2099-05-01", "old": "2019-06-01", "undated": ""}


@pytest.fixture
def snapshot(publish: Any) -> str:
    """A state with an incident that lies ahead, one that does not, and one on no day."""
    group = Actor.objects.create(name="Group", slug="group", kind="armed_organisation")
    attacks = [_attack(slug, day, group) for slug, day in DAYS.items()]
    publish(group, *attacks)
    snapshot = str(Edition.objects.newest_snapshot())
    publish(_attack("later", "2098", group))
    publish(_attack("latest", "2020-01-01", group))
    return snapshot


def _attack(slug: str, day: str, group: Actor) -> Incident:
    attack = Incident.objects.create(title=slug.title(), slug=slug, date=day)
    attack.involvements.create(role="perpetrator", actor=group)
    attack.statements.create(number=1, kind="claim", speaker=group)
    return attack


@pytest.mark.parametrize("asked", ["", "&perpetrator=group", "&participant=group"])
@pytest.mark.parametrize(
    ("sort", "slugs"),
    [
        ("newest", ["foretold", "old", "undated"]),
        ("oldest", ["undated", "old", "foretold"]),
    ],
)
def test_what_was_published_before_it_happened_is_on_it(
    api: ContractClient, snapshot: str, asked: str, sort: str, slugs: list[str]
) -> None:
    query = f"incidents?snapshot={snapshot}&sort={sort}{asked}"
    assert [row["slug"] for row in api.results(query)] == slugs
    assert [row["slug"] for row in api.results(f"{query}&limit=1")] == slugs


def test_all_that_was_edited_by_then_is_on_it(api: ContractClient, snapshot: str) -> None:
    rows = api.results(f"incidents?snapshot={snapshot}&sort=recently_edited")
    assert {row["slug"] for row in rows} == set(DAYS)


@pytest.mark.parametrize("role", ["claimed_by", "announced_by"])
def test_who_claims_is_found_then_too(api: ContractClient, snapshot: str, role: str) -> None:
    then, now = (
        {row["slug"] for row in api.results(f"incidents?{role}=group{at}")}
        for at in (f"&snapshot={snapshot}", "")
    )
    assert then == set(DAYS)
    assert now == then | {"later", "latest"}


def test_before_anything_was_public_there_is_nothing(api: ContractClient, snapshot: str) -> None:
    for sort in ("newest", "recently_edited"):
        assert api.results(f"incidents?known_at=2001-01-01T00:00:00Z&sort={sort}") == []
