"""One process at a time, of all that use a database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def alone(name: str, waiting: Callable[[], object]) -> Iterator[None]:
    """Hold the lock `name` of the database; `waiting` is called if another process holds it.

    The database ends the lock with the process, however that dies.
    """
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        lock = "SELECT pg_{}advisory_lock(hashtext(%s))"
        (free,) = own.execute(lock.format("try_"), [name]).fetchone() or (False,)
        if not free:
            waiting()
            own.execute(lock.format(""), [name])
        yield
