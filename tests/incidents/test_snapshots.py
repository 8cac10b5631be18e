"""Lists of incidents at an earlier snapshot."""

from typing import Any

import pytest

from actors.models import Actor
from incidents.models import Incident
from publishing.models import Edition
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

DAYS = {"future": "2099-05-01", "old": "2019-06-01", "undated": ""}


@pytest.fixture
def snapshot(publish: Any) -> str:
    """A snapshot with an incident in the future, one in the past, and one without a date."""
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


@pytest.mark.parametrize("params", ["", "&perpetrator=group", "&participant=group"])
@pytest.mark.parametrize(
    ("sort", "slugs"),
    [
        ("newest", ["future", "old", "undated"]),
        ("oldest", ["undated", "old", "future"]),
    ],
)
def test_the_list_includes_an_incident_that_was_published_before_its_date(
    api: ContractClient, snapshot: str, params: str, sort: str, slugs: list[str]
) -> None:
    query = f"incidents?snapshot={snapshot}&sort={sort}{params}"
    assert [row["slug"] for row in api.results(query)] == slugs
    assert [row["slug"] for row in api.results(f"{query}&limit=1")] == slugs


def test_the_list_by_edit_includes_every_incident_of_the_snapshot(
    api: ContractClient, snapshot: str
) -> None:
    rows = api.results(f"incidents?snapshot={snapshot}&sort=recently_edited")
    assert {row["slug"] for row in rows} == set(DAYS)


@pytest.mark.parametrize("role", ["claimed_by", "announced_by", "statement_about", "statement_by"])
def test_statement_roles_are_found_at_the_snapshot(
    api: ContractClient, snapshot: str, role: str
) -> None:
    then, now = (
        {row["slug"] for row in api.results(f"incidents?{role}=group{at}")}
        for at in (f"&snapshot={snapshot}", "")
    )
    assert then == set(DAYS)
    assert now == then | {"later", "latest"}


def test_the_list_is_empty_before_the_first_publication(api: ContractClient, snapshot: str) -> None:
    for sort in ("newest", "recently_edited"):
        assert api.results(f"incidents?known_at=2001-01-01T00:00:00Z&sort={sort}") == []
