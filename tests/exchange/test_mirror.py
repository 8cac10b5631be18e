"""The reference mirror, against a server on a real port: killed, lied to, left without answer."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from actors.models import Actor, Affiliation
from editorial import merging, workflow
from editorial.models import RemovedData, User
from editorial.redaction.redact import redact
from editorial.redaction.restoring import restore
from exchange.mirror import MirrorError, mirror
from publishing.models import Edition
from publishing.snapshots import START, Snapshot
from tests.api.test_changes import append
from tests.api.test_twins import empty
from tests.cast import person
from tests.contract.client import OF_PAGES, ContractClient
from tests.live import Live

pytestmark = pytest.mark.django_db(transaction=True)
LISTS = ("actors", "affiliations", "incidents", "sources", "publishers", "places")


@pytest.fixture
def history(publish: Any, reviewer: User) -> list[Actor]:
    """Thirty actors, each a member of the one before; renames, a withdrawal, one of them undone."""
    actors = [
        Actor.objects.create(name=f"Actor {n}", slug=f"actor-{n}", kind="unit") for n in range(30)
    ]
    affiliations = [
        Affiliation.objects.create(subject=one, kind="member_of", object=other)
        for one, other in zip(actors[1:], actors, strict=False)
    ]
    publish(*actors, *affiliations, note="First.")
    for actor in actors[::3]:
        actor.name += " renamed"
        actor.save()
        publish(actor)
    workflow.withdraw(actors[1], reviewer, "Not a group.")
    workflow.withdraw(actors[2], reviewer, "A mistake.")
    actors[2].name = "Back again"
    actors[2].save()
    publish(actors[2])
    return actors


def public(api: ContractClient) -> dict[str, Any]:
    """Return every public document by its id, as the lists tell it."""
    rows = [row for name in LISTS for row in api.results(f"{name}/documents?limit=7")]
    for row in rows:
        for name in OF_PAGES:
            assert row.pop(name, None) is None
    return {row["id"]: row for row in rows}


def mirrored(file: Path) -> dict[str, Any]:
    """Return every document that a mirror holds."""
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT id, document FROM records WHERE document IS NOT NULL")
        return {key: json.loads(document) for key, document in rows}


def position(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT snapshot FROM position").fetchone()[0]


def logged(file: Path) -> dict[str, Any]:
    """Return the documents that stand at the end of a log."""
    standing = {row["id"]: row["document"] for row in lines(file)}
    return {key: document for key, document in standing.items() if document}


def lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text().splitlines()][1:]


def follow(live: Live, file: Path, **options: Any) -> list[str]:
    """Mirror without pauses; return what it says."""
    said: list[str] = []
    mirror(live.url, file, said.append, **{"limit": 10, "pauses": (0, 0)} | options)
    return said


def start(live: Live, file: Path, *more: str) -> subprocess.Popen[str]:
    """Mirror in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "exchange.mirror", live.url, "--to", str(file), *more],
        cwd=settings.ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_needs_python_alone() -> None:
    script = "import sys, exchange.mirror; print([n for n in sys.modules if 'django' in n])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=settings.ROOT)
    assert done.stdout == b"[]\n"


def test_the_command_mirrors_the_public_state(
    live: Live, history: list[Actor], api: ContractClient, tmp_path: Path
) -> None:
    file, said = tmp_path / "muster.sqlite", StringIO()
    call_command("mirror", live.url, to=file, limit=10, stdout=said)
    assert mirrored(file) == public(api)
    assert len(mirrored(file)) == 58
    assert position(file) == api.ask("changes")["snapshot"]
    assert said.getvalue().endswith(f"Up to date: {position(file)}; nothing was missed\n")
    with closing(sqlite3.connect(file)) as database:
        ended = database.execute("SELECT kind, note FROM records WHERE document IS NULL").fetchall()
    assert ended == [("withdraw", "Not a group.")]


def test_it_goes_on_where_it_stopped(
    live: Live, history: list[Actor], api: ContractClient, publish: Any, tmp_path: Path
) -> None:
    file = tmp_path / "muster.sqlite"
    follow(live, file)
    history[0].name = "Yet another name"
    history[0].save()
    publish(history[0])
    live.requests = 0
    follow(live, file)
    assert live.requests == 1
    assert mirrored(file) == public(api)


def test_the_log_holds_every_edition(
    live: Live, history: list[Actor], api: ContractClient, tmp_path: Path
) -> None:
    file = tmp_path / "muster.jsonl"
    follow(live, file, jsonl=True)
    assert lines(file) == api.results("changes?documents=true")
    assert logged(file) == public(api)
    follow(live, file, jsonl=True)
    assert [row["seq"] for row in lines(file)] == list(range(1, Edition.objects.count() + 1))


def test_a_merge_names_the_survivor_until_it_is_undone(
    live: Live, history: list[Actor], api: ContractClient, reviewer: User, tmp_path: Path
) -> None:
    file, (merged, survivor) = tmp_path / "muster.sqlite", history[4:6]
    merging.merge(merged, survivor, reviewer, "The same.")
    follow(live, file)
    with closing(sqlite3.connect(file)) as database:
        (row,) = database.execute("SELECT id, merged_into FROM records WHERE kind = 'merge'")
    assert row == (str(merged.public_id), str(survivor.public_id))
    assert mirrored(file) == public(api)
    merging.unmerge(merged, reviewer, "They are two.")
    follow(live, file)
    assert mirrored(file) == public(api)


@pytest.mark.parametrize("jsonl", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_it_resumes_exactly(
    live: Live,
    history: list[Actor],
    api: ContractClient,
    tmp_path: Path,
    jsonl: bool,
    seed: int,
) -> None:
    """Each process is killed with some request, or a moment later; it goes on from its snapshot."""
    chance, file, killed = random.Random(seed), tmp_path / "mirror", 0
    more = ["--limit", "4", *(["--jsonl"] if jsonl else [])]
    snapshots = {0: str(START)} | {e.seq: str(e.snapshot) for e in Edition.objects.all()}
    while True:
        last, delay = live.requests + chance.randint(1, 6), chance.choice([0, 0.002, 0.01])
        timers = []
        process = start(live, file, *more)

        def kill(
            number: int,
            process: Any = process,
            last: int = last,
            delay: float = delay,
            timers: Any = timers,
        ) -> None:
            if number == last:
                timers.append(threading.Timer(delay, os.kill, [process.pid, signal.SIGKILL]))
                timers[-1].start()

        live.before = kill
        process.communicate()
        for timer in timers:
            timer.join()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        killed += 1
        if jsonl:
            records = file.read_bytes().split(b"\n")[1:-1]
            assert [json.loads(row)["seq"] for row in records] == list(range(1, len(records) + 1))
        elif file.exists() and (at := Snapshot.parse(position(file)).seq):
            assert snapshots[at] == position(file)
            with closing(sqlite3.connect(file)) as database:
                (newest,) = database.execute("SELECT max(seq) FROM records").fetchone()
            assert newest == at, "the data and the position are of the same moment"
    live.before = lambda number: None
    assert killed >= 3
    if jsonl:
        assert lines(file) == api.results("changes?documents=true")
    assert (logged(file) if jsonl else mirrored(file)) == public(api)


@pytest.mark.parametrize("jsonl", [False, True])
def test_a_snapshot_that_a_restore_lost_is_reported(
    live: Live,
    history: list[Actor],
    api: ContractClient,
    publish: Any,
    tmp_path: Path,
    jsonl: bool,
) -> None:
    file = tmp_path / "mirror"
    follow(live, file, jsonl=jsonl)
    before = file.read_bytes()
    empty()
    publish(Actor.objects.create(name="Another past", kind="unit", slug="another-past"))
    with pytest.raises(MirrorError, match=r"restored to an earlier state.*--restart") as refused:
        follow(live, file, jsonl=jsonl)
    assert refused.value.code == 3
    assert file.read_bytes() == before, "it does not lose what it has"
    said = follow(live, file, jsonl=jsonl, restart=True)
    assert "starting again" in said[0]
    assert (logged(file) if jsonl else mirrored(file)) == public(api)
    live.answer = lambda number: ("410 Gone", [], b"{}")
    with pytest.raises(CommandError) as error:
        call_command("mirror", live.url, to=file, jsonl=jsonl, stdout=StringIO())
    assert error.value.returncode == 3


def drop(items: list[Any]) -> None:
    del items[3]


def drop_all(items: list[Any]) -> None:
    items.clear()


def alter_a_kind(items: list[Any]) -> None:
    items[3]["kind"] = "correct"


def swap(items: list[Any]) -> None:
    items[2], items[3] = items[3], items[2]


def repeat(items: list[Any]) -> None:
    items.insert(3, items[3])


def forge_a_snapshot(items: list[Any]) -> None:
    items[3]["snapshot"] = items[3]["snapshot"][:-1] + "z"


def give_another_document(items: list[Any]) -> None:
    items[3]["document"] = items[2]["document"]


def leave_out_a_property(items: list[Any]) -> None:
    del items[3]["version"]


LIES: list[Callable[[list[Any]], None]] = [
    *(drop, drop_all, alter_a_kind, swap, repeat),
    *(forge_a_snapshot, give_another_document, leave_out_a_property),
]


@pytest.mark.parametrize("limit", [10, 1000])
def test_a_feed_that_was_tampered_with_is_found_out(
    live: Live, history: list[Actor], tmp_path: Path, limit: int
) -> None:
    lying = 2 if limit == 10 else 1

    def meddle(body: bytes) -> bytes:
        page = json.loads(body)
        if live.requests == lying:
            lie(page["results"])
        return json.dumps(page).encode()

    for lie in LIES:
        file = tmp_path / f"{lie.__name__}.sqlite"
        live.meddle, live.requests = meddle, 0
        with pytest.raises(MirrorError) as refused:
            follow(live, file, limit=limit)
        assert refused.value.code == 4
        at = Snapshot.parse(position(file)).seq
        assert at == (lying - 1) * limit, "what came before the lie remains"
        live.meddle = lambda body: body
        follow(live, file, limit=100)
        assert Snapshot.parse(position(file)) == Edition.objects.newest_snapshot()


def test_an_end_that_was_cut_off_is_found_out_or_made_good(
    live: Live, history: list[Actor], api: ContractClient, tmp_path: Path
) -> None:
    """Each page starts where the last one ended: only the last page can hide the end."""

    def meddle(body: bytes) -> bytes:
        page = json.loads(body)
        if page["next"] or limit == 1000:
            page["results"].pop()
        return json.dumps(page).encode()

    live.meddle, limit = meddle, 10
    follow(live, tmp_path / "muster.sqlite")
    assert mirrored(tmp_path / "muster.sqlite") == public(api)
    limit = 1000
    with pytest.raises(MirrorError, match="something was left out") as refused:
        follow(live, tmp_path / "another.sqlite", limit=limit)
    assert refused.value.code == 4


def test_it_waits_for_a_server_that_is_away(
    live: Live, history: list[Actor], api: ContractClient, tmp_path: Path, monkeypatch: Any
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("exchange.mirror.feed.time.sleep", slept.append)
    away = ("503 Service Unavailable", [("Retry-After", "7")], b'{"detail": "It is away."}')
    cut = ("200 OK", [("Content-Length", "500")], b'{"results": [')
    live.answer = lambda number: {1: away, 2: cut, 4: away, 5: ("502 Bad Gateway", [], b"")}.get(
        number
    )
    said = follow(live, tmp_path / "muster.sqlite", pauses=(1, 2, 4))
    assert slept == [7, 2, 7, 2]
    assert said[0] == "503 It is away. Trying again in 7 s"
    assert mirrored(tmp_path / "muster.sqlite") == public(api)


def test_it_gives_up_in_the_end(live: Live, tmp_path: Path) -> None:
    live.answer = lambda number: ("503 Service Unavailable", [], b"")
    with pytest.raises(MirrorError, match="cannot be reached: 503") as refused:
        follow(live, tmp_path / "muster.sqlite")
    assert (refused.value.code, live.requests) == (1, 3)
    live.answer = lambda number: None
    with pytest.raises(MirrorError, match=r"400 Invalid value for `limit`\.") as refused:
        follow(live, tmp_path / "muster.sqlite", limit=5000)
    assert refused.value.code == 1


def test_it_follows_until_it_is_stopped(
    live: Live, history: list[Actor], api: ContractClient, publish: Any, tmp_path: Path
) -> None:
    file = tmp_path / "muster.sqlite"
    process = start(live, file, "--follow", "0.05")
    assert "Up to date" in process.stderr.readline()
    publish(Actor.objects.create(name="New", kind="unit", slug="new"))
    assert "Up to date" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert (process.returncode, said) == (0, f"Stopped at {position(file)}\n")
    assert mirrored(file) == public(api)


@pytest.mark.parametrize("jsonl", [False, True])
def test_what_was_redacted_is_found_nowhere_in_it(
    live: Live, publish: Any, tmp_path: Path, jsonl: bool
) -> None:
    """The first run sees the name; then the server edits its past, and says so with an Edition."""
    secret = Actor.objects.create(name="A secret name", slug="one", kind="unit")
    other = Actor.objects.create(name="Another", slug="other", kind="unit")
    membership = Affiliation.objects.create(subject=other, kind="member_of", object=secret)
    publish(secret, other, membership)
    file = tmp_path / "mirror"
    follow(live, file, jsonl=jsonl)
    assert b"A secret name" in file.read_bytes()
    secret.name = "[redacted]"
    secret.save()
    publish(secret)  # re-issues the affiliation
    append(secret.edition, "redact", redacted=["name"])
    live.meddle = lambda body: body.replace(b"A secret name", b"[redacted]")
    follow(live, file, jsonl=jsonl, limit=1)
    for found in tmp_path.iterdir():
        assert b"A secret name" not in found.read_bytes()
    if jsonl:
        assert [row["seq"] for row in lines(file)] == list(range(1, 7))
        requests = live.requests
        follow(live, file, jsonl=True)
        assert live.requests == requests + 1, "a redaction is applied only once"


@pytest.mark.parametrize("jsonl", [False, True])
def test_what_a_restore_brings_back_is_in_it_again(
    live: Live, publish: Any, reviewer: User, tmp_path: Path, jsonl: bool
) -> None:
    secret = Actor.objects.create(name="A secret name", slug="one", kind="unit")
    other = Actor.objects.create(name="Another", slug="other", kind="unit")
    membership = Affiliation.objects.create(subject=other, kind="member_of", object=secret)
    publish(secret, other, membership)
    file, fresh = tmp_path / "mirror", tmp_path / "fresh"
    follow(live, file, jsonl=jsonl)
    redact(secret, reviewer, "For safety.", values=["A secret name"])
    follow(live, file, jsonl=jsonl)
    assert b"A secret name" not in file.read_bytes()
    data = RemovedData.objects.get()
    data.ask(reviewer, "It was a mistake.")
    restore(data, person("second", "reviewer"))
    follow(live, file, jsonl=jsonl, limit=2)
    follow(live, fresh, jsonl=jsonl)
    if jsonl:
        assert lines(file) == lines(fresh)
        assert len([row for row in lines(file) if "A secret name" in str(row["document"])]) == 4
    else:
        assert mirrored(file) == mirrored(fresh)
        assert mirrored(file)[str(secret.public_id)]["name"] == "A secret name"
        assert position(file) == position(fresh) == str(Edition.objects.newest_snapshot())


def test_what_is_no_mirror_is_left_alone(live: Live, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("What I noted.\n")
    for jsonl in (False, True):
        with pytest.raises(MirrorError, match="not a file of this mirror") as refused:
            follow(live, file, jsonl=jsonl)
        assert refused.value.code == 2
    assert file.read_text() == "What I noted.\n"
    for wrong in ({"to": tmp_path / "absent" / "x"}, {"url": "muster.example.org"}):
        with pytest.raises(MirrorError) as refused:
            mirror(**{"url": live.url, "to": tmp_path / "x", "print_line": print} | wrong)
        assert refused.value.code == 2


def test_two_mirrors_of_one_file_do_not_mix(
    live: Live, history: list[Actor], tmp_path: Path
) -> None:
    file = tmp_path / "muster.sqlite"

    def other(number: int) -> None:
        if number == 2:
            follow(live, file)

    live.before = other
    with pytest.raises(MirrorError, match="Another process writes"):
        follow(live, file)
    assert Snapshot.parse(position(file)) == Edition.objects.newest_snapshot()
