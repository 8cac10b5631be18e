"""The admin of jobs: a list, and a page for each with its progress, its result and Cancel."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django_tasks_db import admin as queue_admin

from curation.actions import PageAction, PageActionAdmin
from curation.base import ReadOnlyAdmin, is_reviewer
from jobs.kinds import KINDS
from jobs.locks import is_worker_running
from jobs.models import Job, JobState

# Jobs have pages; the tasks of the queue only name them. Importing that admin registered it.
admin.site.unregister(queue_admin.DBTaskResult)
_PATIENCE = timedelta(minutes=1)
"""How long jobs may wait without a worker before the home page says so."""


def is_worker_missing() -> bool:
    """Return whether jobs wait for longer than a minute, and no worker runs."""
    since = timezone.now() - _PATIENCE
    waiting = Job.objects.filter(state=JobState.WAITING, ended_at=None, created_at__lt=since)
    return waiting.exists() and not is_worker_running()


CANCEL = PageAction(
    name="cancel",
    label=gettext("Cancel the job"),
    explanation=gettext(
        "A job that waits does not begin. One that runs is stopped at its next step, and what it "
        "has done so far is undone."
    ),
    run=lambda job, user, text: job.cancel(),
    is_available=lambda job, user: not job.has_ended and not job.cancelled_at,
    is_allowed=lambda admin, request, job: admin.has_view_permission(request, job),
)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin, PageActionAdmin):
    """The pages of jobs. Reviewers see all of them, others those that they started."""

    page_actions = (CANCEL,)
    change_form_template = "admin/muster/job.html"
    list_display = ("subject", "kind_label", "state_label", "progress", "started_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("started_by",)
    search_fields = ("subject",)
    fields = ()
    empty_message = "Long work is done by jobs, such as making a release of all data."

    class Media:
        css = {"all": ["curation/job.css"]}
        js = ["curation/job.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the jobs that the user may see."""
        own = Q() if is_reviewer(request) else Q(started_by=request.user.pk)
        return super().get_queryset(request).filter(own)

    def label(self, row: Job) -> str:
        """Return what is done, or its number if the subject says that already."""
        kind = self.kind_label(row)
        number = gettext("job %(number)s") % {"number": row.pk}
        return number if kind == row.subject else kind

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add what the page shows of the job."""
        job: Job | None = kwargs.get("obj")
        if job is not None:
            context |= {
                "title": job.subject,
                "job": job,
                "done": f"{job.done:,}",
                "total": f"{job.total:,}",
                "state": self.state_label(job),
                "worker_is_missing": not job.has_ended and is_worker_missing(),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_label(self, job: Job) -> str:
        """Return what is done, in words."""
        kind = KINDS.get(job.kind)
        return str(kind.label) if kind else job.kind

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_label(self, job: Job) -> str:
        """Return the state in words."""
        if job.cancelled_at and not job.has_ended:
            return gettext("being cancelled")
        return str(job.get_state_display())

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, job: Job) -> str:
        """Return how many steps are done."""
        if job.state != JobState.RUNNING or not job.total:
            return "-"
        return f"{job.done:,} / {job.total:,}"
