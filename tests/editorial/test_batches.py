"""Batches: many texts decided on as one, published as one state or in chunks that resume."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from actors.models import Actor
from editorial import workflow
from editorial.models import Submission, User
from incidents.models import Incident, IncidentLink, Involvement
from publishing import bulk, publication
from publishing.models import Edition
from tests.cast import UNCITED
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(kataib: Actor, editor: User, reviewer: User) -> Submission:
    """A militia and twenty attacks by it, each answering the next, approved."""
    attacks = [Incident.objects.create(title=f"Attack {n}", date="2020") for n in range(20)]
    for attack in attacks:
        Involvement.objects.create(incident=attack, role="perpetrator", actor=kataib)
    for attack, later in zip(attacks[::2], attacks[1::2], strict=True):
        IncidentLink.objects.create(incident=attack, kind="response_to", to=later)
    submission = workflow.submit([*attacks, kataib], editor)
    workflow.approve(submission, reviewer, UNCITED)
    return submission


def test_a_batch_is_published_as_one_state(
    api: ContractClient, batch: Submission, reviewer: User
) -> None:
    workflow.publish(batch, reviewer)
    assert batch.state == "published"
    assert len(set(Edition.objects.values_list("published_at", flat=True))) == 1
    assert api.ask("incidents?count=true&perpetrator=kataib")["count"] == 20


def test_what_is_quoted_comes_first(batch: Submission) -> None:
    assert batch.items.order_by("pk")[0].type == "actor"


def test_chunks_are_states_of_their_own_and_hold_what_they_quote(
    batch: Submission, reviewer: User
) -> None:
    workflow.publish(batch, reviewer, chunk=4)
    assert batch.state == "published"
    moments = Edition.objects.values_list("published_at", flat=True).distinct()
    assert 4 <= moments.count() <= 6
    assert Edition.objects.count() == 21


def test_an_interrupted_publication_goes_on_where_it_stopped(
    api: ContractClient, batch: Submission, reviewer: User, editor: User, monkeypatch: Any
) -> None:
    published = publication.publish
    calls = iter(range(10))

    def interrupted(acts: Any, check: Any) -> None:
        if next(calls) == 2:
            raise DatabaseError("the connection was lost")
        published(acts, check)

    monkeypatch.setattr(publication, "publish", interrupted)
    with pytest.raises(DatabaseError):
        workflow.publish(batch, reviewer, chunk=4)
    batch.refresh_from_db()
    assert batch.state == "publishing"
    before = Edition.objects.count()
    assert 0 < before < 21
    for action in (workflow.recall, workflow.approve):
        with pytest.raises(ValidationError, match="It is publishing"):
            action(batch, reviewer)
    workflow.publish(batch, reviewer, chunk=4)
    assert (batch.state, Edition.objects.count()) == ("published", 21)
    assert Edition.objects.filter(version=2).count() == 0, "nothing was published twice"


def test_a_batch_that_fails_leaves_nothing(
    batch: Submission, reviewer: User, monkeypatch: Any
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(bulk, "insert_rows", fail)
    with pytest.raises(DatabaseError):
        workflow.publish(batch, reviewer)
    batch.refresh_from_db()
    assert (batch.state, Edition.objects.count()) == ("approved", 0)


def test_many_rows_are_copied_and_read_the_same(
    api: ContractClient, batch: Submission, reviewer: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(bulk, "_COPY_FROM", 1)
    workflow.publish(batch, reviewer)
    assert len(api.results("incidents/documents?perpetrator=kataib&occurred_from=2020")) == 20
    assert api.ask("actors/kataib")["name"] == "Kataib Hezbollah"


def test_the_number_of_statements_does_not_grow_with_the_batch(
    editor: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    def records(prefix: str) -> list[Incident]:
        return [
            Incident.objects.create(title=f"{prefix}{n}", slug=f"{prefix}-{n}") for n in range(50)
        ]

    some = records("a")
    with django_assert_max_num_queries(70):
        submission = workflow.submit(some, editor)
    with django_assert_max_num_queries(30):
        workflow.approve(submission, reviewer, UNCITED)
    with django_assert_max_num_queries(33):
        workflow.publish(submission, reviewer)
