"""The progress of a job: what its page shows while it runs, and how it is stopped."""

import time
from collections.abc import Callable
from contextlib import suppress

import psycopg
from psycopg.errors import LockNotAvailable

_SECONDS = 0.5
"""The time between two reports."""


class Cancelled(Exception):
    """Somebody cancelled the job: everything of its transaction is undone."""


class Interrupted(Exception):
    """The worker has to stop: everything of the transaction is undone, and the job waits again."""


class Progress:
    """What a job calls while it works. Each call may raise `Cancelled` or `Interrupted`.

    Reports are written by a connection of their own: the job's transaction commits at its end.
    """

    def __init__(
        self, link: psycopg.Connection, job: int, must_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self.link, self.job, self.must_stop = link, job, must_stop
        self.done = self.total = 0
        self.message = ""
        self._reported = 0.0

    def start(self, message: str, total: int = 0) -> None:
        """Begin a phase: say what is done, and of how many steps; 0 if that is not known.

        The message must not repeat texts of records, which may be redacted meanwhile.
        """
        self.message, self.total, self.done = message, total, 0
        self.report()

    def step(self, number: int = 1) -> None:
        """Count further steps that are done."""
        self.done += number
        if time.monotonic() - self._reported >= _SECONDS:
            self.report()

    def report(self) -> None:
        """Write how far the job is. Raises `Cancelled` or `Interrupted`."""
        self._reported = time.monotonic()
        if self.must_stop():
            raise Interrupted
        with suppress(LockNotAvailable):  # a redaction has locked the table
            row = self.link.execute(
                "UPDATE jobs_job SET done = %s, total = %s, message = %s "
                "WHERE id = %s RETURNING cancelled_at IS NOT NULL",
                [self.done, self.total, self.message, self.job],
            ).fetchone()
            if row and row[0]:
                raise Cancelled
