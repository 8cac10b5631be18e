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

from editorial.redaction.stored_texts import newest_redaction
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
    redaction = newest_redaction()
    end = partial(_end, job, redaction)
    try:
        if kind is None:
            raise ValidationError(gettext("This version does not know this kind of job."))
        if job.started_by and not job.started_by.is_active:
            raise PermissionDenied(gettext("The account that started it is not active any more."))
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a job may take longer than a request
        who = pghistory.context(user=job.started_by_id, job=job.pk)
        with who, transaction.atomic() if kind.one_transaction else nullcontext():
            result = kind.run(progress, job.started_by, **job.arguments)
            end(JobState.DONE, result, can_cancel=kind.one_transaction)
    except Cancelled:
        end(JobState.CANCELLED)
    except Interrupted:
        Job.objects.filter(pk=job.pk).update(
            state=JobState.WAITING, attempts=job.attempts - 1, done=0, total=0, message=""
        )
    except Job.DoesNotExist:
        pass  # a redaction has deleted it: all of its transaction is undone
    except ValidationError as error:
        end(JobState.FAILED, Result("\n".join(error.messages)))
    except PermissionDenied as error:
        reason = gettext("The person who started it may not do this.")
        end(JobState.FAILED, Result(str(error) or reason))
    except (OperationalError, InterfaceError):
        raise  # the database is gone, or others wait for the same rows: it is found again as lost
    except Exception as error:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        reason = gettext("%(error)s. Nothing of it is left. The log of the server has the details.")
        name = gettext("Database error") if isinstance(error, Error) else type(error).__name__
        end(JobState.FAILED, Result(reason % {"error": name}))


@transaction.atomic
def _end(
    job: Job,
    redaction: int,
    state: JobState,
    result: Result | None = None,
    *,
    can_cancel: bool = False,
) -> None:
    """Store how a job ended; in general words if anything was redacted since it began.

    Raises `Cancelled` if it can still be cancelled and somebody asked for it.
    """
    Job.objects.filter(pk=job.pk).update(message="")  # waits for a redaction, as reading would not
    job.refresh_from_db()
    if can_cancel and job.cancelled_at:
        raise Cancelled
    result = result or Result("")
    if result.text and newest_redaction() != redaction:
        result = Result(gettext("Something was redacted meanwhile, so no details are kept."))
    texts = {"error": result.text} if state == JobState.FAILED else {"result": result.text}
    job.end(state, links=result.links, **texts)
