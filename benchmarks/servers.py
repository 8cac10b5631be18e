"""The servers to be measured: this one and its peers, each in processes of its own."""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection

from benchmarks import proxy
from benchmarks.databases import read_url
from benchmarks.load import Generator, Load, LoadError, Sample
from config import postgres

WORKERS = 2
_GUNICORN = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:{port}"]
_THREADS = [*_GUNICORN, "-w", str(WORKERS), "-k", "gthread", "--threads", "4"]
_THREADS += ["--preload", "--no-control-socket", "--log-level", "warning"]
_UVICORN = [sys.executable, "-m", "uvicorn", "--port", "{port}", "--workers", str(WORKERS)]
MUSTER, NGINX = "Muster", "nginx"
DRF, NINJA, FASTAPI = "plain DRF", "django-ninja", "FastAPI + asyncpg"
COMMANDS = {
    MUSTER: [*_GUNICORN, "-c", "config/gunicorn.py"],
    DRF: [*_THREADS, "benchmarks.peers.plain_drf"],
    NINJA: [*_THREADS, "benchmarks.peers.django_ninja"],
    FASTAPI: [*_UVICORN, "--log-level", "error", "benchmarks.peers.fastapi_asyncpg:app"],
}
PACKAGES = {NINJA: ["ninja"], FASTAPI: ["fastapi", "asyncpg", "uvicorn"]}
"""The packages that a peer needs beside those of this project."""
INSTALL = "pip install -r requirements-bench.txt"


def list_missing() -> list[str]:
    """Return the peers whose packages are not installed."""
    missing = [
        peer
        for peer, packages in PACKAGES.items()
        if not all(importlib.util.find_spec(package) for package in packages)
    ]
    return missing if proxy.is_installed() else [*missing, NGINX]


def find_free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server:
    """A server that listens on a port of this machine."""

    def __init__(self, name: str, port: int, command: list[str]) -> None:
        self.name, self.port = name, port
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it is closed by `stop`
        self.process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            command,
            cwd=settings.ROOT,
            env=os.environ
            | _make_client_environment()
            | {"DATABASE_URL": read_url(), "MUSTER_HTTPS": "off", "MUSTER_WORKERS": str(WORKERS)},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    @contextmanager
    def get(self, path: str) -> Iterator[HTTPResponse]:
        """Send a request and yield the answer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=600)) as client:
            client.request("GET", path, headers={"Host": "localhost"})
            yield client.getresponse()

    def await_answer(self, path: str) -> None:
        """Wait until it answers a request with 200. Raises LoadError."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self.get(path) as answer:
                    if answer.status == 200:
                        return
                    text = f"{answer.status} {answer.read(1000).decode(errors='replace')}"
            except OSError as error:
                text = str(error)
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise LoadError(f"{self.name} does not answer {path}: {text}\n{self.log.read()}")
            time.sleep(0.1)

    def list_processes(self) -> list[psutil.Process]:
        """Return its processes."""
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def read_cpu(self) -> float:
        """Return the seconds of a processor that it has used."""
        return sum(sum(process.cpu_times()[:2]) for process in self.list_processes())

    def read_memory(self) -> list[float]:
        """Return the megabytes of each worker; memory that several share is divided by them."""
        workers = self.list_processes()[1:] or self.list_processes()
        return [_read_proportional(worker) / 1e6 for worker in workers]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def _read_proportional(process: psutil.Process) -> float:
    memory = process.memory_full_info()
    return float(getattr(memory, "pss", memory.uss))


class Servers:
    """The servers that run, with the load generator."""

    def __init__(self, servers: dict[str, Server], generator: Generator) -> None:
        self._servers, self._generator = servers, generator
        self.programs = postgres.find_programs()

    def __contains__(self, name: str) -> bool:
        return name in self._servers

    def __getitem__(self, name: str) -> Server:
        return self._servers[name]

    def send_alone(self, name: str, path: str, seconds: float) -> Sample:
        """Send a request repeatedly, by one client, without looking at the processors."""
        return self._generator.send(Load(self._servers[name].port, [path], 1, seconds))[0]

    def send(
        self,
        name: str,
        paths: list[str],
        clients: int,
        seconds: float,
        *,
        fresh: bool = True,
        headers: dict[str, str] | None = None,
    ) -> Sample:
        """Send requests to a server and return what was measured. Raises LoadError."""
        if name not in self._servers:
            raise LoadError(f"{name} is not installed")
        server = self._servers[name]
        cpu = server.read_cpu()
        load = Load(server.port, paths, clients, seconds, fresh, headers or {})
        sample, number = self._generator.send(load)
        return sample._replace(cpu=1000 * (server.read_cpu() - cpu) / number)

    def run_pgbench(self, statements: list[str], clients: int, seconds: float) -> Sample:
        """Run statements with pgbench, in random order. Raises LoadError."""
        program = shutil.which("pgbench", path=self.programs) or shutil.which("pgbench")
        if program is None:
            raise LoadError("pgbench is not installed: it is a program of PostgreSQL")
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, statement in enumerate(statements):
                file = Path(folder) / f"{number}.sql"
                file.write_text(f"{statement};\n")
                files += ["-f", str(file)]
            options = ["-n", "-c", str(clients), "-T", str(max(1, round(seconds)))]
            text = self._run([program, *options, *files])
        # The first numbers are those of all statements together.
        rate, latency = (
            float(re.findall(pattern, text)[0])
            for pattern in (r"tps = ([0-9.]+)", r"latency average = ([0-9.]+)")
        )
        return Sample(rate, latency, 0)

    def run_copy(self, query: str) -> Sample:
        """Copy the rows of a query out of the database with psql, to nowhere."""
        started = time.perf_counter()
        command = [str(self.programs / "psql"), "-q", "-c", f"COPY ({query}) TO STDOUT CSV"]
        self._run(command, keep=False)
        took = time.perf_counter() - started
        return Sample(1 / took, took * 1000, took * 1000)

    def _run(self, command: list[str], *, keep: bool = True) -> str:
        """Run a program of PostgreSQL on the database in use. Raises LoadError."""
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and no shell
            command,
            env=os.environ | _make_client_environment(),
            stdout=subprocess.PIPE if keep else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise LoadError(done.stderr)
        return done.stdout or ""


def _make_client_environment() -> dict[str, str]:
    """Return the connection as PostgreSQL's programs and asyncpg read it from the environment."""
    connection.ensure_connection()
    used = connection.connection.info
    return {
        "PGDATABASE": used.dbname,
        "PGUSER": used.user,
        "PGPASSWORD": used.password,
        "PGHOST": used.host,
        "PGPORT": str(used.port),
    }


@contextmanager
def started(names: list[str], first: dict[str, str]) -> Iterator[Servers]:
    """Start servers, wait until each answers its first request, and stop them in the end."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in names:
            port = find_free_port()
            if name == NGINX:
                file = proxy.write_configuration(folder, port, servers[MUSTER].port)
                command = [str(proxy.PROGRAM), "-p", str(folder), "-c", str(file)]
            else:
                command = [word.format(port=port) for word in COMMANDS[name]]
            servers[name] = server = Server(name, port, command)
            stack.callback(server.stop)
        generator = stack.enter_context(Generator())
        for name, server in servers.items():
            server.await_answer(first[name])
        yield Servers(servers, generator)
