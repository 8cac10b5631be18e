"""Locks of workers: a job never runs twice at once, and it is known whether a worker runs.

A lock belongs to a connection. The database releases it when the connection ends, even if the
worker is killed, so nothing has to time out.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

_CLASS, _WORKER = 16001, 0
"""The first key of all locks of workers, and the second one of the lock that each of them shares.
The second key of the lock of a job is its primary key."""
_SETTINGS = {
    # A worker whose machine is gone must not hold its locks for hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
    # A redaction locks the table of jobs. It may wait for the job, so no report waits for it.
    "lock_timeout": "1s",
}


@contextmanager
def connect() -> Iterator[psycopg.Connection]:
    """Open a connection beside Django's own, in which each statement commits."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as link:
        for name, value in _SETTINGS.items():
            link.execute("SELECT set_config(%s, %s, false)", [name, value])
        yield link


@contextmanager
def lock_job(job: int) -> Iterator[psycopg.Connection | None]:
    """Hold the lock of a job and yield its connection, or None if a worker holds it already."""
    with connect() as link:
        row = link.execute("SELECT pg_try_advisory_lock(%s, %s)", [_CLASS, job]).fetchone()
        yield link if row and row[0] else None


@contextmanager
def announce_worker() -> Iterator[psycopg.Connection]:
    """Hold the lock that says that a worker runs; several workers share it."""
    with connect() as link:
        link.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_CLASS, _WORKER])
        yield link


def is_worker_running() -> bool:
    """Return whether any worker of this database runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND classid = %s AND objid = %s AND objsubid = 2 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_CLASS, _WORKER],
        )
        return bool(cursor.fetchone()[0])
