"""The worker: a loop that runs the jobs in the queue, one after another."""

import logging
import os
import threading
import time
from contextlib import suppress
from datetime import timedelta

import psycopg
from django.db import (
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from jobs import running
from jobs.kinds import KINDS
from jobs.locks import announce_worker
from jobs.models import Job, JobState
from jobs.starting import start_job

logger = logging.getLogger("jobs")
_PAUSE = 1.0
"""The seconds between two looks at the queue."""
_MINUTE = 60.0
"""The seconds between two looks at whether a daily job is due."""
_RETRY = 5.0
"""The seconds until the worker tries again to reach a database that does not answer."""
_SILENT_FAILURES = 3
"""The number of failures after which it says so: a restart of the database is nothing special."""
_NOT_READY = (OperationalError, InterfaceError, ProgrammingError, psycopg.OperationalError)
"""What is raised while the database does not answer, or while its tables are migrated."""


def run_waiting_jobs() -> None:
    """Run all jobs that wait, also those whose worker was killed, and return."""
    running.find_lost()
    if not Job.objects.filter(state=JobState.WAITING).exists():
        return
    TaskWorker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        startup_delay=False,
        max_tasks=None,
        backend_name="default",
        worker_id=f"{os.uname().nodename}:{os.getpid()}"[:64],
    ).run()
    running.clean_queue()


@transaction.atomic
def start_daily_jobs() -> None:
    """Start the jobs of each day, unless they ran within a day or wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muster daily jobs'))")
    since = timezone.now() - timedelta(days=1)
    for kind in KINDS.values():
        if kind.daily and not Job.objects.filter(kind=kind.name, created_at__gte=since).exists():
            start_job(kind.name, None)


class JobWorker:
    """A worker that runs until `stop`, or until the process that started it is gone."""

    def __init__(self, parent: int | None = None) -> None:
        self.parent = parent
        self._stopped = threading.Event()
        running.stopping = False

    def stop(self, *_: object) -> None:
        """End after the current step: the job that runs is undone, and waits for a worker."""
        running.stopping = True
        self._stopped.set()

    def run(self) -> None:
        """Run jobs until `stop`. While the database does not answer, try again."""
        if self.parent is not None:
            threading.Thread(target=self._watch_parent, daemon=True).start()
        failures, looked = 0, float("-inf")
        while not self._stopped.is_set():
            try:
                with announce_worker() as link:
                    while not self._stopped.is_set():
                        link.execute("SELECT 1")  # fails if the lock was lost with the connection
                        if time.monotonic() - looked > _MINUTE:
                            looked = time.monotonic()
                            start_daily_jobs()
                        run_waiting_jobs()
                        failures = 0
                        self._stopped.wait(_PAUSE)
            except _NOT_READY as error:
                failures += 1
                if failures == _SILENT_FAILURES:
                    logger.warning("The database is not ready for jobs: %s", str(error).strip())
                with suppress(Exception):
                    connection.close()
                self._stopped.wait(_RETRY)

    def _watch_parent(self) -> None:
        while os.getppid() == self.parent:
            if self._stopped.wait(_PAUSE):
                return
        self.stop()
