"""`manage.py demo`, as somebody runs it: a process, signals and HTTP."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

from config import postgres


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    yield folder
    postgres.stop(folder)
    for each in (folder / "postgres", folder):
        shutil.rmtree(each.resolve(), ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def demo(data: Path, port: int) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=settings.ROOT,
        env=environ | {"MUSTER_DATA": str(data), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until_ready(process: subprocess.Popen[str]) -> str:
    """Return what it says up to its last line; less if it ends before."""
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("  docs "):
            break
    return said


def test_serves_until_it_is_told_to_stop_and_goes_on_later(data: Path, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    first = demo(data, port)
    said = until_ready(first)
    assert "User: editor, password " in said
    assert said.endswith(f"  docs   {address}/api/v1/docs\n"), said
    for path in ("/readyz", "/admin/login/", "/api/v1/actors"):
        with urlopen(address + path) as answer:
            assert answer.status == 200
    ended(first, signal.SIGINT, data)

    second = demo(data, port)
    said = until_ready(second)
    assert "password" not in said
    assert said.endswith(f"  docs   {address}/api/v1/docs\n"), said
    ended(second, signal.SIGTERM, data)


def ended(process: subprocess.Popen[str], by: signal.Signals, data: Path) -> None:
    process.send_signal(by)
    said, _ = process.communicate(timeout=30)
    assert (said, process.returncode) == ("Stopped.\n", 0)
    assert not postgres.is_running(data)


def test_a_crashed_database_is_started_again_and_a_killed_worker_replaced(
    data: Path, port: int
) -> None:
    address = f"http://127.0.0.1:{port}/api/v1/actors"
    process = demo(data, port)
    until_ready(process)
    os.kill(int((data / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert process.stdout.readline() == "PostgreSQL crashed: restarting it\n"
    assert process.stdout.readline() == "PostgreSQL is running again\n"
    for _ in range(20):
        assert status(address) == 200, "no error stays"
    for worker in children(children(process.pid)[0]):
        os.kill(worker, signal.SIGKILL)
    assert status(address) == 200
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)
    assert not postgres.is_running(data)


def test_a_killed_demo_leaves_no_server_and_the_next_goes_on(data: Path, port: int) -> None:
    first = demo(data, port)
    until_ready(first)
    first.kill()
    first.communicate(timeout=30)
    second = demo(data, port)
    assert until_ready(second).endswith(f"  docs   http://127.0.0.1:{port}/api/v1/docs\n")
    ended(second, signal.SIGTERM, data)  # with the database, although the first has started it


def test_of_two_that_start_at_once_one_sets_up_and_the_other_waits(data: Path, port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        another = probe.getsockname()[1]
    both = [demo(data, port), demo(data, another)]
    said = [until_ready(each) for each in both]
    assert sum("waiting for it" in each for each in said) == 1, said
    assert sum("password" in each for each in said) == 1, said
    assert all("/api/v1/docs" in each for each in said), said
    both[0].send_signal(signal.SIGTERM)
    both[0].communicate(timeout=30)
    assert status(f"http://127.0.0.1:{another}/readyz") == 200, "the other still needs the database"
    ended(both[1], signal.SIGTERM, data)


def status(url: str) -> int:
    try:
        with urlopen(url, timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def children(pid: int) -> list[int]:
    command = ["ps", "-o", "pid=", "--ppid", str(pid)]
    return [int(child) for child in subprocess.check_output(command, text=True).split()]


@pytest.mark.parametrize(
    "command", [["migrate"], ["check_quality"], ["postgres", "psql"], ["postgres", "dump", "x"]]
)
def test_where_the_database_is_stopped_commands_say_how_to_start_it(
    data: Path, command: list[str]
) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.ROOT,
        env=environ | {"MUSTER_DATA": str(data)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Start it with: manage.py postgres start" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_ran_before_runs_on(data: Path, port: int) -> None:
    postgres.start(data)
    process = demo(data, port)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert (said.splitlines()[-1:], process.returncode) == (["Stopped."], 0), said
    assert postgres.is_running(data)


def test_a_port_in_use_is_named_before_anything_is_made(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said, _ = demo(data, port).communicate(timeout=30)
    assert f"Port {port} " in said
    assert "PORT=" in said
    assert not (data / "postgres").exists()
