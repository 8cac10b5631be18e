"""Locks that let only one process at a time do something with a database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def hold_lock(name: str, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold the lock `name` of the database; call `waiting` first if another process holds it.

    The database releases the lock when the process ends, even if it is killed.
    """
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        lock = "SELECT pg_{}advisory_lock(hashtext(%s))"
        (free,) = own.execute(lock.format("try_"), [name]).fetchone() or (False,)
        if not free:
            waiting()
            own.execute(lock.format(""), [name])
        yield
