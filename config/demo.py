"""The server of `manage.py demo`: config/gunicorn.py, and the embedded PostgreSQL that it watches.

The demo becomes gunicorn, so that only one program stays in memory. Its master process therefore
restarts a crashed PostgreSQL, and stops it at the end.
"""

import atexit
import fcntl
import os
import signal
import sys
import threading
import time
from typing import IO, Any

from django.conf import settings

from config import gunicorn, postgres
from config.gunicorn import *  # noqa: F403 - gunicorn reads the names of this module

graceful_timeout = 3

LOCK = "MUSTER_DEMO_LOCK"
"""The environment variable with the descriptor of the lock, if the demo runs PostgreSQL."""
ADDRESS = "MUSTER_DEMO_ADDRESS"
"""The environment variable with the address to print."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What ends the demo."""


def when_ready(server: Any) -> None:  # type: ignore[no-redef]
    """Watch PostgreSQL, and receive the signals that `manage.py demo` blocked, in this process."""
    signal.signal(signal.SIGHUP, lambda *_: server.signal(signal.SIGTERM, None))  # no terminal
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if LOCK in os.environ:
        threading.Thread(target=_watch, daemon=True).start()
    gunicorn.when_ready(server)


def post_worker_init(worker: Any) -> None:
    """Print the addresses once the first worker can answer."""
    if worker.age == 1:
        address = os.environ[ADDRESS]
        _say("Ready; Ctrl-C stops everything.")
        _say(f"  admin  {address}/admin/")
        _say(f"  API    {address}/api/v1/actors")
        _say(f"  docs   {address}/api/v1/docs")


def stop_database(lock: IO[str]) -> None:
    """Stop PostgreSQL if no other demo uses it, and a demo started it, even one that was killed."""
    if _is_last(lock):
        lock.seek(0)
        if lock.read():
            postgres.stop(settings.DATA)
        lock.truncate(0)


def ignore_signals() -> None:
    """Ignore a second Ctrl-C, which would leave a half-stopped server."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)


def _watch() -> None:
    """Restart the embedded PostgreSQL whenever it crashes."""
    while True:
        time.sleep(0.5)
        if not postgres.has_crashed(settings.DATA):
            continue
        _say("PostgreSQL crashed: restarting it")
        try:
            postgres.start(settings.DATA)
            _say("PostgreSQL is running again")
        except postgres.PostgresError as error:
            _say(str(error))
            time.sleep(5)


def _end(master: int) -> None:
    """Stop the database, if this process is the master and not one of its workers."""
    if os.getpid() != master:
        return
    ignore_signals()
    if LOCK in os.environ:
        with open(int(os.environ[LOCK]), "a+") as lock:
            stop_database(lock)
    _say("Stopped.")


def _is_last(lock: IO[str]) -> bool:
    """Return whether no other process shares this lock."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__config__":  # gunicorn reads this file, and `manage.py demo` imports it
    atexit.register(_end, os.getpid())
