"""Affiliations: periods, symmetric kinds, genealogies, hierarchies and their days."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import User
from tests.cast import UNCITED
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def create(
    subject: Actor, kind: str, object_: Actor, start: str = "", end: str = "", **columns: Any
) -> Any:
    """Create an affiliation with an actual start and end on the given days."""
    kinds = {f"{name}_kind": "actual" for name, day in (("start", start), ("end", end)) if day}
    return Affiliation.objects.create(
        subject=subject, kind=kind, object=object_, start=start, end=end, **kinds | columns
    )


@pytest.fixture
def badr(db: None) -> Actor:
    """Another militia."""
    return Actor.objects.create(name="Badr", slug="badr", kind="armed_organisation")


def test_two_actors_may_have_one_kind_of_affiliation_in_several_periods(
    kataib: Actor, pmf: Actor
) -> None:
    create(kataib, "member_of", pmf, "2014", "2016")
    create(kataib, "member_of", pmf, "2018", "2020")
    create(kataib, "member_of", pmf)
    assert Affiliation.objects.count() == 3


def test_accepted_affiliations_of_one_kind_do_not_certainly_overlap(
    kataib: Actor, pmf: Actor
) -> None:
    first = create(kataib, "member_of", pmf, "2014", "2018")
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
    create(
        kataib, "member_of", pmf, "2016", "2020", assessment="disputed", note="One source alone."
    )
    create(kataib, "affiliate_of", pmf, "2016", "2020")
    sql = "UPDATE actors_affiliation SET kind = 'affiliate_of' WHERE id = %s"
    with (
        pytest.raises(IntegrityError, match="one_at_a_time"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [first.pk])


def test_a_symmetric_affiliation_is_stored_once_and_found_from_both_ends(
    api: ContractClient, kataib: Actor, badr: Actor, pmf: Actor, publish: Any
) -> None:
    allied = create(kataib, "allied_with", badr)
    under = create(kataib, "member_of", pmf)
    again = Affiliation(subject=badr, kind="allied_with", object=kataib)
    with pytest.raises(ValidationError, match="already exists in the other direction"):
        again.full_clean()
    with pytest.raises(IntegrityError, match="one_direction"), transaction.atomic():
        again.save()
    create(badr, "member_of", kataib)
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
    "columns",
    [
        {"end": "2010", "end_kind": "actual"},
        {"end_kind": "ongoing"},
        {"last_verified": "2020-01-01"},
        {"end_reason": "It rejoined."},
    ],
)
def test_a_genealogy_has_only_a_start(kataib: Actor, badr: Actor, columns: dict[str, str]) -> None:
    split = create(kataib, "splinter_of", badr, "2007")
    for name, value in columns.items():
        setattr(split, name, value)
    with pytest.raises(ValidationError, match="happens once"):
        split.full_clean()
    with pytest.raises(IntegrityError, match="genealogy_starts"), transaction.atomic():
        Affiliation.objects.filter(pk=split.pk).update(**columns)


def test_only_individuals_have_titles(kataib: Actor, badr: Actor) -> None:
    with pytest.raises(IntegrityError, match="titles_of_people"), transaction.atomic():
        create(kataib, "allied_with", badr, title="Head")


def test_a_kind_can_be_corrected(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    corrected = create(kataib, "wing_of", pmf, "2014")
    publish(kataib, pmf, corrected)
    corrected.kind = "member_of"
    corrected.save()
    publish(corrected, note="It is a member.")
    document = api.ask(f"affiliations/{corrected.public_id}")
    assert (document["kind"], document["version"]) == ("member_of", 2)
    assert api.results("affiliations?kind=wing_of") == []


def test_a_cycle_in_one_batch_is_refused(
    kataib: Actor, badr: Actor, pmf: Actor, publish: Any, editor: User
) -> None:
    publish(kataib, badr, pmf)
    rows = [
        create(kataib, "subordinate_of", badr),
        create(badr, "wing_of", pmf),
        create(pmf, "administratively_under", kataib),
    ]
    with pytest.raises(ValidationError, match="cannot be above itself"):
        workflow.submit(Affiliation.objects.filter(pk__in=[row.pk for row in rows]), editor)
    Affiliation.objects.filter(pk=rows[2].pk).update(assessment="disputed", note="Unlikely.")
    publish(*Affiliation.objects.filter(pk__in=[row.pk for row in rows]))


def test_a_hierarchy_may_be_reversed_on_another_day(
    kataib: Actor, badr: Actor, publish: Any, editor: User
) -> None:
    publish(kataib, badr, create(kataib, "subordinate_of", badr, "2005", "2010"))
    turned = create(badr, "subordinate_of", kataib, "2011")
    publish(turned)
    back = create(kataib, "member_of", badr, "2015")
    with pytest.raises(
        ValidationError, match="Kataib Hezbollah – member of – Badr: An actor cannot"
    ):
        workflow.submit(back, editor)
    turned.end, turned.end_kind = "2014", "actual"
    turned.save()
    publish(turned, back)


def test_a_cycle_with_what_is_public_by_then_is_refused_at_publication(
    kataib: Actor, badr: Actor, publish: Any, editor: User, reviewer: User
) -> None:
    publish(kataib, badr)
    submissions = [
        workflow.submit(create(*ends), editor)
        for ends in ((kataib, "subordinate_of", badr), (badr, "subordinate_of", kataib))
    ]
    for submission in submissions:
        workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submissions[0], reviewer)
    with pytest.raises(ValidationError, match="cannot be above itself"):
        workflow.publish(submissions[1], reviewer)
    submissions[1].refresh_from_db()
    assert submissions[1].state == "approved"


def test_affiliations_of_two_merged_actors_are_not_merged(
    api: ContractClient, kataib: Actor, badr: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    both = [create(actor, "member_of", pmf, "2014", "2018") for actor in (kataib, badr)]
    publish(kataib, badr, pmf, *both)
    merging.merge(badr, kataib, reviewer, "One group.")
    subjects = [row["subject"]["slug"] for row in api.results("affiliations?object=pmf")]
    assert subjects == ["kataib", "kataib"]
    both[1].refresh_from_db()
    assert both[1].subject == badr, "so that the two can be distinguished, and one merged"
    merging.merge(both[1], both[0], reviewer, "The same affiliation.")
    assert len(api.results("affiliations?object=pmf")) == 1


def test_affiliations_are_found_by_subject_object_kind_and_closeness(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    member = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    ally = Affiliation.objects.create(
        subject=pmf, kind="aligned_with", object=kataib, closeness="close"
    )
    publish(kataib, pmf, member, ally)

    def kinds(query: str) -> set[str]:
        return {row["kind"] for row in api.results(f"affiliations?{query}")}

    assert (
        kinds("subject=kataib") == kinds("object=pmf") == kinds("kind=member_of") == {"member_of"}
    )
    assert kinds("closeness=close") == {"aligned_with"}
    assert kinds(f"actor={pmf.public_id}") == {"member_of", "aligned_with"}
    assert kinds("actor=nobody") == set()


def test_an_affiliation_holds_only_while_both_actors_exist(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2010",
        start_kind="actual",
        end="2018",
        end_kind="actual",
    )
    publish(kataib, pmf, affiliation)

    def found(query: str) -> int:
        return len(api.results(f"affiliations?{query}"))

    assert found("at=2013") == 0, "the umbrella exists from 2014 on"
    assert found("at=2014-06-01") == 1
    assert found("at=2018") == 1
    assert found("at=2019") == 0
    assert found("at=2016&dates=certain") == 1, "a certain affiliation implies that both existed"
    assert found("at=2013&dates=certain") == 0
    kataib.start, kataib.start_kind, kataib.end, kataib.end_kind = (
        "2007",
        "actual",
        "2025",
        "actual",
    )
    kataib.save()
    pmf.end, pmf.end_kind = "2025", "actual"
    pmf.save()
    publish(kataib, pmf)
    assert found("at=2016&dates=certain") == 1
    assert found("at=2014-06-01&dates=certain") == 1


def test_an_end_before_the_start_is_refused(kataib: Actor, pmf: Actor) -> None:
    affiliation = Affiliation(
        subject=kataib,
        kind="member_of",
        object=pmf,
        start="2014",
        start_kind="actual",
        end="2010",
        end_kind="actual",
    )
    with pytest.raises(ValidationError):
        affiliation.full_clean()
    affiliation.end = "2014/6"
    with pytest.raises(ValidationError, match="2014-06"):
        affiliation.full_clean()


def test_an_actor_cannot_be_affiliated_with_itself(kataib: Actor) -> None:
    with pytest.raises(IntegrityError, match="affiliation_of_two"), transaction.atomic():
        Affiliation.objects.create(subject=kataib, kind="aligned_with", object=kataib)
