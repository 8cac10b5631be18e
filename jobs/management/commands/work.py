"""`manage.py work`: run the jobs that people start in the admin."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.db import connection

from jobs.worker import JobWorker, run_waiting_jobs
from publishing import commands

HELP = """\
Run the jobs that people start in the admin: making a release, publishing a large submission,
deleting what has expired. Jobs wait in the database, and the worker runs them one after another.

`manage.py serve` and `manage.py demo` run a worker beside the server, start it again if it dies,
and stop it with the server: usually you need not call this. Do so to run the worker on another
machine or as a service of its own, and set MUSTER_JOBS=off for the server then. Several workers
can run; no job runs twice at once.

  manage.py work          run jobs until SIGTERM or SIGINT
  manage.py work --once   run the jobs that wait now, and end

After a signal, the job that runs is stopped at its next step and undone, and waits for the next
worker. A job whose worker was killed is undone as well, by the database, and runs again; after
three such attempts it has failed. The pages of jobs in the admin show progress, results and errors.
"""


class Command(commands.Command):
    """Run the worker."""

    help = HELP
    requires_system_checks = []  # some of them need the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run the waiting jobs, and end")
        parser.add_argument(
            "--parent",
            type=int,
            metavar="PID",
            help="end when this process is no longer the parent",
        )

    def handle(self, *, once: bool, parent: int | None, **options: Any) -> None:
        if once:
            run_waiting_jobs()
            return
        connection.settings_dict["CONN_MAX_AGE"] = 600  # it looks at the queue every second
        worker = JobWorker(parent)
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        worker.run()
