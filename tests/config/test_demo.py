"""`manage.py demo` as a real process, with signals and HTTP."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

from config import postgres
from config.postgres.paths import prepare_home

pytestmark = pytest.mark.xdist_group("demo")  # one process loads the demo's data, once


@contextmanager
def make_folder() -> Iterator[Path]:
    """Make a data folder; stop its server and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="muster")).resolve()
    yield folder
    postgres.stop(folder)
    for each in (folder / "postgres", folder):
        shutil.rmtree(each.resolve(), ignore_errors=True)


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data folder."""
    with make_folder() as folder:
        yield folder


class FirstRun(NamedTuple):
    """The folder that the first run of the demo left, and what this run wrote and answered."""

    data: Path
    address: str
    output: str
    statuses: list[int]


@pytest.fixture(scope="module")
def first_run() -> Iterator[FirstRun]:
    """The first run of the demo, which loads the data and ends with Ctrl-C."""
    with make_folder() as folder:
        port = find_free_port()
        address = f"http://127.0.0.1:{port}"
        process = demo(folder, port)
        output = read_until_ready(process)
        paths = ("/readyz", "/admin/login/", "/api/v1/actors")
        statuses = [status(address + path) for path in paths]
        stop_and_check(process, signal.SIGINT, folder)
        yield FirstRun(folder, address, output, statuses)


@pytest.fixture
def loaded(first_run: FirstRun, data: Path) -> Path:
    """A copy of the folder that the first run of the demo left."""
    home = prepare_home(data)
    for source, target in ((first_run.data / "postgres", home), (first_run.data, data)):
        files = [file for file in source.resolve().iterdir() if file.name != "postgres"]
        subprocess.run(["cp", "-a", *files, target], check=True)
    return data


@pytest.fixture
def port() -> int:
    return find_free_port()


def find_free_port() -> int:
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
        start_new_session=True,
    )


def read_until_ready(process: subprocess.Popen[str]) -> str:
    """Return its output up to the last line of the start, or less if it ends before."""
    output = ""
    for line in process.stdout:
        output += line
        if line.startswith("  docs "):
            break
    return output


def test_it_serves_until_a_signal(first_run: FirstRun) -> None:
    assert "User: editor, password " in first_run.output
    assert first_run.output.endswith(f"  docs   {first_run.address}/api/v1/docs\n")
    assert first_run.statuses == [200, 200, 200]


def test_it_continues_with_the_data_of_the_run_before(loaded: Path, port: int) -> None:
    process = demo(loaded, port)
    output = read_until_ready(process)
    assert "password" not in output
    assert "Data: exists already" in output
    assert output.endswith(f"  docs   http://127.0.0.1:{port}/api/v1/docs\n"), output
    stop_and_check(process, signal.SIGTERM, loaded)


def stop_and_check(process: subprocess.Popen[str], by: signal.Signals, data: Path) -> None:
    """Send a signal: that of Ctrl-C goes to all processes of the terminal."""
    if by == signal.SIGINT:
        os.killpg(process.pid, by)
    else:
        process.send_signal(by)
    output, _ = process.communicate(timeout=30)
    assert (output, process.returncode) == ("Stopped.\n", 0)
    assert not postgres.is_running(data)


def test_a_crashed_database_is_restarted_and_a_killed_worker_replaced(
    loaded: Path, port: int
) -> None:
    address = f"http://127.0.0.1:{port}/api/v1/actors"
    process = demo(loaded, port)
    read_until_ready(process)
    os.kill(int((loaded / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert process.stdout.readline() == "PostgreSQL crashed: restarting it\n"
    assert process.stdout.readline() == "PostgreSQL is running again\n"
    for _ in range(20):
        assert status(address) == 200, "no error remains"
    workers = children(process.pid)
    assert len(workers) == 3, "the demo has become the server, with a worker of jobs beside it"
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert status(address) == 200
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)
    assert not postgres.is_running(loaded)


def test_a_killed_demo_leaves_no_server_and_the_next_one_continues(loaded: Path, port: int) -> None:
    first = demo(loaded, port)
    read_until_ready(first)
    first.kill()
    first.communicate(timeout=30)
    second = demo(loaded, port)
    assert read_until_ready(second).endswith(f"  docs   http://127.0.0.1:{port}/api/v1/docs\n")
    # This stops the database as well, although the first demo started it.
    stop_and_check(second, signal.SIGTERM, loaded)


def test_if_two_demos_start_together_one_waits_for_the_other(data: Path, port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        another = probe.getsockname()[1]
    both = [demo(data, port), demo(data, another)]
    output = [read_until_ready(each) for each in both]
    assert sum("waiting for it" in each for each in output) == 1, output
    assert sum("password" in each for each in output) == 1, output
    assert all("/api/v1/docs" in each for each in output), output
    both[0].send_signal(signal.SIGTERM)
    both[0].communicate(timeout=30)
    assert status(f"http://127.0.0.1:{another}/readyz") == 200, "the other still needs the database"
    stop_and_check(both[1], signal.SIGTERM, data)


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
def test_commands_say_how_to_start_a_stopped_database(data: Path, command: list[str]) -> None:
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


def test_a_database_that_ran_before_keeps_running(data: Path, port: int) -> None:
    postgres.start(data)
    process = demo(data, port)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert (output.splitlines()[-1:], process.returncode) == (["Stopped."], 0), output
    assert postgres.is_running(data)


def test_a_used_port_is_reported_before_anything_is_created(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        output, _ = demo(data, port).communicate(timeout=30)
    assert f"Port {port} " in output
    assert "PORT=" in output
    assert not (data / "postgres").exists()
