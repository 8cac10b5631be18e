"""Effects of incidents on affiliations and classifications."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor, Affiliation
from incidents.models import Effect, Incident
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def test_an_effect_references_an_affiliation_or_a_classification(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    affiliation = Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf)
    incident = Incident.objects.create(title="Recognition")
    Effect.objects.create(incident=incident, kind="starts", affiliation=affiliation)
    Effect.objects.create(
        incident=incident, kind="changes", actor=pmf, classification="state_paramilitary"
    )
    publish(kataib, pmf, affiliation, incident)
    changes, starts = api.ask(f"incidents/{incident.public_id}")["effects"]
    assert starts["affiliation"]["id"] == str(affiliation.public_id)
    assert changes["classification"]["actor"]["name"] == pmf.name
    assert starts["classification"] is None is changes["affiliation"]
    with pytest.raises(IntegrityError, match="effect_affiliation_or_class"), transaction.atomic():
        Effect.objects.create(incident=incident, kind="starts")
