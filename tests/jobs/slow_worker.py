"""A worker in a process of its own, with a job that writes something and then takes a minute."""

import signal
import sys
import time

import django

django.setup()

from jobs.kinds import Result, register  # noqa: E402
from jobs.progress import Progress  # noqa: E402
from jobs.worker import JobWorker  # noqa: E402
from sources.models import Publisher  # noqa: E402


@register("slow", "Slow")
def slow(progress: Progress, user: object) -> Result:
    """Write a row, say so on the output, and go on for a minute."""
    Publisher.objects.create(name="Written by the slow job")
    progress.start("Sleeping", 1200)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    for _ in range(1200):
        time.sleep(0.05)
        progress.step()
    return Result("Slept.")


if __name__ == "__main__":
    worker = JobWorker()
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()
