"""Connections to the database that turn out to be dead, after a restart of PostgreSQL for example.

Django can check a connection before each request, which costs a round trip. Public requests only
read, so that the first query is the check: if it finds the connection dead, the request starts once
more, over a new one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connection


class DeadConnectionError(Exception):
    """The connection was dead before the request began; it can begin again."""


class FirstQuery:
    """Whether the connection has answered a query of this request. It wraps the queries."""

    def __init__(self) -> None:
        self.is_answered = False

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        result = execute(*query)
        self.is_answered = True
        return result

    def found_dead_connection(self, error: Exception) -> bool:
        """Return whether an error shows that the connection was dead before this request."""
        return (
            isinstance(error, OperationalError | InterfaceError)
            and not self.is_answered
            and connection.connection is not None
            and not connection.in_atomic_block
            and not connection.is_usable()
        )

    def reconnect(self) -> None:
        """Close the connection, so that the next query opens another one, and trust that one."""
        connection.close()
        self.is_answered = True


@contextmanager
def without_health_check() -> Iterator[FirstQuery]:
    """Use the connection without Django's check, and observe the first query."""
    connection.health_check_done = True  # type: ignore[attr-defined]
    first_query = FirstQuery()
    with connection.execute_wrapper(first_query):
        yield first_query
