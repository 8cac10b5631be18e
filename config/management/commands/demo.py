"""`manage.py demo`: run everything on this machine."""

import errno
import fcntl
import os
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from config import demo, postgres
from config.postgres.locks import hold_lock
from config.serving.launch import replace_process

HELP = """\
Run Muster on this machine. This starts the embedded PostgreSQL, creates the tables, two users and
the demo's data if they are missing, and serves over plain HTTP, only for this machine. Ctrl-C stops
everything. The next run continues with the same data.

MUSTER_DATA is the folder of the data (default: .muster). To use your own PostgreSQL, set
DATABASE_URL. DEMO=seed loads only real statements, without the invented island.
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
            with self._database() as lock:
                with hold_lock("muster demo", self._wait):
                    self._set_up()
                _become_server(host, port, lock)
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
    def _database(self) -> Iterator[IO[str] | None]:
        """Run the embedded PostgreSQL, unless it runs already or DATABASE_URL is set.

        Yields a lock that all demos of a folder share: the last one stops PostgreSQL.
        """
        if os.environ.get("DATABASE_URL"):
            self._say("PostgreSQL: the one in DATABASE_URL")
            yield None
            return
        settings.DATA.mkdir(parents=True, exist_ok=True)
        with (settings.DATA / "demo.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            try:
                if postgres.start(settings.DATA):
                    lock.write("started\n")
                    lock.flush()
                self._say(f"PostgreSQL: embedded, in {(settings.DATA / 'postgres').resolve()}")
                yield lock
            finally:
                demo.ignore_signals()
                connection.close()
                demo.stop_database(lock)

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
                if os.environ.get("DEMO") != "seed":
                    self._say("Data: loading and publishing an invented island, with four years")
                    call_command("load_island", **four_eyes)
        self._say("Static files: collecting")
        # To compress them takes longer than to send them on this machine. Compressed files of an
        # earlier version must go: they would be sent in place of the new ones.
        call_command(
            "collectstatic", verbosity=0, interactive=False, clear=True, post_process=False
        )
        connection.close()  # from now on only the server needs connections


def _become_server(host: str, port: int, lock: IO[str] | None) -> NoReturn:
    """Replace this process by the server; it is the same process, so it still holds the lock."""
    environ = {"MUSTER_HTTPS": "off", **os.environ}
    environ[demo.ADDRESS] = f"http://{_local_name(host)}:{port}"
    if lock:
        os.set_inheritable(lock.fileno(), True)
        environ[demo.LOCK] = str(lock.fileno())
    # A signal that arrives before the server can handle it waits until then.
    signal.pthread_sigmask(signal.SIG_BLOCK, demo.SIGNALS)
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    replace_process("config/demo.py", "--bind", bind, environ=environ)


def _local_name(host: str) -> str:
    """Return the host name to use on this machine for a host that the server listens on."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - it is compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


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
