"""The ledger: who says who did it, as editors write it and as readers are told."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident, ResponsibilityStatement
from publishing.models import Edition
from tests.contract.client import ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def attack(db: None) -> Incident:
    """An incident that nobody has spoken of yet."""
    return Incident.objects.create(title="Attack", date="2019-12-27")


def test_what_follows_from_the_ledger_stands_in_the_summary(
    api: ContractClient, attack: Incident, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    claim = attack.statements.create(
        kind="claim",
        speaker_label="A channel",
        speaker_type="media_outlet",
        mode="telegram_channel",
        date="2019-12-28",
        text="استهدفنا القاعدة",
        language="ar",
        translation="We struck the base.",
    )
    claim.responsible.create(label="Revenge Brigade", on_behalf_of=kataib)
    attack.statements.create(kind="denial", speaker=kataib)
    publish(kataib, attack)
    (summary,) = api.results("incidents")
    keys = ("claim_status", "denied", "attribution_status")
    assert [summary[key] for key in keys] == ["claimed", True, "claimed_only"]
    told = api.ask(f"incidents/{attack.public_id}")
    assert told["facade_claim"] is True
    first, second = told["statements"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["responsible"][0]["on_behalf_of"]["name"] == kataib.name
    assert (first["date_start"], first["date_precision"]) == ("2019-12-28", "day")
    assert (first["text"], first["language"]) == ("استهدفنا القاعدة", "ar")
    assert second["speaker"]["slug"] == "kataib"


def test_what_was_withdrawn_stays_in_the_ledger_and_counts_no_more(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    attack.statements.create(kind="claim", speaker=kataib)
    publish(kataib, attack)
    attack.statements.create(kind="retraction", speaker=kataib)
    attack.statements.filter(number=1).update(withdrawn_by=2)
    publish(attack)
    told = api.ask(f"incidents/{attack.public_id}")
    assert [row["withdrawn_by"] for row in told["statements"]] == [2, None]
    assert told["claim_status"] == "none"
    earlier = api.ask(f"incidents/{attack.public_id}/editions/1")
    assert earlier["document"]["claim_status"] == "claimed"


def test_a_redaction_derives_the_status_anew(
    attack: Incident, kataib: Actor, publish: Any, reviewer: User
) -> None:
    attack.statements.create(kind="claim", speaker=kataib)
    attack.statements.create(kind="claim", speaker_label="An impostor", date="2019-12-29")
    publish(kataib, attack)
    assert Edition.objects.get(record=attack.public_id).document.count("competing") == 1
    redact(attack, reviewer, "It endangers somebody.", fields=["statements[1]"])
    newest = attack.edition
    assert newest
    assert newest.summary
    assert '"claim_status":"claimed"' in newest.summary
    assert not Edition.objects.filter(document__contains="impostor").exists()
    assert not Edition.objects.filter(document__contains="competing").exists()
    redact(attack, reviewer, "The date is wrong.", fields=["date"])
    assert_whole()


def test_statements_are_numbered_in_turn(attack: Incident) -> None:
    numbers = [
        attack.statements.create(kind="claim", speaker_label=f"Caller {n}").number for n in range(3)
    ]
    assert numbers == [1, 2, 3]
    statement = ResponsibilityStatement(incident=attack, kind="denial", speaker_label="x")
    statement.full_clean()
    assert statement.number == 4


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"kind": "boast", "speaker_label": "x"}, "check"),
        ({"kind": "claim"}, "responsibilitystatement_one_speaker"),
        ({"kind": "claim", "speaker_label": "x", "number": 1}, "responsibilitystatement_number"),
        (
            {"kind": "claim", "speaker_label": "x", "number": 5, "withdrawn_by": 5},
            "responsibilitystatement_withdrawn_by_other",
        ),
        ({"kind": "claim", "speaker_label": "x", "assessment": "rejected"}, "dispute_has_note"),
        ({"kind": "claim", "speaker_label": "x", "mode": "drum"}, "check"),
        ({"kind": "claim", "speaker_label": "x", "authenticity": "odd"}, "check"),
    ],
)
def test_the_database_refuses_what_one_statement_cannot_say(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    attack.statements.create(kind="claim", speaker_label="A caller")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.statements.create(**columns)


def test_whom_a_statement_names_is_an_actor_or_a_label_and_once(
    attack: Incident, kataib: Actor
) -> None:
    claim = attack.statements.create(kind="claim", speaker=kataib)
    claim.responsible.create(actor=kataib)
    for columns in ({}, {"actor": kataib, "label": "x"}):
        refused = pytest.raises(IntegrityError, match="statementresponsible_actor_or_label")
        with refused, transaction.atomic():
            claim.responsible.create(**columns)
    with pytest.raises(IntegrityError, match="statementresponsible_once"), transaction.atomic():
        claim.responsible.create(actor=kataib)
