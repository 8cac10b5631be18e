"""Rules of several affiliations: submission, publication and check_quality apply the same ones."""

from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actors.affiliation_kinds import explain_mismatch, filter_mismatched
from actors.codes import ActorKind, AffiliationKind
from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import User
from editorial.quality import all_rules
from tests.cast import UNCITED

pytestmark = pytest.mark.django_db

RING = 11
"""The number of affiliations of a cycle that is longer than any scope reaches."""


@pytest.fixture
def ring(db: None) -> list[Affiliation]:
    """Affiliations of which each leads to the next, and the last back to the first."""
    actors = [Actor.objects.create(name=f"Unit {n}", kind="unit") for n in range(RING)]
    return [
        Affiliation.objects.create(subject=below, kind="subordinate_of", object=above)
        for below, above in pairwise([*actors, actors[0]])
    ]


def list_cycles() -> list[Affiliation]:
    """Return the affiliations that check_quality reports for a cycle."""
    return [row for found in all_rules()["hierarchy-cycle"].find() for row in found.rows]


def test_a_long_cycle_is_refused_at_submission(ring: list[Affiliation], editor: User) -> None:
    with pytest.raises(ValidationError, match="An actor cannot be above itself") as refused:
        workflow.submit([*Actor.objects.all(), *ring], editor)
    assert len(refused.value.messages) == RING


def test_a_long_cycle_is_refused_at_submission_if_the_rest_is_public(
    ring: list[Affiliation], publish: Any, editor: User
) -> None:
    publish(*Actor.objects.all(), *ring[:-1])
    with pytest.raises(ValidationError, match="Unit 10 – subordinate of – Unit 0: An actor cannot"):
        workflow.submit(ring[-1], editor)


def test_a_long_cycle_is_refused_at_publication(
    ring: list[Affiliation], publish: Any, editor: User, reviewer: User
) -> None:
    publish(*Actor.objects.all())
    halves = [workflow.submit(half, editor) for half in (ring[: RING // 2], ring[RING // 2 :])]
    for submission in halves:
        workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(halves[0], reviewer)
    with pytest.raises(ValidationError, match="An actor cannot be above itself"):
        workflow.publish(halves[1], reviewer)


def test_a_long_cycle_is_reported_by_check_quality(ring: list[Affiliation]) -> None:
    assert list_cycles() == ring
    ring[5].assessment, ring[5].note = "disputed", "One source."
    ring[5].save()
    assert list_cycles() == []


@pytest.mark.parametrize(
    ("end", "start", "is_cycle"), [("2014", "2014", True), ("2013", "2014", False)]
)
def test_a_cycle_needs_a_day_on_which_all_of_it_may_hold(
    end: str, start: str, is_cycle: bool, ring: list[Affiliation], publish: Any
) -> None:
    Affiliation.objects.filter(pk__in=[row.pk for row in ring[2:]]).delete()
    first, second = ring[:2]
    second.object = first.subject
    first.end, first.end_kind = end, "actual"
    second.start, second.start_kind = start, "actual"
    first.save()
    second.save()
    assert bool(list_cycles()) is is_cycle
    if is_cycle:
        with pytest.raises(ValidationError, match="cannot be above itself"):
            publish(*Actor.objects.all(), first, second)
    else:
        publish(*Actor.objects.all(), first, second)


def test_a_cycle_further_up_is_reported_for_its_own_links_only(ring: list[Affiliation]) -> None:
    outside = Actor.objects.create(name="Outside", kind="unit")
    Affiliation.objects.create(subject=outside, kind="member_of", object=ring[0].subject)
    assert list_cycles() == ring


def test_forms_and_databases_agree_on_which_kinds_of_actor_an_affiliation_joins() -> None:
    actors = Actor.objects.bulk_create(
        [Actor(name=kind, kind=kind, possible="(,)") for kind in ActorKind.values for _ in "ab"]
    )
    subjects, objects = actors[::2], actors[1::2]
    Affiliation.objects.bulk_create(
        Affiliation(subject=subject, kind=kind, object=object_, possible="(,)")
        for kind in AffiliationKind.values
        for subject in subjects
        for object_ in objects
    )
    columns = "subject__kind", "kind", "object__kind"
    combinations = set(Affiliation.objects.values_list(*columns))
    assert len(combinations) == len(AffiliationKind) * len(ActorKind) ** 2
    mismatched = set(filter_mismatched(Affiliation.objects.all()).values_list(*columns))
    assert mismatched == {row for row in combinations if explain_mismatch(*row)}
