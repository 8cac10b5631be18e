"""The kinds of actor that each kind of affiliation may join."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actors import affiliation_kinds
from actors.codes import ActorKind, AffiliationKind
from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import Submission, User
from tests.cast import UNCITED

pytestmark = pytest.mark.django_db


def test_every_kind_of_affiliation_joins_some_kinds() -> None:
    assert set(affiliation_kinds.ALLOWED_PAIRS) == set(AffiliationKind.values)
    for kind, pairs in affiliation_kinds.ALLOWED_PAIRS.items():
        assert pairs, kind
        assert all(subjects and objects for subjects, objects in pairs), kind


def test_symmetric_kinds_join_the_same_actors_in_both_directions() -> None:
    for kind in affiliation_kinds.SYMMETRIC:
        for one in ActorKind:
            for other in ActorKind:
                reasons = (
                    affiliation_kinds.explain_mismatch(one, kind, other),
                    affiliation_kinds.explain_mismatch(other, kind, one),
                )
                assert (reasons[0] is None) == (reasons[1] is None), (one, kind, other)


@pytest.mark.parametrize(
    ("subject", "kind", "object_", "joins"),
    [
        ("armed_organisation", "member_of", "coalition", True),
        ("individual", "member_of", "armed_organisation", True),
        ("armed_organisation", "member_of", "state", False),
        ("coalition", "recognised_by", "government_body", True),
        ("coalition", "recognised_by", "individual", False),
        ("state", "subordinate_of", "state", False),
        ("individual", "leader_of", "unit", True),
        ("armed_organisation", "leader_of", "unit", False),
        ("population_group", "facade_of", "armed_organisation", False),
        ("collective", "sponsored_by", "state", True),
        ("individual", "possibly_same_as", "unit", False),
        ("individual", "possibly_same_as", "individual", True),
    ],
)
def test_the_pairs_of_each_kind(subject: str, kind: str, object_: str, joins: bool) -> None:
    assert (affiliation_kinds.explain_mismatch(subject, kind, object_) is None) is joins


def test_a_mismatch_is_refused_in_the_form_and_at_submission(
    kataib: Actor, pmf: Actor, editor: User
) -> None:
    affiliation = Affiliation(subject=kataib, kind="leader_of", object=pmf)
    with pytest.raises(ValidationError, match="does not join armed organisation to coalition"):
        affiliation.full_clean()
    affiliation.save()
    with pytest.raises(ValidationError, match="It joins individual to any actor but individual"):
        workflow.submit(affiliation, editor)


def test_a_mismatch_with_what_is_public_by_then_is_refused_at_publication(
    kataib: Actor, pmf: Actor, publish: Any, reviewer: User, editor: User
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="wing_of", object=pmf)
    publish(kataib, pmf)
    submission = workflow.submit(affiliation, editor)
    workflow.approve(submission, reviewer, UNCITED)
    Actor.objects.filter(pk=kataib.pk).update(kind="state")
    with pytest.raises(ValidationError, match="wing of"):
        Actor.objects.get(pk=kataib.pk).full_clean()
    publish(Actor.objects.get(pk=kataib.pk))
    with pytest.raises(ValidationError, match="does not join state"):
        workflow.publish(submission, reviewer)


def test_an_actor_cannot_change_to_a_kind_that_mismatches_a_public_affiliation(
    kataib: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="wing_of", object=pmf)
    publish(kataib, pmf, affiliation)
    kataib.kind = "state"
    kataib.save()
    with pytest.raises(ValidationError, match="does not join state"):
        publish(kataib)
    workflow.recall(Submission.objects.get(state="approved"), reviewer)
    affiliation.kind = "aligned_with"
    affiliation.save()
    publish(kataib, affiliation)
