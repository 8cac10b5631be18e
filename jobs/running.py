"""Running a job: once, as a whole, and under the name of the person who started it.

The queue is Django's tasks, stored in the database. A task names its job and nothing else: all that
matters is in the row of the job, which commits together with what the job does. So a task can be
lost, or run twice, without harm.
"""

import logging
from contextlib import nullcontext
from datetime import timedelta
from functools import partial

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from jobs.kinds import KINDS, Kind, Result
from jobs.locks import lock_job
from jobs.models import ENDED, Job, JobState
from jobs.progress import Cancelled, Interrupted, Progress

try:
    from django.tasks import task
except ModuleNotFoundError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef, unused-ignore]

MAX_ATTEMPTS = 3
"""How often a job is begun whose worker is killed each time."""
_FORGOTTEN = timedelta(days=7)

logger = logging.getLogger("jobs")
stopping = False
"""Whether this process has to stop: the job that runs is undone at its next step, and waits."""


@task()
def run(job: int) -> None:
    """Run a job; the worker calls this."""
    if stopping:
        return  # the next worker finds it
    with lock_job(job) as link:
        if link is None:
            return  # another worker runs it
        claimed = _claim(job)
        if claimed is not None:
            progress = Progress(link, job, lambda: stopping)
            _run(claimed, KINDS.get(claimed.kind), progress)


def enqueue(job: Job) -> None:
    """Add a job to the end of the queue."""
    run.enqueue(job.pk)


def find_lost() -> None:
    """Let jobs run again whose worker was killed, or which are not in the queue any more."""
    for job in Job.objects.filter(state=JobState.RUNNING):
        with lock_job(job.pk) as link:
            if link is not None:
                _give_back(job)
    queued = {each.args_kwargs["args"][0] for each in DBTaskResult.objects.ready()}
    for job in Job.objects.filter(state=JobState.WAITING).exclude(pk__in=queued):
        enqueue(job)


def clean_queue() -> None:
    """Delete the tasks that have ended, and those whose worker was killed long ago."""
    DBTaskResult.objects.finished().delete()
    DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - _FORGOTTEN).delete()


@transaction.atomic
def _claim(key: int) -> Job | None:
    """Mark a job as running and return it, or None if there is nothing to do."""
    job = Job.objects.select_for_update().filter(pk=key).exclude(state__in=ENDED).first()
    if job is None:
        return None
    job.state, job.started_at, job.attempts = JobState.RUNNING, timezone.now(), job.attempts + 1
    job.done, job.total, job.message = 0, 0, ""
    job.save()
    return job


@transaction.atomic
def _give_back(job: Job) -> None:
    """Let a job wait again whose worker was killed; after several attempts, it has failed.

    The caller holds the lock of the job.
    """
    job.refresh_from_db(from_queryset=Job.objects.select_for_update())
    if job.state != JobState.RUNNING:
        return
    if job.cancelled_at:
        job.end(JobState.CANCELLED)
    elif job.attempts >= MAX_ATTEMPTS:
        error = gettext(
            "The worker ended while it ran, %(count)s times. Read the log of the server: perhaps "
            "its memory was full."
        )
        job.end(JobState.FAILED, error=error % {"count": job.attempts})
    else:
        Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, done=0, total=0, message="")
        enqueue(job)


def _run(job: Job, kind: Kind | None, progress: Progress) -> None:
    """Run a job that is marked as running, and store how it ended."""
    end = partial(job.end, JobState.FAILED)
    try:
        if kind is None:
            raise ValidationError(gettext("This version does not know this kind of job."))
        if job.started_by and not job.started_by.is_active:
            raise PermissionDenied(gettext("The account that started it is not active any more."))
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a job may take longer than a request
        _run_kind(job, kind, progress)
    except Cancelled:
        job.end(JobState.CANCELLED)
    except Interrupted:
        Job.objects.filter(pk=job.pk).update(
            state=JobState.WAITING, attempts=job.attempts - 1, done=0, total=0, message=""
        )
    except ValidationError as error:
        end(error="\n".join(error.messages))
    except PermissionDenied as error:
        end(error=str(error) or gettext("The person who started it may not do this."))
    except (OperationalError, InterfaceError):
        raise  # the database is gone: the job is found again as lost
    except Exception as error:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        reason = gettext("%(error)s. Nothing of it is left. The log of the server has the details.")
        name = gettext("Database error") if isinstance(error, Error) else type(error).__name__
        end(error=reason % {"error": name})


def _run_kind(job: Job, kind: Kind, progress: Progress) -> None:
    """Call the function of a job; store its end in the same transaction, if the kind has one."""
    who = pghistory.context(user=job.started_by_id, job=job.pk)
    with who, transaction.atomic() if kind.one_transaction else nullcontext():
        result: Result = kind.run(progress, job.started_by, **job.arguments)
        with transaction.atomic():
            job.refresh_from_db(from_queryset=Job.objects.select_for_update())
            if job.cancelled_at and kind.one_transaction:
                raise Cancelled
            job.end(JobState.DONE, result=result.text, links=result.links, cancelled_at=None)
