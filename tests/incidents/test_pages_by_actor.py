"""The first page of incidents by a scope, which reads the index of each actor."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor, Affiliation
from incidents.entries import IncidentActorEntry, IncidentEntry
from incidents.models import Incident
from publishing.models import Edition
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db

# Each row is one that was published, with other values: what else it holds does not matter here.
_COPY = """
INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} AS model,
    generate_series(-20000, -1) AS i,
    LATERAL (SELECT date '2018-01-01' + (i * 7) %% 3000) AS first (d),
    LATERAL (SELECT CASE i %% 10 WHEN 0 THEN d + 30 ELSE d END) AS last (e),
    jsonb_populate_record(model, jsonb_build_object(
        'id', i, 'seq', i, 'record', md5('i' || i)::uuid, 'order_date', d, 'last_date', e,
        'certain', true, 'actor', coalesce(
            (%(members)s::uuid[])[1 - i %% 40], md5('a' || i %% 40)::uuid))) AS copy
WHERE model.seq = %(seq)s
"""
_MODELS: tuple[Any, ...] = (IncidentEntry, IncidentActorEntry, Edition)


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
    attack = Incident.objects.create(title="Attack", slug="attack", date="2010")
    attack.involvements.create(role="perpetrator", actor=umbrella)
    publish(umbrella, *groups, *ties, attack)
    ids = [group.public_id for group in groups]
    with connection.cursor() as cursor:
        model = {"members": ids, "seq": IncidentEntry.objects.get().seq}
        for table in _MODELS:
            columns = [f.column for f in table._meta.concrete_fields if not f.generated]
            names = {
                "table": table._meta.db_table,
                "columns": ", ".join(columns),
                "copied": ", ".join(f"copy.{column}" for column in columns),
            }
            cursor.execute(_COPY.format(**names), model)
        cursor.execute("ANALYZE incidents_incidententry, incidents_incidentactorentry")
    yield ids
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_incidententry, incidents_incidentactorentry")


@pytest.mark.parametrize("role", ["perpetrator", "participant"])
def test_a_page_is_read_from_the_index_of_each_member(
    api: ContractClient, members: list[UUID], role: str
) -> None:
    address = f"/api/v1/incidents?{role}=umbrella&{role}_scope=all&limit=50"
    with CaptureQueriesContext(connection) as queries:
        assert api.get(address, secure=True).status_code == 200
    assert len(queries) == 4, "the snapshot, the actors, those below them, the page"
    page = queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS) {page}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search("using incidentactorentry_(newest|any)", plan)
    assert "using incidentactorentry_astride" in plan
    assert "Seq Scan on incidents_" not in plan


def test_the_pages_include_everything_that_is_counted(
    api: ContractClient, members: list[UUID]
) -> None:
    query = "incidents?perpetrator=umbrella&perpetrator_scope=all&occurred_to=2015&limit=500"
    address, seen = f"/api/v1/{query}&count=true", 0
    while address:
        answer = api.get(address, secure=True).json()
        seen += len(answer["results"])
        address = answer["next"]
    assert seen == answer["count"] > 300


@pytest.mark.parametrize("role", ["perpetrator", "participant"])
def test_an_incident_is_on_a_page_once_for_all_roles_of_an_actor(
    api: ContractClient, kataib: Actor, publish: Any, role: str
) -> None:
    attacks = [
        Incident.objects.create(title=f"Attack {n}", slug=f"attack-{n}", date=f"2020-01-0{n}")
        for n in range(1, 6)
    ]
    for attack in attacks:
        for word in ("perpetrator", "perpetrator", "co_perpetrator", "victim", "party"):
            attack.involvements.create(role=word, actor=kataib)
    publish(kataib, *attacks)
    for scope in ("self", "all"):
        walked = api.names(f"incidents?{role}=kataib&{role}_scope={scope}&limit=2")
        assert walked == [attack.title for attack in reversed(attacks)]
