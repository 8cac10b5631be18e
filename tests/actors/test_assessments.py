"""Assessments: what analysts write about actors and incidents, with citations."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from incidents.models import Incident
from sources.models import Source
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_an_assessment_is_published_with_its_topic_its_date_and_its_sources(
    api: ContractClient, kataib: Actor, publish: Any
) -> None:
    attack = Incident.objects.create(title="Attack on K-1", date="2019-12-27")
    report = Source.objects.create(title="A report")
    records: list[Any] = [kataib, attack]
    for record in records:
        assessment = record.assessments.create(
            topic="strategy", text="It prefers what can be denied.", as_of="2020-01"
        )
        assessment.citations.create(source=report, field="text", quote="deniable")
    publish(kataib, attack, report)
    for address in ("actors/kataib", f"incidents/{attack.public_id}"):
        (row,) = api.ask(address)["assessments"]
        (citation,) = row.pop("citations")
        assert row == {
            "topic": "strategy",
            "text": "It prefers what can be denied.",
            "as_of": "2020-01",
        }
        assert (citation["source"]["name"], citation["field"]) == ("A report", "text")


def test_a_topic_is_a_word_of_the_vocabulary(kataib: Actor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        kataib.assessments.create(topic="mood", text="Grim.")
