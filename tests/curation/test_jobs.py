"""The jobs of the admin: who sees them, what they do, and what a redaction leaves of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor
from curation import jobs
from curation.models import Report, SavedForm
from editorial.models import User
from editorial.models.submission import State
from editorial.redaction.redact import redact
from editorial.workflow import submit
from jobs.models import Job, JobState
from jobs.running import run
from jobs.starting import start_job
from jobs.worker import run_waiting_jobs, start_daily_jobs
from publishing.models import Release
from tests.cast import UNCITED
from tests.curation.admin_client import AdminClient, address

pytestmark = pytest.mark.django_db


def finish(job: Job) -> Job:
    """Run what waits, and return the job as it is then."""
    run_waiting_jobs()
    job.refresh_from_db()
    return job


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a job do what is done at once while it is small."""
    monkeypatch.setattr(jobs, "LARGE_RELEASE", 0)
    monkeypatch.setattr(jobs, "LARGE_SUBMISSION", 0)


def test_a_small_release_is_made_at_once(
    kataib: Actor, publish: Any, reviewer_client: AdminClient
) -> None:
    publish(kataib)
    sent = reviewer_client.fields(address(Release, "add")) | {"name": "2026-q1"}
    reviewer_client.post(address(Release, "add"), sent)
    assert Release.objects.get().name == "2026-q1"
    assert not Job.objects.exists()


def test_a_large_release_is_made_by_one_job_with_a_page(
    kataib: Actor,
    publish: Any,
    reviewer_client: AdminClient,
    editor_client: AdminClient,
    everything_is_large: None,
) -> None:
    publish(kataib)
    sent = reviewer_client.fields(address(Release, "add")) | {"name": "2026-q1"}
    answers = [reviewer_client.post(address(Release, "add"), sent) for _ in range(2)]
    job = Job.objects.get()
    assert [answer["Location"] for answer in answers] == [job.get_absolute_url()] * 2
    assert not Release.objects.exists()
    page = reviewer_client.get(address(job)).content.decode()
    assert "data-poll" in page
    assert "release 2026-q1" in page
    assert editor_client.get(address(job)).status_code == 302, "it is somebody else's"
    assert finish(job).state == JobState.DONE
    release = Release.objects.get()
    page = reviewer_client.get(address(job)).content.decode()
    assert "data-poll" not in page
    assert f"Release 2026-q1 with {sum(e['count'] for e in release.exports.values())} doc" in page
    assert f'href="{address(release)}"' in page


def test_a_release_whose_name_is_taken_meanwhile_fails_in_words(
    kataib: Actor, publish: Any, reviewer: User
) -> None:
    publish(kataib)
    both = [start_job("make_release", reviewer, name="2026", note="") for _ in range(2)]
    run_waiting_jobs()
    for job in both:
        job.refresh_from_db()
    assert [job.state for job in both] == [JobState.DONE, JobState.FAILED]
    assert "exists already" in both[1].error
    assert Release.objects.count() == 1


def test_a_large_submission_is_published_by_a_job(
    kataib: Actor,
    editor: User,
    editor_client: AdminClient,
    reviewer_client: AdminClient,
    everything_is_large: None,
) -> None:
    submission = submit(kataib, editor)
    editor_client.do(submission, "approve_and_publish")
    assert not Job.objects.exists(), "nobody approves what they submitted"
    page = reviewer_client.do(submission, "approve_and_publish", UNCITED)
    job = Job.objects.get()
    assert page.redirect_chain == [(job.get_absolute_url(), 302)]
    assert job.arguments["uncited_reason"] == UNCITED
    assert finish(job).state == JobState.DONE, job.error
    submission.refresh_from_db()
    assert submission.state == State.PUBLISHED
    assert job.result == "Published 1 texts."


def test_a_job_does_not_approve_what_its_starter_may_not(kataib: Actor, editor: User) -> None:
    submission = submit(kataib, editor)
    arguments = {"submission": submission.pk, "uncited_reason": UNCITED}
    job = finish(start_job("approve_and_publish", editor, **arguments))
    assert (job.state, job.error) == (JobState.FAILED, "Only a reviewer can approve it.")
    submission.refresh_from_db()
    assert submission.state == State.PENDING


def test_a_person_cancels_their_own_job_and_sees_no_other(
    editor: User, reviewer: User, editor_client: AdminClient, reviewer_client: AdminClient
) -> None:
    own = start_job("delete_expired", editor, "mine")
    other = start_job("delete_expired", reviewer, "of a reviewer")
    page = editor_client.get(address(Job, "changelist")).content.decode()
    assert "mine" in page
    assert "of a reviewer" not in page
    editor_client.do(other, "cancel")
    editor_client.do(own, "cancel")
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, other.state) == (JobState.CANCELLED, JobState.WAITING)
    reviewer_page = reviewer_client.get(address(Job, "changelist")).content.decode()
    assert "mine" in reviewer_page
    assert reviewer_client.get(address(own)).status_code == 200
    assert editor_client.post(address(own, "delete")).status_code == 403
    assert editor_client.get(address(other, "history")).status_code == 302
    assert Job.objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_jobs(
    editor: User, editor_client: AdminClient
) -> None:
    numbers = []
    for _ in range(2):
        for number in range(5):
            job = start_job("delete_expired", editor, f"number {number}")
        for page in (address(Job, "changelist"), address(job)):
            with CaptureQueriesContext(connection) as queries:
                editor_client.get(page)
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 12


def test_the_home_page_warns_if_jobs_wait_and_no_worker_runs(
    editor: User, editor_client: AdminClient
) -> None:
    job = start_job("delete_expired", editor)
    home = reverse("admin:index")
    assert b"no worker runs" not in editor_client.get(home).content
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert b"no worker runs" in editor_client.get(home).content
    assert "No worker runs" in editor_client.get(address(job)).content.decode()
    finish(job)
    assert b"no worker runs" not in editor_client.get(home).content


def test_what_has_expired_is_deleted_once_a_day(editor: User) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    handled = {"handled_at": long_ago, "handled_by": editor, "answer": "Done."}
    Report.objects.create(text="Old", **handled)
    Report.objects.create(text="Open")
    SavedForm.objects.create(token="0" * 32, digest="", object_id="1")
    SavedForm.objects.update(saved_at=long_ago)
    old = start_job("delete_expired", editor)
    finish(old)
    Job.objects.update(ended_at=long_ago, created_at=long_ago)
    start_daily_jobs()
    start_daily_jobs()
    run_waiting_jobs()
    job = Job.objects.get()
    assert (job.started_by, job.state) == (None, JobState.DONE), job.error
    assert [report.text for report in Report.objects.all()] == ["Open"]
    assert not SavedForm.objects.exists()


def test_a_redaction_cleans_jobs_and_deletes_those_about_a_record(
    kataib: Actor, editor: User, reviewer: User
) -> None:
    kataib.description = "Led by Zaynab Example."
    kataib.save()
    done, waiting = (start_job("delete_expired", editor) for _ in range(2))
    about = start_job("delete_expired", editor, "Kataib", record=kataib.public_id)
    Job.objects.filter(pk=done.pk).update(
        subject="About Zaynab Example",
        message="zaynab example",
        error="No ZAYNAB EXAMPLE",
        result="Met Zaynab Example.",
        links=[["Zaynab Example", "/admin/"]],
    )
    Job.objects.filter(pk=waiting.pk).update(arguments={"note": ["by Zaynab Example"]})
    redact(kataib, reviewer, "Privacy.", values=["Zaynab Example"])
    rows = str(list(Job.objects.values()))
    assert "zaynab" not in rows.lower()
    assert rows.count("[redacted]") == 6
    redact(kataib, reviewer, "Privacy.", whole=True)
    assert not Job.objects.filter(pk=about.pk).exists()
    run.func(about.pk)
    finish(done)


def test_a_result_that_a_redaction_overtakes_is_not_kept(
    kataib: Actor, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobs.kinds import KINDS, Kind, Result

    def quote(progress: object, user: User) -> Result:
        text = kataib.description
        redact(kataib, user, "Privacy.", values=["Zaynab Example"])
        return Result(text, [(text, "/admin/")])

    kataib.description = "Led by Zaynab Example."
    kataib.save()
    monkeypatch.setitem(KINDS, "quote", Kind("quote", "Quote", quote, True, False))
    job = finish(start_job("quote", reviewer))
    assert job.state == JobState.DONE
    assert job.result.startswith("Something was redacted meanwhile")
    assert job.links == []
