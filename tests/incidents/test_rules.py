"""What no single row can say: refused when it is submitted, and again at publication."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from editorial import workflow
from editorial.models import User
from incidents.models import Incident
from publishing.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db: None) -> list[Incident]:
    """Three incidents, of which the first is part of the second, and that of the third."""
    a, b, c = (Incident.objects.create(title=title) for title in "abc")
    a.links.create(kind="part_of", to=b)
    b.links.create(kind="part_of", to=c)
    return [a, b, c]


def test_no_incident_is_part_of_itself(three: list[Incident], publish: Any) -> None:
    publish(*three)
    a, _, c = three
    c.links.create(kind="follow_up", to=a)
    publish(c)
    c.links.create(kind="part_of", to=a)
    with pytest.raises(ValidationError, match="c: other links make"):
        publish(c)


def test_a_batch_is_held_to_it_as_a_whole(three: list[Incident], publish: Any) -> None:
    three[2].links.create(kind="part_of", to=three[0])
    with pytest.raises(ValidationError, match="a: other links make"):
        publish(*three)


def test_two_batches_that_each_were_right_are_not_published_both(
    three: list[Incident], publish: Any, editor: User, reviewer: User
) -> None:
    a, b, c = three
    b.links.all().delete()
    publish(c, b, a)
    b.links.create(kind="part_of", to=c)
    c.links.create(kind="part_of", to=a)
    one = workflow.submit([b], editor)
    two = workflow.submit([c], editor)
    for submission in (one, two):
        workflow.approve(submission, reviewer)
    workflow.publish(one, reviewer)
    before = Edition.objects.count()
    with pytest.raises(ValidationError, match="a part of itself"):
        workflow.publish(two, reviewer)
    assert Edition.objects.count() == before


def test_what_withdraws_a_statement_is_another_of_the_same_incident(
    three: list[Incident], publish: Any
) -> None:
    publish(*three)
    a = three[0]
    a.statements.create(kind="claim", speaker_label="A caller", withdrawn_by=2)
    with pytest.raises(ValidationError, match="no statement of the incident has"):
        publish(a)
    a.statements.create(kind="retraction", speaker_label="A caller")
    publish(a)


def test_how_often_a_weapon_was_used_is_told_of_a_series(publish: Any) -> None:
    single = Incident.objects.create(title="one")
    single.weapons.create(weapon="rocket", frequency="often")
    with pytest.raises(ValidationError, match="only a series has weapons"):
        publish(single)
    single.granularity = "series"
    single.save()
    publish(single)
