"""Starting jobs: the one function that other parts use."""

from uuid import UUID

from django.db import transaction

from editorial.models import User
from jobs.kinds import KINDS
from jobs.models import Job
from jobs.running import enqueue


@transaction.atomic
def start_job(
    kind: str,
    user: User | None,
    subject: str = "",
    /,
    *,
    record: UUID | None = None,
    **arguments: object,
) -> Job:
    """Let the worker do a piece of work, and return its job at once.

    `kind` is the name of a function that `jobs.kinds.register` knows, and `arguments` is what it is
    called with: plain values that JSON can hold, such as the primary keys of rows, not the rows.
    `subject` says on the page of the job what it is about ("release 2026-q1"), and `record` is the
    public id of the record that it is about, if it is about one: a redaction of that record deletes
    the job. Check before whether the user may do this; the function checks it again, since it runs
    later. `user` is None for work of the server itself.

    The job begins after the transaction of the caller commits, and does not exist if that is
    undone. Redirect to `job.get_absolute_url()`, the page with its progress and result:

        job = start_job("make_release", request.user, f"release {name}", name=name, note=note)
        return redirect(job)

    Redactions clean all texts of jobs. Pass keys instead of texts where you can.
    """
    label = str(KINDS[kind].label)
    job = Job.objects.create(
        kind=kind,
        subject=(subject or label)[:200],
        arguments=arguments,
        started_by=user,
        record=record,
    )
    enqueue(job)
    return job
