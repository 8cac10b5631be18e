"""A database of an older version, upgraded to this one with all its data.

Each release adds a dump. With WRITE_DUMP set, a dump of this version is written: the data of the
demo with corrections, a rename, a merge, a withdrawal, a redaction, a release, and unpublished
work.
"""

import gzip
import hashlib
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command

from actors.models import Actor, Affiliation
from api.releases import make_release
from editorial import merging, workflow
from editorial.models import Submission, User
from editorial.permissions import create_demo_users
from editorial.redaction.redact import redact
from editorial.redaction.validation import check_note
from incidents.models import Incident
from publishing.models import Edition
from sources.models import Publisher
from tests.cast import UNCITED
from tests.contract import calls
from tests.contract.client import API, ContractClient
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)

DUMPS = sorted(Path(__file__).parent.glob("*.dump.gz"))
KEYS = {
    "actors": "kataib-hezbollah",
    "affiliations": "e011710b-b261-456e-a95c-ea37b95b9a6e",
    "incidents": "irq-2014-233a",
    "places": "iraq",
    "publishers": "5f0b6f3e-6c1e-4a55-9a43-2f9f6a1f1c11",
    "sources": "0b7c1f0a-5a7e-4b53-8d0e-3c1f6b2a9e84",
}
SECRET = "Name of a witness"


@pytest.fixture(autouse=True)
def same_key(monkeypatch: Any) -> None:
    """The guards in a dump were made with this key."""
    monkeypatch.setattr(settings, "GUARD_KEY", "the key of the guards in the dumps of the tests")


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.name.removesuffix(".dump.gz"))
def upgraded(request: Any, monkeypatch: Any, tmp_path: Path) -> None:
    """Restore a dump, which also migrates it."""
    file, output = tmp_path / "old.dump", StringIO()
    file.write_bytes(gzip.decompress(request.param.read_bytes()))
    call_command("postgres", "restore", str(file), "--replace", stdout=output)
    assert output.getvalue().splitlines()[-1].startswith(f"Restored: {file}.")
    monkeypatch.setattr(calls, "KEYS", KEYS)


def publish(*records: Any) -> None:
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    submission = workflow.submit(list(records), editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)


@pytest.mark.skipif("WRITE_DUMP" not in os.environ, reason="WRITE_DUMP=1 writes a new dump.")
def test_write_a_dump_of_this_version(tmp_path: Path) -> None:
    create_demo_users()
    four_eyes = {"submit_as": "editor", "approve_as": "reviewer", "verbosity": 0}
    call_command("load", "seed", **four_eyes)
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    publisher = Publisher.objects.create(name="Shafaq News", public_id=KEYS["publishers"])
    publish(publisher)

    kataib = Actor.objects.get(slug=KEYS["actors"])
    kataib.names.create(text="كتائب حزب الله", language="ar", kind="alias")
    publish(kataib)
    forces = Actor.objects.get(slug="popular-mobilization-forces")
    forces.name = "Popular Mobilization Forces (Hashd)"
    forces.save()
    publish(forces)  # the documents that quote its name are published again
    twin = Actor.objects.create(name="Twin", slug="twin", kind="armed_organisation")
    gone = Actor.objects.create(name="Gone", slug="gone", kind="armed_organisation")
    unit = Actor.objects.create(name="A unit", slug="unit", kind="unit", description=SECRET)
    publish(twin, gone, unit)
    merging.merge(twin, kataib, reviewer, "The same group.")
    workflow.withdraw(gone, reviewer, "It does not exist.")
    redact(unit, reviewer, "For the safety of a person.", fields=["description"])
    make_release("first", "", check_note)

    incident = Incident.objects.get(slug=KEYS["incidents"])
    incident.description = "A correction that waits for approval."
    incident.save()
    workflow.submit([incident], editor)
    member = Actor.objects.create(name="A new group", slug="new-group", kind="unit")
    workflow.submit(
        [member, Affiliation.objects.create(subject=member, kind="member_of", object=forces)],
        editor,
    )
    Actor.objects.create(name="A draft", slug="draft", kind="unit")
    file = tmp_path / "new.dump"
    call_command("postgres", "dump", str(file), stdout=StringIO())
    kept = Path(__file__).parent / f"{settings.VERSION}.dump.gz"
    kept.write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def test_every_endpoint_answers(upgraded: None, api: ContractClient) -> None:
    for call in calls.calls():
        address = call.address().removeprefix(API)
        if call.operation == "places_outline":  # this record has no place with an outline
            api.ask(address, 404)
        elif call.body is None:
            api.ask(address)
        else:
            api.look_up(address, call.body)


def test_the_public_record_is_as_it_was(upgraded: None, api: ContractClient) -> None:
    assert_whole()
    release = api.ask("releases/first")
    for export in release["exports"]:
        sent = api.get(export["address"], secure=True)
        assert hashlib.sha256(b"".join(sent)).hexdigest() == export["sha256"], export
    assert "كتائب حزب الله" in [
        name["text"] for name in api.ask("actors/kataib-hezbollah")["names"]
    ]
    assert api.ask("actors/gone", 410)["detail"].endswith("It does not exist.")
    assert api.ask("actors/twin", 308)["merged_into"]["slug"] == "kataib-hezbollah"
    assert api.ask("actors?name=A+draft")["results"] == []
    assert not Edition.objects.filter(document__contains=SECRET).exists()


def test_what_waited_is_approved_and_published(upgraded: None, api: ContractClient) -> None:
    reviewer = User.objects.get(username="reviewer")
    waiting = list(Submission.objects.filter(state="pending").order_by("pk"))
    assert len(waiting) == 2
    for submission in waiting:
        workflow.approve(submission, reviewer, UNCITED)
        workflow.publish(submission, reviewer)
    incident = api.ask(f"incidents/{KEYS['incidents']}")
    assert incident["description"] == "A correction that waits for approval."
    (member,) = api.ask("actors?affiliated_to=popular-mobilization-forces&name=A+new+group")[
        "results"
    ]
    assert member["slug"] == "new-group"


def test_a_merge_is_undone_and_a_guard_still_holds(upgraded: None, api: ContractClient) -> None:
    reviewer = User.objects.get(username="reviewer")
    twin = Actor.objects.get(slug="twin")
    merging.unmerge(twin, reviewer, "They are two groups.")
    assert api.ask("actors/twin")["name"] == "Twin"
    unit = Actor.objects.get(slug="unit")
    unit.description = SECRET
    unit.save()
    with pytest.raises(ValidationError, match="it cannot be written again"):
        workflow.submit([unit], User.objects.get(username="editor"))


def test_index_entries_are_rebuilt_alike(upgraded: None, api: ContractClient) -> None:
    addresses = ["incidents?count=true", "actors?q=Hezbollah", "statistics?group_by=year"]
    before = [api.ask(address) for address in addresses]
    call_command("rebuild_entries", stdout=StringIO())
    assert [api.ask(address) for address in addresses] == before
    assert_whole()
