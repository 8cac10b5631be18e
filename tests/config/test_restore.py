"""`manage.py postgres restore`: back to a dump, and whoever has seen more is told so."""

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from actors.models import Actor, Affiliation
from editorial import workflow
from editorial.models import Submission, User
from exchange.mirror import MirrorError, mirror
from publishing.models import Edition
from tests.api.test_changes import append
from tests.contract.client import API, ContractClient
from tests.live import Live
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def past(kataib: Actor, pmf: Actor, publish: Any) -> None:
    """Two actors and a tie, public."""
    publish(kataib, pmf, Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf))


def restored(file: Path) -> str:
    """Restore a dump over what there is; return what the command says."""
    said = StringIO()
    call_command("postgres", "restore", str(file), "--replace", stdout=said)
    return said.getvalue()


def dumped(folder: Path) -> Path:
    call_command("postgres", "dump", str(folder / "muster.dump"), stdout=StringIO())
    return folder / "muster.dump"


def rename(name: str) -> None:
    """Publish the same correction under another name, as people do."""
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    actor = Actor.objects.get(slug="kataib")
    actor.name = name
    actor.save()
    submission = workflow.submit([actor], editor)
    workflow.approve(submission, reviewer)
    workflow.publish(submission, reviewer)


ASKED = ("actors?limit=1", "actors/kataib", "affiliations?detail=true", "changes", "actors?limit=1")


class Memory:
    """What a reader remembers of a state: tags, a cursor, a position, the snapshot."""

    def __init__(self, api: ContractClient) -> None:
        self.tags = {a: api.get(API + a, secure=True)["ETag"] for a in ASKED}
        page = api.ask("actors?limit=1")
        self.next, self.snapshot = page["next"], page["snapshot"]
        self.addresses = [self.next, f"changes?after={self.snapshot}"]
        self.addresses += [f"changes?until={self.snapshot}"]


def test_positions_of_the_lost_future_are_recognised(
    api: ContractClient, past: None, tmp_path: Path
) -> None:
    before = Memory(api)
    seen = {address: api.ask(address) for address in (before.next, before.addresses[2])}
    file = dumped(tmp_path)
    rename("A lost name")
    lost = [Memory(api)]
    rename("Another lost name")
    lost.append(Memory(api))
    assert restored(file).startswith(f"Restored: {file}. The public record is at snapshot 3-")

    for turn in range(3):  # the new future reaches the same seq with the same acts
        assert_whole()
        for memory in lost:
            for address in memory.addresses:
                assert api.ask(address, 410)["type"].endswith("/reset"), address
            for address, tag in memory.tags.items():
                asked = api.get(API + address, headers={"If-None-Match": tag}, secure=True)
                assert asked.status_code == 200, address
                assert b"lost name" not in asked.content
        for address, told in seen.items():
            assert api.ask(address) == told, "positions before the dump still work"
        assert api.results(f"changes?after={before.snapshot}")[0]["kind"] == "refresh"
        rename(f"A new name {turn}")
    assert Edition.objects.newest_snapshot().seq > int(lost[-1].snapshot.split("-")[0])


def test_a_mirror_of_the_lost_future_finds_out(live: Live, past: None, tmp_path: Path) -> None:
    file, copy, copied = dumped(tmp_path), tmp_path / "copy.sqlite", tmp_path / "old.sqlite"
    mirror(live.url, copied, print)
    rename("A lost name")
    mirror(live.url, copy, print)
    restored(file)
    rename("A new name")
    with pytest.raises(MirrorError, match="restored to an earlier state") as refused:
        mirror(live.url, copy, print)
    assert refused.value.code == 3
    mirror(live.url, copied, print)
    mirror(live.url, copy, print, restart=True)
    records = []
    for one in (copy, copied):
        with closing(sqlite3.connect(one)) as database:
            records.append(database.execute("SELECT * FROM records ORDER BY id").fetchall())
    assert records[0] == records[1]


def test_a_dump_restored_twice_leads_to_two_futures(
    api: ContractClient, kataib: Actor, publish: Any, tmp_path: Path
) -> None:
    """With one record there is one refresh to begin with; it is not the same all the same."""
    publish(kataib)
    file, lost = dumped(tmp_path), []
    for turn in range(3):
        rename(f"A name of future {turn}")
        lost.append(Memory(api))
        restored(file)
    rename("A name that stays")
    for memory in lost:
        assert api.ask(f"changes?after={memory.snapshot}", 410)
    assert_whole()


def test_everything_private_is_back_as_well(
    api: ContractClient, past: None, editor: User, tmp_path: Path
) -> None:
    draft = Actor.objects.create(name="A draft", kind="unit")
    workflow.submit(draft, editor)
    file = dumped(tmp_path)
    workflow.recall(Submission.objects.get(state="pending"), editor)
    Actor.objects.create(name="Another draft", kind="unit")
    restored(file)
    assert Submission.objects.get(state="pending").items.get().title == "A draft"
    assert not Actor.objects.filter(name="Another draft").exists()
    assert Actor.objects.create(name="The next", kind="unit").pk > draft.pk, "keys go on"


def test_what_holds_records_is_not_replaced_by_accident(past: None, tmp_path: Path) -> None:
    file = dumped(tmp_path)
    with pytest.raises(CommandError, match=r"contains 3 records and 3 editions.*--replace"):
        call_command("postgres", "restore", str(file))
    with pytest.raises(CommandError, match="There is no file"):
        call_command("postgres", "restore", str(tmp_path / "absent"))


@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.95])
def test_a_dump_that_is_cut_short_changes_nothing(past: None, tmp_path: Path, kept: float) -> None:
    file = dumped(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: kept if kept > 1 else int(len(whole) * kept)])
    rename("A later name")
    newest = Edition.objects.newest_snapshot()
    with pytest.raises(CommandError, match="Nothing was restored"):
        restored(file)
    assert Edition.objects.newest_snapshot() == newest
    assert_whole()


def test_redactions_that_are_undone_by_it_are_named(past: None, pmf: Actor, tmp_path: Path) -> None:
    append(pmf.edition, "redact", redacted=["name"])
    file = dumped(tmp_path)
    append(pmf.edition, "redact", redacted=["names.0.text"])
    said = restored(file)
    assert "Redact again" in said
    assert f"actor {pmf.public_id} version 3: names.0.text" in said
    assert "version 2" not in said


def test_an_empty_database_takes_a_dump(past: None, tmp_path: Path) -> None:
    """A new installation: no tables at all."""
    file = dumped(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("postgres", "restore", str(file), stdout=StringIO())
    assert_whole()
    assert Actor.objects.count() == 2
