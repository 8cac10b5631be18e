"""Entries are computed from documents alone: rebuilding them writes what publication wrote."""

import random
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from actors.entries import ActorEntry
from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import User
from incidents.entries import IncidentActorEntry, IncidentEntry
from incidents.models import Incident
from places.models import Place
from publishing import rebuilding, triggers
from publishing.models import Edition, EntryRow
from publishing.registry import record_types
from tests.contract.client import ContractClient

pytestmark = pytest.mark.django_db


def read_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return every index row by model, without its own key."""
    rows = {}
    for model in apps.get_models():
        if issubclass(model, EntryRow):
            names = [f.attname for f in model._meta.concrete_fields if f.name != "id"]
            rows[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    return rows


@pytest.fixture
def history(kataib: Actor, pmf: Actor, iraq: Place, publish: Any, reviewer: User) -> None:
    """A random history of publications, renames, withdrawals and returns."""
    chance = random.Random(20200103)
    affiliation = Affiliation.objects.create(
        subject=kataib, kind="member_of", object=pmf, start="2014"
    )
    attacks = [Incident.objects.create(title=f"Attack {n}", date=f"20{n}") for n in (18, 19)]
    for attack in attacks:
        attack.locations.create(
            place=iraq, primary=True, precision="exact", public_precision="country"
        )
        attack.involvements.create(role="perpetrator", actor=chance.choice([kataib, pmf]))
    everything = [iraq, kataib, pmf, affiliation, *attacks]
    publish(*everything)
    for turn in range(25):
        record = chance.choice(everything)
        column = next(c for c in ("name", "title", "note") if hasattr(record, c))
        if chance.random() < 0.2 and record.edition.public:
            workflow.withdraw(record, reviewer, f"Doubts {turn}")
        else:
            setattr(record, column, f"Text {turn}")
            record.save()
            gone = [r for r in everything if r is not record and not r.edition.public]
            publish(*gone, record)


def test_rebuilding_writes_the_rows_that_publication_wrote(history: None) -> None:
    before = read_rows()
    assert all(before[name] for name in ("ActorEntry", "IncidentActorEntry", "Reference"))
    call_command("rebuild_entries", verbosity=0)
    assert read_rows() == before


def test_rebuilding_corrects_wrong_rows(history: None) -> None:
    before = read_rows()
    with triggers.allow("rebuild"):
        IncidentEntry.objects.update(country="XX")
        ActorEntry.objects.filter(seq__gt=10).delete()
        ActorEntry.objects.update(until_seq=1000)
        IncidentActorEntry.objects.update(role="victim")
    assert read_rows() != before
    call_command("rebuild_entries")
    assert read_rows() == before


def test_rebuilding_one_type_changes_no_other(history: None, capsys: Any) -> None:
    before = read_rows()
    with triggers.allow("rebuild"):
        IncidentEntry.objects.update(country="XX")
        ActorEntry.objects.update(country="XX")
    call_command("rebuild_entries", types=["actor"])
    after = read_rows()
    assert after.pop("IncidentEntry") != before.pop("IncidentEntry")
    assert after == before
    public = Edition.objects.filter(type="actor", public=True).count()
    assert capsys.readouterr().out == f"actor: rebuilt the entries of {public} editions\n"


def test_many_editions_are_rebuilt_in_chunks(history: None, monkeypatch: Any) -> None:
    before = read_rows()
    monkeypatch.setattr(rebuilding, "_CHUNK", 3)
    done: list[int] = []
    rebuilding.rebuild_entries(record_types()["actor"], done.append)
    assert max(done) == 3
    assert len(done) > 3
    assert read_rows() == before


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'ship'"):
        call_command("rebuild_entries", "--type=ship")


def test_a_rebuild_changes_no_answer(history: None, api: ContractClient) -> None:
    before = [api.results(f"{name}s") for name in ("actor", "affiliation", "incident", "place")]
    call_command("rebuild_entries")
    assert before == [
        api.results(f"{name}s") for name in ("actor", "affiliation", "incident", "place")
    ]
