"""`manage.py demo`: run everything on this machine."""

import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from config import postgres
from config.postgres.locks import hold_lock

HELP = """\
Run Muster on this machine. This starts the embedded PostgreSQL, creates the tables, two users and
the demo's data if they are missing, and serves over plain HTTP, only for this machine. Ctrl-C stops
everything. The next run continues with the same data.

MUSTER_DATA is the folder of the data (default: .muster). To use your own PostgreSQL, set
DATABASE_URL.
"""

AROUND = ["AE", "BH", "EG", "IL", "IQ", "IR", "JO", "KW", "LB", "OM", "PS", "QA", "SA", "SY"]
AROUND += ["TR", "YE"]
"""The countries that the demo loads with their divisions; the whole world takes half a minute."""


class Command(BaseCommand):
    """Set up what is missing, then serve until a signal."""

    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--port", type=int, default=port, help="default: PORT, or 8000")
        parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        _require_free_port(host, port)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with self._database():
                with hold_lock("muster demo", self._wait):
                    self._set_up()
                with self._server(host, port) as server:
                    self._announce(host, port, server)
                    self._watch(server)
                raise CommandError(f"The server ended unexpectedly (code {server.returncode}).")
        except KeyboardInterrupt:
            self._say("Stopped.")
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _wait(self) -> None:
        self._say("Another demo is setting up this database: waiting for it")

    @contextmanager
    def _database(self) -> Iterator[None]:
        """Run the embedded PostgreSQL, unless it runs already or DATABASE_URL is set.

        If several demos use one folder, the last one stops it, provided that one of them started
        it, even one that was killed since.
        """
        if os.environ.get("DATABASE_URL"):
            self._say("PostgreSQL: the one in DATABASE_URL")
            yield
            return
        settings.DATA.mkdir(parents=True, exist_ok=True)
        with (settings.DATA / "demo.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            try:
                if postgres.start(settings.DATA):
                    lock.write("started\n")
                    lock.flush()
                self._say(f"PostgreSQL: embedded, in {(settings.DATA / 'postgres').resolve()}")
                yield
            finally:
                _ignore_signals()  # a second Ctrl-C would leave a half-stopped server
                connection.close()
                if _is_last(lock):
                    lock.seek(0)
                    if lock.read():
                        postgres.stop(settings.DATA)
                    lock.truncate(0)

    def _set_up(self) -> None:
        """Create what is missing: tables, the two users, the published data, static files."""
        from editorial.permissions import create_demo_users
        from publishing.models import Edition

        self._say("Tables: migrating")
        call_command("migrate", verbosity=0, interactive=False)
        passwords = create_demo_users()
        for username, password in passwords.items():
            self._say(f"User: {username}, password {password} (shown only this time)")
        if not passwords:
            self._say("Users: editor and reviewer exist already")
        if Edition.objects.exists():
            self._say("Data: exists already")
        else:
            four_eyes = {"submit_as": "editor", "approve_as": "reviewer"}
            self._say("Data: loading and publishing the seed dataset")
            with transaction.atomic():
                call_command("load", "seed", **four_eyes)
                self._say("Data: loading and publishing Iraq and the countries around it")
                call_command("load_world", countries=AROUND, **four_eyes)
        self._say("Static files: collecting")
        call_command("collectstatic", verbosity=0, interactive=False)
        connection.close()  # from now on only the server needs connections

    @contextmanager
    def _server(self, host: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
        """Run gunicorn in a session of its own, so that Ctrl-C stops it only once, through us.

        It reads from a pipe. When this process ends, even if killed, the pipe ends and so does it.
        """
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "-b", address]
        command += ["--graceful-timeout", "3"]
        server = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            command,
            cwd=settings.ROOT,
            env={"MUSTER_HTTPS": "off", **os.environ, "MUSTER_UNTIL_INPUT_ENDS": "on"},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            yield server
        finally:
            _ignore_signals()
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    def _watch(self, server: subprocess.Popen[bytes]) -> None:
        """Wait until the server ends; restart the embedded PostgreSQL if it crashes."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.5)
                return
            if not os.environ.get("DATABASE_URL") and postgres.has_crashed(settings.DATA):
                self._say("PostgreSQL crashed: restarting it")
                try:
                    postgres.start(settings.DATA)
                    self._say("PostgreSQL is running again")
                except postgres.PostgresError as error:
                    self._say(str(error))
                    time.sleep(5)

    def _announce(self, host: str, port: int, server: subprocess.Popen[bytes]) -> None:
        """Print the addresses once the server is ready."""
        address = f"http://{_local_name(host)}:{port}"
        deadline = time.monotonic() + 60
        while not _is_ready(f"{address}/readyz"):
            if server.poll() is not None:
                raise CommandError("The server did not start. See the lines above.")
            if time.monotonic() > deadline:
                raise CommandError(f"{address}/readyz did not answer 200 within a minute.")
            time.sleep(0.1)
        self._say("Ready; Ctrl-C stops everything.")
        self._say(f"  admin  {address}/admin/")
        self._say(f"  API    {address}/api/v1/actors")
        self._say(f"  docs   {address}/api/v1/docs")


def _local_name(host: str) -> str:
    """Return the host name to use on this machine for a host that the server listens on."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - it is compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _is_last(lock: IO[str]) -> bool:
    """Return whether no other process shares this lock."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _require_free_port(host: str, port: int) -> None:
    """Raise CommandError if the port cannot be used, before anything is started.

    Wait a little for the server of a demo that was just killed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + 5
    while True:
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                return
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise CommandError(
                f"Port {port} of {host} cannot be used ({error}). Choose another one, for example: "
                "make demo PORT=8765"
            ) from None


def _is_ready(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except (URLError, OSError):
        return False


def _ignore_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
