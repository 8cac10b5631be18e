"""`kill -9` in the middle of batches: of the publishing process, and of the database."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from actors.models import Actor, Affiliation
from config import postgres
from editorial import workflow
from editorial.models import Submission, User
from publishing.models import Edition
from tests.cast import UNCITED
from tests.whole import assert_whole

PUBLISH = """
from editorial import workflow
from editorial.models import Submission, User
reviewer = User.objects.get(username="reviewer")
waiting = Submission.objects.filter(state__in=["approved", "publishing"]).order_by("pk")
for submission in waiting:
    workflow.publish(submission, reviewer, chunk=None if submission.pk % 2 else 40)
    print(submission.pk, flush=True)
"""
"""Publish all approved submissions, every second one in chunks, and print each id."""
IN_THE_MIDDLE = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid IN (%s)"
IN_THE_MIDDLE %= "SELECT pid FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
BATCHES, SIZE, KILLS = 6, 50, 2


@pytest.fixture
def data(transactional_db: None, editor: User, reviewer: User, tmp_path: Path) -> Iterator[Path]:
    """The data folder of a separate, durable server with approved batches.

    The test uses this server from now on.
    """
    for batch in range(BATCHES):
        actors = [
            Actor(name=f"Actor {batch} {n}", slug=f"a-{batch}-{n}", kind="unit")
            for n in range(SIZE)
        ]
        save_all(actors)
        affiliations = [
            Affiliation(subject=actor, kind="member_of", object=actors[0]) for actor in actors[1:]
        ]
        save_all(affiliations)
        workflow.approve(workflow.submit([*actors, *affiliations], editor), reviewer, UNCITED)
    call_command("postgres", "dump", str(tmp_path / "dump"), stdout=StringIO())
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    folder.chmod(0o755)
    postgres.start(folder)
    restored = manage(folder, "postgres", "restore", str(tmp_path / "dump"))
    assert "Restored" in restored.communicate()[0]
    connection.close()
    usual = dict(connection.settings_dict)
    connection.settings_dict |= postgres.database_settings(folder, {})
    yield folder
    connection.close()
    connection.settings_dict |= usual
    postgres.stop(folder)
    for each in (folder / "postgres", folder):
        shutil.rmtree(each.resolve(), ignore_errors=True)


def save_all(rows: list[Any]) -> None:
    for row in rows:
        row.derive()
    type(rows[0]).objects.bulk_create(rows)


def manage(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.ROOT,
        env=environ | {"MUSTER_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_the_process(process: subprocess.Popen[str], data: Path) -> None:
    process.kill()


def kill_the_database(process: subprocess.Popen[str], data: Path) -> None:
    """Kill the postmaster and all its children at once, as a power cut would."""
    postmaster = int((data / "postgres/data/postmaster.pid").read_text().split()[0])
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True
    )
    for pid in (postmaster, *map(int, children.stdout.split())):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            assert pid != postmaster


def wait_until_publishing(process: subprocess.Popen[str], data: Path) -> bool:
    """Wait until something is being published; return False if the process ends first."""
    entry = connection.get_connection_params()
    with psycopg.connect(**entry, autocommit=True) as watching:
        while process.poll() is None:
            if watching.execute(IN_THE_MIDDLE).fetchone():
                return True
            time.sleep(0.002)
    return False


def assert_complete_or_absent(acknowledged: list[int]) -> None:
    """Assert that every batch, or chunk of a chunked one, is public completely or not at all."""
    public = set(Edition.objects.values_list("record", flat=True))
    for submission in Submission.objects.order_by("pk"):
        items = submission.items.all()
        assert {item.record for item in items if not item.open} == {
            item.record for item in items if item.record in public
        }
        published = sum(not item.open for item in items)
        if submission.pk % 2:
            assert published in (0, len(items)), "never a part"
        assert (submission.state == "published") == (published == len(items))
        assert submission.state == "published" or submission.pk not in acknowledged


def test_a_batch_is_complete_after_processes_were_killed(data: Path) -> None:
    """Kill the process and the database in turn; the same command continues each time."""
    chance, acknowledged, kills, editions = random.Random(1), [], 0, 0
    while True:
        kill = (kill_the_process, kill_the_database)[kills % 2]
        process = manage(data, "shell", "-v", "0", "-c", PUBLISH)
        output = process.stdout.readline() if kills else ""  # then at least one is published before
        killed = wait_until_publishing(process, data) and kills < KILLS
        if killed:
            time.sleep(chance.choice([0, 0.02, 0.05, 0.1, 0.3]))
            kill(process, data)
        rest, errors = process.communicate()
        output += rest
        acknowledged += [int(line) for line in output.split() if line.isdecimal()]
        connection.close()
        postgres.start(data)
        assert_complete_or_absent(acknowledged)
        assert_whole()
        now = Edition.objects.count()
        assert now >= editions, "no edition is lost"
        editions = now
        if not process.returncode:
            break
        assert killed, errors
        kills += 1
    everything = list(Submission.objects.values_list("pk", flat=True))
    assert sorted(acknowledged) == sorted(set(acknowledged))
    assert set(acknowledged) <= set(everything)
    states = Submission.objects.values_list("state", flat=True)
    assert set(states) == {"published"}
    assert editions == BATCHES * (2 * SIZE - 1)
    assert kills == KILLS
    print(f"{kills} kills, {len(acknowledged)} of {len(everything)} acknowledged")
