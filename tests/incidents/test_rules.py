"""Rules of several rows: submission, publication and check_quality apply the same ones."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from editorial import workflow
from editorial.models import User
from editorial.quality import all_rules
from incidents.models import Incident
from publishing.models import Edition
from tests.cast import UNCITED

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db: None) -> list[Incident]:
    """Three incidents, of which the first is part of the second, and that of the third."""
    a, b, c = (Incident.objects.create(title=title) for title in "abc")
    a.links.create(kind="part_of", to=b)
    b.links.create(kind="part_of", to=c)
    return [a, b, c]


def report(rule: str) -> list[Any]:
    """Return the rows that check_quality reports for a rule."""
    return [row for found in all_rules()[rule].find() for row in found.rows]


def test_no_incident_is_part_of_itself(three: list[Incident], publish: Any) -> None:
    publish(*three)
    a, _, c = three
    c.links.create(kind="follow_up", to=a)
    publish(c)
    c.links.create(kind="part_of", to=a)
    with pytest.raises(ValidationError, match="c: other links make"):
        publish(c)


def test_a_cycle_within_a_batch_is_refused_and_reported(
    three: list[Incident], publish: Any
) -> None:
    three[2].links.create(kind="part_of", to=three[0])
    with pytest.raises(ValidationError, match="a: other links make") as refused:
        publish(*three)
    assert len(refused.value.messages) == 3
    assert report("part-of-itself") == [row.links.get() for row in three]


def test_a_cycle_of_two_submissions_is_refused_when_the_second_is_published(
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
        workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(one, reviewer)
    before = Edition.objects.count()
    with pytest.raises(ValidationError, match="a part of itself"):
        workflow.publish(two, reviewer)
    assert Edition.objects.count() == before


def test_a_withdrawn_statement_needs_the_number_of_another_one(
    three: list[Incident], publish: Any
) -> None:
    publish(*three)
    a = three[0]
    a.statements.create(kind="claim", speaker_label="A caller", withdrawn_by=2)
    three[1].statements.create(kind="retraction", speaker_label="A caller", number=2)
    assert report("withdrawn-by-missing") == [a.statements.get()], "it is of another incident"
    with pytest.raises(ValidationError, match="a: a statement is withdrawn by a number"):
        publish(a)
    a.statements.create(kind="retraction", speaker_label="A caller")
    assert report("withdrawn-by-missing") == []
    publish(a)


def test_only_the_weapons_of_a_series_have_a_frequency(publish: Any) -> None:
    single = Incident.objects.create(title="one")
    single.weapons.create(weapon="rocket", frequency="often")
    assert report("frequency-outside-series") == [single.weapons.get()]
    with pytest.raises(ValidationError, match="one: only a series has weapons"):
        publish(single)
    single.granularity = "series"
    single.save()
    publish(single)
