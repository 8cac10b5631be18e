"""Starting jobs: the one function that other parts use."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from jobs.kinds import KINDS
from jobs.models import Job
from jobs.running import enqueue


@transaction.atomic
def start_job(
    kind: str, user: AbstractBaseUser | None, subject: str = "", **arguments: object
) -> Job:
    """Let the worker do a piece of work, and return its job at once.

    `kind` is the name of a function that `jobs.kinds.register` knows, and `arguments` is what it is
    called with: plain values that JSON can hold, such as the primary keys of rows, not the rows.
    `subject` says on the page of the job what it is about ("release 2026-q1"). Check before whether
    the user may do this; the function checks it again, since it runs later. `user` is None for work
    of the server itself.

    The job begins after the transaction of the caller commits, and does not exist if that is
    undone. Redirect to `job.get_absolute_url()`, the page with its progress and result:

        job = start_job("make_release", request.user, f"release {name}", name=name, note=note)
        return redirect(job)

    A text in `arguments` or `subject` is removed by redactions as everywhere else.
    """
    label = str(KINDS[kind].label)
    job = Job.objects.create(
        kind=kind, subject=(subject or label)[:200], arguments=arguments, started_by=user
    )
    enqueue(job)
    return job
