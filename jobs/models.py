"""Jobs: who started what, how far it is, and how it ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from editorial.models import StoredTexts
from editorial.redaction.removal import clean_texts
from publishing.fields import Enumeration, WordField

KEPT_FOR = timedelta(days=90)
"""How long a job is kept after it has ended."""

_TEXTS = ("subject", "arguments", "message", "result", "links", "error")
"""The columns that can repeat texts of records."""


class JobState(Enumeration):
    """How far a job is."""

    WAITING = "waiting", gettext_lazy("waiting")
    RUNNING = "running", gettext_lazy("running")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")
    CANCELLED = "cancelled", gettext_lazy("cancelled")


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobManager(models.Manager["Job"]):
    """A manager that deletes old jobs."""

    def delete_expired(self) -> int:
        """Delete the jobs that ended more than `KEPT_FOR` ago, and return their number."""
        return self.filter(ended_at__lt=timezone.now() - KEPT_FOR).delete()[0]


class Job(StoredTexts):
    """A piece of work that a worker does outside of requests.

    Only the person who started it and reviewers see it. It is not audited: what it does to records
    is, under the name of the person who started it. Redactions clean its texts.
    """

    kind = models.CharField(max_length=40, help_text="What is done.")
    subject = models.CharField(max_length=200, help_text="What it is about, in words.")
    arguments = models.JSONField(
        default=dict,
        blank=True,
        encoder=DjangoJSONEncoder,
        help_text="What the worker needs to know. Emptied when the job ends.",
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="jobs",
        null=True,
        blank=True,
        help_text="Who started it; nobody if the server did.",
    )
    state = WordField(JobState, default=JobState.WAITING, help_text="How far it is.")
    done = models.PositiveIntegerField(default=0, help_text="How many steps are done.")
    total = models.PositiveIntegerField(
        default=0, help_text="How many steps there are; 0 if that is not known."
    )
    message = models.TextField(blank=True, help_text="What it does at the moment.")
    result = models.TextField(blank=True, help_text="What it did, in words.")
    links = models.JSONField(
        default=list,
        blank=True,
        help_text="The pages to look at: a list of pairs of a label and a path.",
    )
    error = models.TextField(blank=True, help_text="Why it failed, and what to do.")
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker has begun it."
    )
    created_at = models.DateTimeField(auto_now_add=True, help_text="When it was asked for.")
    started_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker began it the last time."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it ended.")
    cancelled_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody asked for it to be cancelled."
    )

    objects: ClassVar[JobManager] = JobManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_at__isnull=False)
                | ~models.Q(state__in=ENDED) & models.Q(ended_at=None),
                name="job_ended_at",
            )
        ]
        indexes = [
            # The worker and the home page look for jobs that have not ended: there are few.
            models.Index("state", name="job_open", condition=models.Q(ended_at=None)),
            # The list of one's own jobs.
            models.Index("started_by", "id", name="job_started_by_id"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.subject}"

    def get_absolute_url(self) -> str:
        """Return the address of its page in the admin."""
        return reverse("admin:jobs_job_change", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        """Whether it is done, has failed or was cancelled."""
        return self.state in ENDED

    def redact(self, clean: Callable[[str], str]) -> None:
        """Clean all texts, also those in its arguments and in the labels of its links."""
        before = {name: getattr(self, name) for name in _TEXTS}
        after = {name: clean_texts(value, clean) for name, value in before.items()}
        if after != before:
            type(self).objects.filter(pk=self.pk).update(**after)

    @transaction.atomic
    def cancel(self) -> str:
        """Cancel it, or ask the worker to, and return which in words.

        Raises ValidationError if it has ended. A job that is cancelled leaves nothing, unless its
        kind works in several transactions and says so.
        """
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.has_ended:
            raise ValidationError(gettext("It has ended already."), code="ended")
        self.cancelled_at = timezone.now()
        if self.state == JobState.WAITING:
            self.end(JobState.CANCELLED, cancelled_at=self.cancelled_at)
            return gettext("Cancelled: it had not begun.")
        self.save(update_fields=["cancelled_at"])
        return gettext("The worker stops it at its next step.")

    def end(self, state: JobState, **values: object) -> None:
        """Store how it ended, and forget what only the worker had to know."""
        self.state, self.ended_at, self.arguments, self.message = state, timezone.now(), {}, ""
        for name, value in values.items():
            setattr(self, name, value)
        names = ["state", "ended_at", "arguments", "message", *values]
        self.save(update_fields=names)
