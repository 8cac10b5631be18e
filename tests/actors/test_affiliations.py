"""Ties over time: what one may be beside others, symmetric ones, genealogies, hierarchies."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import User
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def tie(
    subject: Actor, kind: str, object_: Actor, start: str = "", end: str = "", **told: Any
) -> Any:
    """Make a tie that began and ended on the days that are given."""
    kinds = {f"{name}_kind": "actual" for name, day in (("start", start), ("end", end)) if day}
    return Affiliation.objects.create(
        subject=subject, kind=kind, object=object_, start=start, end=end, **kinds | told
    )


@pytest.fixture
def iran(db: None) -> Actor:
    """A state."""
    return Actor.objects.create(name="Iran", slug="iran", kind="state")


@pytest.fixture
def badr(db: None) -> Actor:
    """Another militia."""
    return Actor.objects.create(name="Badr", slug="badr", kind="armed_organisation")


def test_two_actors_may_be_tied_by_one_kind_in_succession(kataib: Actor, pmf: Actor) -> None:
    tie(kataib, "member_of", pmf, "2014", "2016")
    tie(kataib, "member_of", pmf, "2018", "2020")
    tie(kataib, "member_of", pmf)
    assert Affiliation.objects.count() == 3


def test_accepted_ties_of_one_kind_do_not_certainly_overlap(kataib: Actor, pmf: Actor) -> None:
    first = tie(kataib, "member_of", pmf, "2014", "2018")
    again = Affiliation(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2016",
        start_kind="actual",
        end="2020",
        end_kind="actual",
    )
    with pytest.raises(ValidationError, match="certainly holds on some of the same days"):
        again.full_clean()
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        again.save()
    tie(kataib, "member_of", pmf, "2016", "2020", assessment="disputed", note="One source alone.")
    tie(kataib, "affiliate_of", pmf, "2016", "2020")
    sql = "UPDATE actors_affiliation SET kind = 'affiliate_of' WHERE id = %s"
    with (
        pytest.raises(IntegrityError, match="one_at_a_time"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [first.pk])


def test_a_symmetric_tie_is_stored_once_and_read_from_both_ends(
    api: ContractClient, kataib: Actor, badr: Actor, pmf: Actor, publish: Any
) -> None:
    allied = tie(kataib, "allied_with", badr)
    under = tie(kataib, "member_of", pmf)
    again = Affiliation(subject=badr, kind="allied_with", object=kataib)
    with pytest.raises(ValidationError, match="already exists in the other direction"):
        again.full_clean()
    with pytest.raises(IntegrityError, match="one_direction"), transaction.atomic():
        again.save()
    tie(badr, "member_of", kataib)
    publish(kataib, badr, pmf, allied, under)

    def found(query: str) -> list[str]:
        return sorted(row["kind"] for row in api.results(f"affiliations?{query}"))

    assert found("subject=kataib") == ["allied_with", "member_of"]
    assert found("subject=badr") == found("object=badr") == ["allied_with"]
    assert found("object=kataib") == ["allied_with"]
    assert found("subject=badr&object=kataib") == ["allied_with"]
    assert found("subject=kataib&object=badr") == ["allied_with"]
    assert found("subject=kataib&object=kataib") == [], "one reading meets both"
    assert found("subject=pmf") == []


@pytest.mark.parametrize(
    "told",
    [
        {"end": "2010", "end_kind": "actual"},
        {"end_kind": "ongoing"},
        {"last_verified": "2020-01-01"},
        {"end_reason": "It rejoined."},
    ],
)
def test_a_genealogy_has_a_start_alone(kataib: Actor, badr: Actor, told: dict[str, str]) -> None:
    split = tie(kataib, "splinter_of", badr, "2007")
    for name, value in told.items():
        setattr(split, name, value)
    with pytest.raises(ValidationError, match="happens once"):
        split.full_clean()
    with pytest.raises(IntegrityError, match="genealogy_starts"), transaction.atomic():
        Affiliation.objects.filter(pk=split.pk).update(**told)


def test_titles_are_held_by_people(kataib: Actor, badr: Actor) -> None:
    with pytest.raises(IntegrityError, match="titles_of_people"), transaction.atomic():
        tie(kataib, "allied_with", badr, title="Head")


def test_a_kind_is_corrected_in_place(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    corrected = tie(kataib, "wing_of", pmf, "2014")
    publish(kataib, pmf, corrected)
    corrected.kind = "member_of"
    corrected.save()
    publish(corrected, note="It is a member.")
    told = api.ask(f"affiliations/{corrected.public_id}")
    assert (told["kind"], told["version"]) == ("member_of", 2)
    assert api.results("affiliations?kind=wing_of") == []


def test_nobody_stands_above_itself_in_one_batch(
    kataib: Actor, badr: Actor, pmf: Actor, publish: Any, editor: User
) -> None:
    publish(kataib, badr, pmf)
    ties = [
        tie(kataib, "subordinate_of", badr),
        tie(badr, "wing_of", pmf),
        tie(pmf, "administratively_under", kataib),
    ]
    with pytest.raises(ValidationError, match="cannot be above itself"):
        workflow.submit(Affiliation.objects.filter(pk__in=[one.pk for one in ties]), editor)
    Affiliation.objects.filter(pk=ties[2].pk).update(assessment="disputed", note="Unlikely.")
    publish(*Affiliation.objects.filter(pk__in=[one.pk for one in ties]))


def test_a_hierarchy_may_turn_round_on_another_day(
    kataib: Actor, badr: Actor, publish: Any, editor: User
) -> None:
    publish(kataib, badr, tie(kataib, "subordinate_of", badr, "2005", "2010"))
    turned = tie(badr, "subordinate_of", kataib, "2011")
    publish(turned)
    back = tie(kataib, "member_of", badr, "2015")
    with pytest.raises(
        ValidationError, match="Kataib Hezbollah – member of – Badr: An actor cannot"
    ):
        workflow.submit(back, editor)
    turned.end, turned.end_kind = "2014", "actual"
    turned.save()
    publish(turned, back)


def test_what_is_public_by_then_decides_under_the_lock(
    kataib: Actor, badr: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib, badr)
    submissions = [
        workflow.submit(tie(*ends), editor)
        for ends in ((kataib, "subordinate_of", badr), (badr, "subordinate_of", kataib))
    ]
    for submission in submissions:
        workflow.approve(submission, reviewer)
    workflow.publish(submissions[0], reviewer)
    with pytest.raises(ValidationError, match="cannot be above itself"):
        workflow.publish(submissions[1], reviewer)
    submissions[1].refresh_from_db()
    assert submissions[1].state == "approved"


def test_ties_that_two_merged_actors_both_had_stay_told_twice(
    api: ContractClient, kataib: Actor, badr: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    both = [tie(actor, "member_of", pmf, "2014", "2018") for actor in (kataib, badr)]
    publish(kataib, badr, pmf, *both)
    merging.merge(badr, kataib, reviewer, "One group.")
    told = [row["subject"]["slug"] for row in api.results("affiliations?object=pmf")]
    assert told == ["kataib", "kataib"]
    both[1].refresh_from_db()
    assert both[1].subject == badr, "so that the two can be told apart, and one be merged"
    merging.merge(both[1], both[0], reviewer, "One tie.")
    assert len(api.results("affiliations?object=pmf")) == 1


def test_support_is_given_in_a_sponsorship(
    api: ContractClient, kataib: Actor, iran: Actor, pmf: Actor, publish: Any, editor: User
) -> None:
    backing = tie(kataib, "sponsored_by", iran, "2007")
    backing.support.create(
        type="weapons",
        basis="assessed",
        against=pmf,
        jointly="Iran and Syria",
        start="2007",
        start_kind="actual",
        end="2009",
        end_kind="actual",
    )
    publish(kataib, iran, pmf, backing)
    (told,) = api.ask(f"affiliations/{backing.public_id}")["support"]
    assert (told["type"], told["basis"]) == ("weapons", "assessed")
    assert told["jointly"] == "Iran and Syria"
    assert told["against"]["slug"] == "pmf"
    assert told["validity"]["certain"] == {"first": "2007-12-31", "last": "2009-01-01"}
    with pytest.raises(ValidationError, match="The opponent cannot be"):
        backing.support.model(affiliation=backing, type="funding", against=iran).full_clean()
    backing.kind = "aligned_with"
    with pytest.raises(ValidationError, match="remove the support rows first"):
        backing.full_clean()
    backing.save()
    with pytest.raises(ValidationError, match="remove the support rows first"):
        workflow.submit(backing, editor)
    with pytest.raises(ValidationError, match="Only an affiliation of kind"):
        backing.support.model(affiliation=backing, type="funding").full_clean()
