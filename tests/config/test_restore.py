"""`manage.py postgres restore`: clients that hold snapshots of the lost time get an error."""

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
from tests.cast import UNCITED
from tests.contract.client import API, ContractClient
from tests.live import Live
from tests.whole import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def past(kataib: Actor, pmf: Actor, publish: Any) -> None:
    """Two public actors with an affiliation."""
    publish(kataib, pmf, Affiliation.objects.create(subject=kataib, kind="member_of", object=pmf))


def restore(file: Path) -> str:
    """Restore a dump over the existing data; return the output of the command."""
    output = StringIO()
    call_command("postgres", "restore", str(file), "--replace", stdout=output)
    return output.getvalue()


def dump(folder: Path) -> Path:
    call_command("postgres", "dump", str(folder / "muster.dump"), stdout=StringIO())
    return folder / "muster.dump"


def rename(name: str) -> None:
    """Publish a correction of the name."""
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    actor = Actor.objects.get(slug="kataib")
    actor.name = name
    actor.save()
    submission = workflow.submit([actor], editor)
    workflow.approve(submission, reviewer, UNCITED)
    workflow.publish(submission, reviewer)


ADDRESSES = (
    "actors?limit=1",
    "actors/kataib",
    "affiliations/documents",
    "changes",
    "actors?limit=1",
)


class Memory:
    """What a client stores of a state: ETags, a cursor and the snapshot."""

    def __init__(self, api: ContractClient) -> None:
        self.tags = {a: api.get(API + a, secure=True)["ETag"] for a in ADDRESSES}
        page = api.ask("actors?limit=1")
        self.next, self.snapshot = page["next"], page["snapshot"]
        self.addresses = [self.next, f"changes?after={self.snapshot}"]
        self.addresses += [f"changes?until={self.snapshot}"]


def test_snapshots_of_the_lost_time_are_recognised(
    api: ContractClient, past: None, tmp_path: Path
) -> None:
    before = Memory(api)
    seen = {address: api.ask(address) for address in (before.next, before.addresses[2])}
    file = dump(tmp_path)
    rename("A lost name")
    lost = [Memory(api)]
    rename("Another lost name")
    lost.append(Memory(api))
    assert restore(file).startswith(f"Restored: {file}. The public record is at snapshot 3-")

    for turn in range(3):  # the new future reaches the same seq with the same acts
        assert_whole()
        for memory in lost:
            for address in memory.addresses:
                assert api.ask(address, 410)["type"].endswith("/reset"), address
            for address, tag in memory.tags.items():
                response = api.get(API + address, headers={"If-None-Match": tag}, secure=True)
                assert response.status_code == 200, address
                assert b"lost name" not in response.content
        for address, answer in seen.items():
            assert api.ask(address) == answer, "snapshots before the dump still work"
        assert api.results(f"changes?after={before.snapshot}")[0]["kind"] == "refresh"
        rename(f"A new name {turn}")
    assert Edition.objects.newest_snapshot().seq > int(lost[-1].snapshot.split("-")[0])


def test_a_mirror_of_the_lost_time_gets_an_error(live: Live, past: None, tmp_path: Path) -> None:
    file, copy, copied = dump(tmp_path), tmp_path / "copy.sqlite", tmp_path / "old.sqlite"
    mirror(live.url, copied, print)
    rename("A lost name")
    mirror(live.url, copy, print)
    restore(file)
    rename("A new name")
    with pytest.raises(MirrorError, match="restored to an earlier state") as refused:
        mirror(live.url, copy, print)
    assert refused.value.code == 3
    mirror(live.url, copied, print)
    mirror(live.url, copy, print, restart=True)
    records = []
    for file in (copy, copied):
        with closing(sqlite3.connect(file)) as database:
            records.append(database.execute("SELECT * FROM records ORDER BY id").fetchall())
    assert records[0] == records[1]


def test_a_dump_restored_twice_gives_different_snapshots(
    api: ContractClient, kataib: Actor, publish: Any, tmp_path: Path
) -> None:
    """Also with a single record, of which every restore publishes a refresh."""
    publish(kataib)
    file, lost = dump(tmp_path), []
    for turn in range(3):
        rename(f"A name of future {turn}")
        lost.append(Memory(api))
        restore(file)
    rename("A name that stays")
    for memory in lost:
        assert api.ask(f"changes?after={memory.snapshot}", 410)
    assert_whole()


def test_private_data_is_restored_too(
    api: ContractClient, past: None, editor: User, tmp_path: Path
) -> None:
    draft = Actor.objects.create(name="A draft", kind="unit")
    workflow.submit(draft, editor)
    file = dump(tmp_path)
    workflow.recall(Submission.objects.get(state="pending"), editor)
    Actor.objects.create(name="Another draft", kind="unit")
    restore(file)
    assert Submission.objects.get(state="pending").items.get().title == "A draft"
    assert not Actor.objects.filter(name="Another draft").exists()
    assert Actor.objects.create(name="The next", kind="unit").pk > draft.pk, "keys continue"


def test_a_database_with_records_is_not_replaced_by_accident(past: None, tmp_path: Path) -> None:
    file = dump(tmp_path)
    with pytest.raises(CommandError, match=r"contains 3 records and 3 editions.*--replace"):
        call_command("postgres", "restore", str(file))
    with pytest.raises(CommandError, match="There is no file"):
        call_command("postgres", "restore", str(tmp_path / "absent"))


@pytest.mark.parametrize("share", [0, 100, 0.5, 0.95])
def test_an_incomplete_dump_changes_nothing(past: None, tmp_path: Path, share: float) -> None:
    file = dump(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: share if share > 1 else int(len(whole) * share)])
    rename("A later name")
    newest = Edition.objects.newest_snapshot()
    with pytest.raises(CommandError, match="Nothing was restored"):
        restore(file)
    assert Edition.objects.newest_snapshot() == newest
    assert_whole()


def test_redactions_after_the_dump_are_listed(past: None, pmf: Actor, tmp_path: Path) -> None:
    append(pmf.edition, "redact", redacted=["name"])
    file = dump(tmp_path)
    append(pmf.edition, "redact", redacted=["names.0.text"])
    output = restore(file)
    assert "Redact again" in output
    assert f"actor {pmf.public_id} version 3: names.0.text" in output
    assert "version 2" not in output


def test_a_dump_can_be_restored_into_an_empty_database(past: None, tmp_path: Path) -> None:
    """A new installation without any tables."""
    file = dump(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("postgres", "restore", str(file), stdout=StringIO())
    assert_whole()
    assert Actor.objects.count() == 2
