"""The jobs of the admin: what its own functions do, where that takes longer than a request may."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from api import exports
from api.releases import make_release
from curation import signing_in
from curation.models import Report, SavedForm
from editorial import workflow
from editorial.models import Submission, User
from editorial.redaction.validation import check_note
from jobs.kinds import Result, register
from jobs.models import Job
from jobs.progress import Progress
from publishing.models import Edition
from publishing.registry import record_types

LARGE_RELEASE = 2_000
"""The number of exported lines above which a release is made by a job."""
LARGE_SUBMISSION = 200
"""The number of texts above which a submission is approved and published by a job."""


def count_lines() -> int:
    """Return how many lines the exports of a release would have today."""
    seq = Edition.objects.newest_snapshot().seq
    return sum(
        type_.entry.objects.at(seq).count() * len(exports.formats(type_.serializer))
        for type_ in record_types().values()
    )


def is_large(submission: Submission) -> bool:
    """Return whether a submission is approved and published by a job."""
    return submission.items.count() > LARGE_SUBMISSION


@register("make_release", gettext_lazy("make a release"))
def make_release_job(progress: Progress, user: User, *, name: str, note: str) -> Result:
    """Make a release, as `manage.py release` does."""
    user.require_reviewer()
    progress.start(gettext("Reading every export once, for its checksum"), count_lines())
    release = make_release(name, note, check_note, progress.step)
    number = sum(export["count"] for export in release.exports.values())
    text = gettext("Release %(name)s with %(number)s documents.")
    link = (release.name, reverse("admin:publishing_release_change", args=[release.pk]))
    return Result(text % {"name": release.name, "number": f"{number:,}"}, [link])


@register("approve_and_publish", gettext_lazy("approve and publish a submission"))
def approve_and_publish_job(
    progress: Progress, user: User, *, submission: int, uncited_reason: str
) -> Result:
    """Approve a submission and publish it at once."""
    row = _find(Submission.objects.all(), submission)
    progress.start(gettext("Checking the texts"))
    workflow.approve(row, user, uncited_reason)
    return _publish(progress, user, row)


@register("publish", gettext_lazy("publish a submission"))
def publish_job(progress: Progress, user: User, *, submission: int) -> Result:
    """Publish an approved submission."""
    return _publish(progress, user, _find(Submission.objects.all(), submission))


@register("delete_expired", gettext_lazy("delete what has expired"), daily=True)
def delete_expired_job(progress: Progress, user: User | None) -> Result:
    """Delete old reports, saved forms, sign-ins, sessions and jobs."""
    progress.start(gettext("Deleting what has expired"))
    number = sum(model.objects.delete_expired() for model in (Report, SavedForm, Job))
    signing_in.delete_expired()
    text = gettext("Deleted %(number)s reports, saved forms and jobs, and old sign-ins.")
    return Result(text % {"number": f"{number:,}"})


def _find(submissions: QuerySet[Submission], key: int) -> Submission:
    row = submissions.filter(pk=key).first()
    if row is None:
        raise ValidationError(gettext("This submission does not exist any more."))
    return row


def _publish(progress: Progress, user: User, submission: Submission) -> Result:
    number = submission.items.count()
    progress.start(gettext("Publishing %(number)s texts, all or none") % {"number": f"{number:,}"})
    workflow.publish(submission, user)
    link = (
        gettext("submission %(number)s") % {"number": submission.pk},
        reverse("admin:editorial_submission_change", args=[submission.pk]),
    )
    return Result(gettext("Published %(number)s texts.") % {"number": f"{number:,}"}, [link])
