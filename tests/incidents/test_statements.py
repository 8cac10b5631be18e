"""Responsibility statements of incidents."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from actors.models import Actor, Affiliation
from editorial.models import User
from editorial.redaction.redact import redact
from incidents.models import Incident, ResponsibilityStatement
from publishing.models import Edition
from tests.contract.client import ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db


def test_the_summary_has_the_status_that_follows_from_the_statements(
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
    document = api.ask(f"incidents/{attack.public_id}")
    assert document["facade_claim"] is True
    first, second = document["statements"]
    assert (first["number"], second["number"]) == (1, 2)
    assert first["responsible"][0]["on_behalf_of"]["name"] == kataib.name
    assert (first["date_start"], first["date_precision"]) == ("2019-12-28", "day")
    assert (first["text"], first["language"]) == ("استهدفنا القاعدة", "ar")
    assert second["speaker"]["slug"] == "kataib"


def test_a_withdrawn_statement_is_published_but_does_not_count(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any
) -> None:
    attack.statements.create(kind="claim", speaker=kataib)
    publish(kataib, attack)
    attack.statements.create(kind="retraction", speaker=kataib)
    attack.statements.filter(number=1).update(withdrawn_by=2)
    publish(attack)
    document = api.ask(f"incidents/{attack.public_id}")
    assert [row["withdrawn_by"] for row in document["statements"]] == [2, None]
    assert document["claim_status"] == "none"
    earlier = api.ask(f"incidents/{attack.public_id}/editions/1")
    assert earlier["document"]["claim_status"] == "claimed"


@pytest.fixture
def statements(attack: Incident, kataib: Actor, pmf: Actor, publish: Any) -> None:
    """An attack and a raid with two statements each, and a fire with three that count less."""
    raid, fire = (Incident.objects.create(title=title) for title in ("Raid", "Fire"))
    for incident, columns in (
        (attack, {"kind": "claim", "speaker_type": "armed_group", "mode": "video"}),
        (attack, {"kind": "denial", "speaker_type": "government", "mode": "interview"}),
        (raid, {"kind": "claim", "speaker_type": "spokesperson", "mode": "interview"}),
        (raid, {"kind": "accusation", "authenticity": "verified"}),
        (fire, {"kind": "claim", "authenticity": "fake", "mode": "leaflet"}),
        (fire, {"kind": "endorsement", "withdrawn_by": 4, "mode": "letter"}),
        (fire, {"kind": "court_finding", "assessment": "rejected", "note": "Another fire."}),
        (fire, {"kind": "retraction"}),
    ):
        speaker = pmf if columns["kind"] == "denial" else kataib
        incident.statements.create(speaker=speaker, **columns)
    publish(kataib, pmf, attack, raid, fire)


@pytest.mark.usefixtures("statements")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("statement_kind=claim", {"Attack", "Raid", "Fire"}),
        ("statement_kind=denial", {"Attack"}),
        ("statement_kind=accusation&statement_kind=denial", {"Attack", "Raid"}),
        ("statement_kind=endorsement", {"Fire"}),  # although it is withdrawn
        ("statement_kind=court_finding", set()),  # it is rejected
        ("speaker_type=spokesperson", {"Raid"}),
        ("speaker_type=unknown", {"Raid", "Fire"}),
        ("statement_mode=interview", {"Attack", "Raid"}),
        ("statement_mode=interview&statement_mode=leaflet", {"Attack", "Raid", "Fire"}),
        ("authenticity=fake", {"Fire"}),
        ("authenticity=verified", {"Raid"}),
        # One statement matches all parameters.
        ("statement_kind=claim&statement_mode=interview", {"Raid"}),
        ("statement_kind=denial&speaker_type=armed_group", set()),
        ("speaker_type=government&statement_mode=interview", {"Attack"}),
        ("statement_kind=claim&authenticity=verified", set()),
        # A statement that counts matches its actors and all parameters.
        ("announced_by=kataib", {"Attack", "Raid"}),
        ("announced_by=kataib&statement_mode=video", {"Attack"}),
        ("announced_by=kataib&speaker_type=government", set()),
        ("claimed_by=kataib&statement_kind=denial", set()),
        ("claimed_by=kataib&statement_mode=leaflet", set()),  # it is fake
        ("denied_by=pmf&statement_mode=interview&speaker_type=government", {"Attack"}),
        ("statement_by=kataib", {"Attack", "Raid", "Fire"}),
        ("statement_by=kataib&statement_mode=letter", set()),  # it is withdrawn
        ("statement_by=pmf&statement_kind=denial", {"Attack"}),
        ("statement_about=pmf&statement_mode=interview", {"Attack"}),
        ("statement_about=kataib&statement_mode=leaflet", set()),  # it is fake
    ],
)
def test_a_statement_matches_all_parameters(
    api: ContractClient, query: str, titles: set[str]
) -> None:
    assert set(api.names(f"incidents?{query}")) == titles
    assert api.ask(f"statistics?group_by=year&{query}")["total"] == len(titles)


@pytest.fixture
def named(kataib: Actor, pmf: Actor, publish: Any) -> None:
    """Incidents with one statement each, which names actors in every way."""
    brigade = Actor.objects.create(name="Brigade", slug="brigade", kind="unit")
    court = Actor.objects.create(name="Court", slug="court", kind="government_body")
    ways: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "finding": ({"kind": "court_finding", "speaker": court}, {"actor": kataib}),
        "inquiry": (
            {"kind": "investigation_finding", "speaker_label": "An inquiry"},
            {"actor": brigade, "on_behalf_of": kataib},
        ),
        "praise": ({"kind": "endorsement", "speaker": pmf}, {"actor": brigade}),
        "silence": ({"kind": "court_finding", "speaker": court}, {}),
        "accusation": ({"kind": "accusation", "speaker": pmf}, {"actor": kataib}),
        "denial": ({"kind": "denial", "speaker": pmf}, {}),
        "claim": (
            {"kind": "claim", "speaker": kataib},
            {"actor": kataib, "on_behalf_of": kataib},
        ),
        "forgery": (
            {"kind": "court_finding", "speaker": court, "authenticity": "fake"},
            {"actor": kataib},
        ),
        "mistake": (
            {"kind": "court_finding", "speaker": court, "assessment": "rejected", "note": "No."},
            {"actor": kataib},
        ),
    }
    incidents = []
    for title, (columns, party) in ways.items():
        incidents.append(Incident.objects.create(title=title))
        statement = incidents[-1].statements.create(**columns)
        if party:
            statement.responsible.create(**party)
    publish(kataib, pmf, brigade, court, *incidents)


FINDINGS = "statement_kind=court_finding&statement_kind=investigation_finding"


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("statement_about=kataib", {"finding", "inquiry", "accusation", "claim"}),
        ("statement_about=brigade", {"inquiry", "praise"}),
        ("statement_about=pmf", {"denial"}),  # its own, which names nobody
        (f"statement_about=kataib&{FINDINGS}", {"finding", "inquiry"}),
        ("statement_about=kataib&statement_kind=endorsement", set()),
        ("statement_by=court", {"finding", "silence"}),
        ("statement_by=pmf", {"praise", "accusation", "denial"}),
        ("statement_by=kataib", {"claim"}),
        ("statement_about=kataib&statement_by=pmf", {"accusation"}),
        ("statement_about=kataib&statement_by=court", {"finding"}),
        ("statement_about=brigade&statement_by=court", set()),
        (
            "statement_about=kataib&statement_about=brigade&statement_by=pmf",
            {"praise", "accusation"},
        ),
        ("statement_about=kataib&accused=kataib", {"accusation"}),
        ("statement_about=kataib&claimed_by=pmf", set()),
    ],
)
def test_statements_of_any_kind_are_found_by_whom_they_name_and_who_speaks(
    api: ContractClient, query: str, titles: set[str]
) -> None:
    assert set(api.names(f"incidents?{query}")) == titles
    assert api.ask(f"incidents?{query}&count=true")["count"] == len(titles)
    assert api.ask(f"statistics?{query}")["total"] == len(titles)
    assert api.ask(f"grid?{query}")["incidents"] == len(titles)


@pytest.mark.usefixtures("named")
def test_incidents_found_by_a_statement_about_the_members_of_an_actor_say_why(
    api: ContractClient, kataib: Actor, pmf: Actor, publish: Any
) -> None:
    publish(
        Affiliation.objects.create(
            subject=kataib, kind="member_of", object=pmf, start="2014", start_kind="actual"
        )
    )
    query = f"statement_about=pmf&statement_about_scope=members&scope_at=any&{FINDINGS}"
    rows = api.results(f"incidents?{query}&explain=true")
    assert {row["title"] for row in rows} == {"finding", "inquiry"}
    for row in rows:
        (reason,) = row["explanation"]
        assert (reason["parameter"], reason["actor"]["slug"]) == ("statement_about", "kataib")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("statement_about=kataib&authenticity=fake", "authenticity"),
        ("statement_by=", "statement_by"),
        ("statement_by_scope=all", "statement_by_scope"),
        ("statement_kind=boast", "statement_kind"),
        ("statement_mode=drum", "statement_mode"),
        ("speaker_type=parrot", "speaker_type"),
        ("authenticity=odd", "authenticity"),
        ("claimed_by=kataib&authenticity=fake", "authenticity"),
    ],
)
def test_parameters_of_statements_that_match_nothing_are_refused(
    api: ContractClient, query: str, parameter: str
) -> None:
    for address in ("incidents?", "statistics?group_by=year&"):
        (fault,) = api.ask(address + query, 400)["errors"]
        assert fault["parameter"] == parameter


@pytest.mark.parametrize("words", [{"authenticity": "fake"}, {"assessment": "rejected"}])
def test_a_claim_counts_if_its_retraction_is_fake_or_rejected(
    api: ContractClient, attack: Incident, kataib: Actor, publish: Any, words: dict[str, str]
) -> None:
    attack.statements.create(kind="claim", speaker=kataib, withdrawn_by=2)
    retraction = attack.statements.create(kind="retraction", speaker=kataib)
    publish(kataib, attack)
    assert api.names("incidents?claimed_by=kataib") == []
    for column, word in words.items():
        setattr(retraction, column, word)
    retraction.note = "It is forged."
    retraction.save()
    publish(attack)
    assert api.names("incidents?claimed_by=kataib") == ["Attack"]
    (summary,) = api.results("incidents?statement_kind=claim&authenticity=unverified")
    assert summary["claim_status"] == "claimed"


def test_a_redaction_derives_the_status_again(
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


def test_statements_get_the_next_number(attack: Incident) -> None:
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
def test_the_database_refuses_invalid_statements(
    attack: Incident, columns: dict[str, Any], constraint: str
) -> None:
    attack.statements.create(kind="claim", speaker_label="A caller")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        attack.statements.create(**columns)


def test_a_statement_names_an_actor_or_a_label_once(attack: Incident, kataib: Actor) -> None:
    claim = attack.statements.create(kind="claim", speaker=kataib)
    claim.responsible.create(actor=kataib)
    for columns in ({}, {"actor": kataib, "label": "x"}):
        refused = pytest.raises(IntegrityError, match="statementresponsible_actor_or_label")
        with refused, transaction.atomic():
            claim.responsible.create(**columns)
    with pytest.raises(IntegrityError, match="statementresponsible_once"), transaction.atomic():
        claim.responsible.create(actor=kataib)
