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
    assert not postgres.running(data)


def test_a_server_that_ran_before_runs_on(data: Path, port: int) -> None:
    postgres.start(data)
    process = demo(data, port)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert (said.splitlines()[-1:], process.returncode) == (["Stopped."], 0), said
    assert postgres.running(data)


def test_a_port_in_use_is_named_before_anything_is_made(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said, _ = demo(data, port).communicate(timeout=30)
    assert f"Port {port} " in said
    assert "PORT=" in said
    assert not (data / "postgres").exists()
