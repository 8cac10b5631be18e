"""The first page by actor at a scope: read off the index of each actor, on many rows."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor, Affiliation
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

_INCIDENTS = """
INSERT INTO incidents_incidententry (until_seq, record, seq, edited_at, external_ids, slug,
    event_type, sub_type, violence, granularity, order_date, last_date, certain, country)
SELECT 9223372036854775807, md5('i' || i)::uuid, i, now(), '{}', '', 'battle', '', '', '', d,
    CASE i % 10 WHEN 0 THEN d + 30 ELSE d END, true, 'IQ'
FROM generate_series(-20000, -1) AS i, LATERAL (SELECT date '2018-01-01' + (i * 7) % 3000) AS x (d)
"""
_INVOLVED = """
INSERT INTO incidents_incidentactorentry (until_seq, record, seq, order_date, last_date, certain,
    actor, role)
SELECT until_seq, record, seq, order_date, last_date, certain,
    coalesce((%s::uuid[])[1 - seq %% 40], md5('a' || seq %% 40)::uuid), 'perpetrator'
FROM incidents_incidententry WHERE seq < 0
"""
_EDITIONS = """
INSERT INTO editorial_edition (seq, hash, type, record, version, kind, published_at, edited_at,
    note, public, shape, ref, summary, document)
SELECT seq, '', 'incident', record, 1, 'publish', '2000-01-01', '2000-01-01', '', true, 99, '{}',
    '{}', '{}'
FROM incidents_incidententry WHERE seq < 0
"""


@pytest.fixture
def members(publish: Any) -> Iterator[list[UUID]]:
    """An umbrella of twelve members, with a third of 20,000 incidents among them."""
    umbrella = Actor.objects.create(name="Umbrella", slug="umbrella", kind="coalition")
    groups = [
        Actor.objects.create(name=f"Group {n}", slug=f"group-{n}", kind="armed_organisation")
        for n in range(12)
    ]
    ties = [
        Affiliation.objects.create(
            subject=group, kind="member_of", object=umbrella, start="2012", start_kind="actual"
        )
        for group in groups
    ]
    publish(umbrella, *groups, *ties)
    ids = [group.public_id for group in groups]
    with connection.cursor() as cursor:
        cursor.execute(_INCIDENTS)
        cursor.execute(_INVOLVED, [ids])
        cursor.execute(_EDITIONS)
        cursor.execute("ANALYZE incidents_incidententry, incidents_incidentactorentry")
    yield ids
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_incidententry, incidents_incidentactorentry")


@pytest.mark.parametrize("role", ["perpetrator", "participant"])
def test_a_page_is_read_off_the_index_of_each_member(
    api: ContractClient, members: list[UUID], role: str
) -> None:
    address = f"/api/v1/incidents?{role}=umbrella&{role}_scope=all&limit=50"
    with CaptureQueriesContext(connection) as queries:
        assert api.get(address, secure=True).status_code == 200
    assert len(queries) == 4, "the horizon, the actors, who stands under them, the page"
    page = queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS) {page}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search("using incidentactorentry_(newest|any)", plan)
    assert "using incidentactorentry_astride" in plan
    assert "Seq Scan on incidents_" not in plan


def test_pages_walk_through_all_that_is_counted(api: ContractClient, members: list[UUID]) -> None:
    query = "incidents?perpetrator=umbrella&perpetrator_scope=all&occurred_to=2015&limit=500"
    address, seen = f"/api/v1/{query}&count=true", 0
    while address:
        told = api.get(address, secure=True).json()
        seen += len(told["results"])
        address = told["next"]
    assert seen == told["count"] > 300
