"""Redaction reaches every part of every record, in the past as well, and what follows from them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actors.models import Actor, Affiliation
from editorial.models import Record, User
from editorial.redaction.redact import redact
from incidents.models import Incident
from places.models import Place
from publishing.normalization import fold_text
from sources.models import Source
from tests.contract.client import ContractClient
from tests.editorial.test_redaction import answers, holders

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Zaynab Quwwati"


def cite(row: Any, source: Source) -> None:
    row.citations.create(source=source, quote=f"so said {NAME}", locator=NAME, translation=NAME)


@pytest.fixture
def source(db: None) -> Source:
    """Something to cite."""
    return Source.objects.create(title="A report")


@pytest.fixture
def militia(kataib: Actor, iraq: Place, source: Source) -> Record:
    """A militia of which every part tells the name."""
    notes = {"note": f"By {NAME}", "internal_note": f"{NAME} called."}
    for row in [
        kataib.names.create(text=f"Brigade of {NAME}", meaning=NAME),
        kataib.classifications.create(classification="rebel_group", **notes),
        kataib.attributes.create(kind="ideology", value=f"Of {NAME}", **notes),
        kataib.designations.create(
            regime="us_fto", listed_name=NAME, entry_id=NAME, legal_basis=f"Order on {NAME}"
        ),
        kataib.presences.create(place=iraq, kind="base", **notes),
        kataib.strength_estimates.create(
            measure="fighters", quantifier="many", method=f"Counted by {NAME}", **notes
        ),
        kataib.assessments.create(topic="aims", text=f"{NAME} says so."),
    ]:
        cite(row, source)
    return kataib


@pytest.fixture
def backing(kataib: Actor, pmf: Actor, source: Source) -> Record:
    """A sponsorship of which every part tells the name."""
    notes = {"note": f"By {NAME}", "internal_note": f"{NAME} called."}
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="sponsored_by", object=pmf, start_reason=NAME, end_reason=NAME, **notes
    )
    cite(affiliation, source)
    cite(affiliation.support.create(type="weapons", jointly=f"With {NAME}", **notes), source)
    return affiliation


@pytest.fixture
def attack(kataib: Actor, iraq: Place, source: Source) -> Record:
    """An incident of which every part tells the name."""
    notes = {"note": f"By {NAME}", "internal_note": f"{NAME} called."}
    attack = Incident.objects.create(title=f"Attack on {NAME}", date="2020-01-03")
    other = Incident.objects.create(title="Another")
    attack.possible_duplicates.create(of=other, note=f"Told by {NAME}")
    claim = attack.statements.create(
        kind="claim", speaker_label=NAME, text=f"I, {NAME}", translation=NAME, number=1, **notes
    )
    claim.responsible.create(label=f"Men of {NAME}")
    for row in [
        claim,
        attack.involvements.create(role="perpetrator", label=NAME, rationale=f"So {NAME}", **notes),
        attack.locations.create(
            place=iraq, precision="country", public_precision="country", description=f"By {NAME}"
        ),
        attack.weapons.create(designation=f"Gun of {NAME}", launch_platform=f"Car of {NAME}"),
        attack.target_objects.create(type="military", name=f"House of {NAME}"),
        attack.casualties.create(measure="killed", best=1, note=f"It was {NAME}"),
        attack.effects.create(kind="starts", actor=kataib, classification="rebel_group"),
        attack.assessments.create(topic="trend", text=f"{NAME} says so."),
    ]:
        cite(row, source)
    return attack


@pytest.mark.parametrize("name", ["militia", "backing", "attack"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_name_goes_from_every_part(
    name: str,
    whole: bool,
    request: Any,
    kataib: Actor,
    pmf: Actor,
    iraq: Place,
    source: Source,
    reviewer: User,
    publish: Any,
    api: ContractClient,
) -> None:
    record = request.getfixturevalue(name)
    around = [row for row in (kataib, pmf) if row != record]
    publish(iraq, source, *around, record, note=f"Told of {NAME}")
    vars(record)["internal_note"] = f"{NAME} wrote."
    record.save()
    record.refresh_from_db()
    forms = {NAME.lower(), fold_text(NAME), fold_text(NAME).replace(" ", "-")}
    assert NAME.lower() in answers(api, record)
    reached = {"whole": True} if whole else {"values": [NAME]}
    redact(record, reviewer, "In danger.", **reached)
    assert holders(*forms) == set()
    public_text = answers(api, record)
    assert [form for form in forms if form in public_text] == []


def test_what_follows_from_parts_follows_from_what_is_left(
    kataib: Actor, pmf: Actor, reviewer: User, publish: Any, api: ContractClient
) -> None:
    attack = Incident.objects.create(title="Attack", date="2020-01-03")
    attack.involvements.create(role="perpetrator", actor=kataib, certainty="probable")
    claim = attack.statements.create(kind="claim", speaker_label="A channel", number=1)
    claim.responsible.create(actor=kataib, on_behalf_of=pmf)
    attack.statements.create(kind="denial", speaker=kataib, number=2)
    attack.casualties.create(measure="killed", best=3, role="recommended")
    publish(kataib, pmf, attack)

    def read() -> list[Any]:
        document = api.ask(f"incidents/{attack.public_id}")
        keys = ("attribution_status", "claim_status", "facade_claim", "denied", "killed")
        (found,) = api.results("incidents")
        assert found["claim_status"] == document["claim_status"], "the list says the same"
        return [document[key] for key in keys]

    before = read()
    assert before[:4] == ["probable", "claimed", True, True]
    assert before[4] == {"low": None, "best": 3, "high": None}
    redact(attack, reviewer, "Asked.", fields=["involvements"])
    assert read()[:4] == ["claimed_only", "claimed", True, True]
    redact(attack, reviewer, "Asked.", fields=["statements[0]"])
    assert read()[:4] == ["unattributed", "none", False, False]
    redact(attack, reviewer, "Asked.", fields=["casualties"])
    assert read()[4] == {"low": None, "best": None, "high": None}
    assert api.names("incidents?killed_min=1") == []
    with pytest.raises(ValidationError, match="follows from other properties"):
        redact(attack, reviewer, "Asked.", fields=["claim_status"])
    assert api.names("incidents?claim_status=claimed") == []
