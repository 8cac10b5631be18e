"""The embedded server: creating, starting, stopping and finding it.

It listens only on a Unix socket, never on a network port, and requires a password there too.
"""

import fcntl
import os
import secrets
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.postgres.memory import memory_settings, read_memory
from config.postgres.paths import (
    PostgresError,
    change_owner,
    find_server_programs,
    find_socket_folder,
    make_socket_folder,
    prepare_home,
)

NAME = "muster"  # of the database and of the role that owns it
INITDB = (
    *("-U", "postgres", "-E", "UTF8", "--auth=scram-sha-256", "--no-instructions"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
    *("-c", "wal_level=logical"),
)
THROW_AWAY = ("fsync=off", "full_page_writes=off", "autovacuum=off")
"""Settings for data that may be lost.

Commits stay synchronous: until one is flushed, VACUUM marks none of its pages as visible to all,
and the planner avoids index-only scans. Without fsync a flush is nearly free.
"""
SOLID_STATE = ("random_page_cost=1.1",)
"""On a solid-state disk, or in memory, reading anywhere costs about as much as reading in order."""
DISCREET = ("log_error_verbosity=terse", "log_min_error_statement=panic")
"""Errors are logged without the row and the statement, which may contain private text."""


def start(data: Path, *, durable: bool = True) -> bool:
    """Start the server of `data`, and create it first if needed; return whether this call did.

    If several processes start it together, one does and the others wait. `durable=False` is for a
    server whose data may be lost. Raise PostgresError if it does not start.
    """
    with _hold_lock(data):
        home = prepare_home(data)
        if _find_postmaster(home):
            return False
        if not (home / "data").exists():
            _create_cluster(home)
        _clear_traces(home / "data", find_socket_folder(data))
        settings = ["listen_addresses=", "port=5432", "unix_socket_permissions=0700"]
        settings += [f'unix_socket_directories="{make_socket_folder(data, home)}"']
        settings += [*DISCREET, *SOLID_STATE]
        settings += memory_settings(read_memory()) if durable else THROW_AWAY
        _run_server(home, " ".join(f"-c {shlex.quote(setting)}" for setting in settings))
        return True


def stop(data: Path) -> bool:
    """Stop the server of `data`; return whether it ran. Raise PostgresError if it does not stop."""
    with _hold_lock(data):
        if not is_running(data):
            return False
        home = prepare_home(data)
        _run(home, "pg_ctl", "stop", "-D", str(home / "data"), "-m", "fast", "-w", "-t", "300")
        return True


def is_running(data: Path) -> bool:
    """Return whether the server of `data` runs. Raise PostgresError if this user may not see it."""
    try:
        return _find_postmaster((data / "postgres").resolve()) is not None
    except PermissionError as error:
        raise PostgresError(f"{error}. Run this as the user that started the server.") from error


def has_crashed(data: Path) -> bool:
    """Return whether the server of `data` ended without being stopped."""
    home = (data / "postgres").resolve()
    trace = (
        home / "data" / "postmaster.pid"
    )  # a server that is stopped removes this file before it ends
    return trace.exists() and _find_postmaster(home) is None and trace.exists()


@contextmanager
def _hold_lock(data: Path) -> Iterator[None]:
    """Let one process at a time in; the system releases the lock when the process ends."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with (data / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise PostgresError(
            f"The database cannot be stored in {data}: {error}. Make that folder writable for this "
            "user, or choose another one with MUSTER_DATA."
        ) from error


def _create_cluster(home: Path) -> None:
    """Create the cluster, its role and its database; if interrupted, leave no `data`."""
    new, password = home / "data.new", home / "password"
    shutil.rmtree(new, ignore_errors=True)
    secret = secrets.token_urlsafe(32)
    password.unlink(missing_ok=True)
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        # initdb reads the first line. libpq uses the file as a passfile: the line with five fields.
        file.write(f"{secret}\n*:*:*:*:{secret}\n")
    change_owner(password, home)
    _run(home, "initdb", "-D", str(new), "--pwfile", str(password), *INITDB)
    # The role is not a superuser, as on most servers that DATABASE_URL names.
    sql = f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{secret}'\nCREATE DATABASE {NAME} OWNER "
    single = ("--single", "-D", str(new), "-c", "exit_on_error=on", "postgres")
    _run(home, "postgres", *single, stdin=f"{sql}{NAME}\n")
    new.rename(home / "data")


def _run(home: Path, program: str, *arguments: str, stdin: str = "") -> None:
    """Run a program of the server as the owner of `home`. Raise PostgresError if it fails."""
    owner = home.stat()
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    done = subprocess.run(  # noqa: S603 - our own program, and no shell
        [find_server_programs() / program, *arguments],
        input=stdin,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        umask=0o077,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        check=False,
        **identity,
    )
    if done.returncode:
        raise PostgresError(f"The embedded PostgreSQL: {program} failed.\n{done.stdout.strip()}")


def _run_server(home: Path, options: str) -> None:
    """Run pg_ctl; wait for child processes of a killed server, which end a little later."""
    log = home / "log"
    where = ("-D", str(home / "data"), "-l", str(log))
    deadline = time.monotonic() + 10
    while True:
        try:
            return _run(home, "pg_ctl", "start", "-s", "-w", "-t", "300", *where, "-o", options)
        except PostgresError as error:
            last_lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
            if "pre-existing shared memory" in "".join(last_lines) and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            lines = "\n  ".join([f"{error}", f"The last lines of {log}:", *last_lines])
            raise PostgresError(lines) from None


def _find_postmaster(home: Path) -> int | None:
    """Return the process id of the server, or None if it does not run.

    After `kill -9`, the id in its file may be that of a zombie, which still accepts signals, or of
    another program. Therefore check that the command line of the process names this cluster.
    """
    try:
        pid = int((home / "data" / "postmaster.pid").read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if str(home / "data") in _read_command_line(pid) else None


def _read_command_line(pid: int) -> str:
    """Return the command line of a process; blank for a zombie or if there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
        except (FileNotFoundError, ProcessLookupError):
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603


def _clear_traces(cluster: Path, socket_folder: Path) -> None:
    """Remove the files of a killed server: PostgreSQL takes a zombie for a running server."""
    for trace in (
        cluster / "postmaster.pid",
        socket_folder / ".s.PGSQL.5432.lock",
        socket_folder / ".s.PGSQL.5432",
    ):
        trace.unlink(missing_ok=True)
