"""Jobs: what a worker does with them, with a real worker in this process."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django_tasks_db.models import DBTaskResult

from editorial.models import User
from jobs import running
from jobs.kinds import KINDS, Result, register
from jobs.locks import lock_job
from jobs.models import Job, JobState
from jobs.progress import Progress
from jobs.starting import start_job
from jobs.worker import run_waiting_jobs
from sources.models import Publisher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Forget the kinds that a test registers."""
    known = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(known)


def finish(job: Job) -> Job:
    """Run what waits, and return the job as it is then."""
    run_waiting_jobs()
    job.refresh_from_db()
    return job


def test_a_job_calls_its_function_once_with_its_arguments(editor: User) -> None:
    calls: list[Any] = []

    @register("count", "Count")
    def count(progress: Progress, user: User | None, *, to: int) -> Result:
        calls.append((user, to))
        return Result(f"Counted to {to}.", [("the list", "/admin/")])

    job = start_job("count", editor, "to five", to=5)
    assert (job.state, job.arguments, calls) == (JobState.WAITING, {"to": 5}, [])
    finish(job)
    run_waiting_jobs()
    assert calls == [(editor, 5)]
    assert (job.state, job.subject, job.result) == (JobState.DONE, "to five", "Counted to 5.")
    assert job.links == [["the list", "/admin/"]]
    assert job.arguments == {}, "what only the worker needed is forgotten"
    assert job.started_at
    assert job.ended_at
    assert not DBTaskResult.objects.exists(), "the queue is empty"


def test_jobs_run_in_the_order_in_which_they_were_started(editor: User) -> None:
    calls: list[int] = []

    @register("note", "Note")
    def note(progress: Progress, user: User | None, *, number: int) -> Result:
        calls.append(number)
        return Result("")

    for number in range(3):
        start_job("note", editor, number=number)
    run_waiting_jobs()
    assert calls == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValidationError(["The name is taken.", "Choose another."]), "The name is taken.\nChoose"),
        (PermissionDenied("Only reviewers may do this."), "Only reviewers may do this."),
        (PermissionDenied(), "The person who started it may not do this."),
        (ZeroDivisionError("secret 17"), "ZeroDivisionError. Nothing of it is left."),
    ],
)
def test_a_job_that_fails_leaves_nothing_and_says_why(
    error: Exception, words: str, editor: User, caplog: pytest.LogCaptureFixture
) -> None:
    @register("fail", "Fail")
    def fail(progress: Progress, user: User | None) -> Result:
        Publisher.objects.create(name="Left over")
        raise error

    job = finish(start_job("fail", editor))
    assert job.state == JobState.FAILED
    assert job.error.startswith(words)
    assert "secret" not in job.error
    assert not Publisher.objects.exists()
    assert Job.objects.count() == 1, "it is not tried again"


def test_an_unknown_kind_and_a_former_colleague_are_refused(editor: User) -> None:
    @register("gone", "Gone")
    def gone(progress: Progress, user: User | None) -> Result:
        return Result("")

    unknown, former = start_job("gone", None), start_job("gone", editor)
    Job.objects.filter(pk=unknown.pk).update(kind="of_another_version")
    editor.is_active = False
    editor.save()
    assert "does not know" in finish(unknown).error
    assert "not active" in finish(former).error
    with pytest.raises(KeyError):
        start_job("missing", editor)


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_never(editor: User) -> None:
    @register("wait", "Wait")
    def wait(progress: Progress, user: User | None) -> Result:
        return Result("Done.")

    job = start_job("wait", editor)
    assert job.cancel() == "Cancelled: it had not begun."
    assert finish(job).state == JobState.CANCELLED
    assert not job.result
    with pytest.raises(ValidationError, match="ended already"):
        job.cancel()


@pytest.mark.django_db(transaction=True)
def test_a_running_job_shows_its_progress_and_is_cancelled_at_its_next_step(editor: User) -> None:
    states: list[Any] = []

    @register("long", "Long")
    def long(progress: Progress, user: User | None) -> Result:
        Publisher.objects.create(name="Left over")
        progress.start("Making something", 10)
        progress.step(4)
        progress.report()
        own = Job.objects.get()
        states.append((own.state, own.done, own.total, own.message))
        assert own.cancel() == "The worker stops it at its next step."
        return Result("It is too late.")

    job = finish(start_job("long", editor))
    assert states == [("running", 4, 10, "Making something")]
    assert job.state == JobState.CANCELLED, "also if it is asked for after the last step"
    assert (job.result, job.message) == ("", "")
    assert not Publisher.objects.exists()


def test_a_job_does_not_run_twice_at_once(editor: User) -> None:
    @register("one", "One")
    def one(progress: Progress, user: User | None) -> Result:
        return Result("Done.")

    job = start_job("one", editor)
    with lock_job(job.pk) as link:
        assert link is not None
        with lock_job(job.pk) as second:
            assert second is None
        assert finish(job).state == JobState.WAITING
    assert finish(job).state == JobState.DONE, "it is found again"


def test_a_worker_that_has_to_stop_gives_the_job_back(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    @register("stop", "Stop")
    def stop(progress: Progress, user: User | None) -> Result:
        if running.stopping is False:
            monkeypatch.setattr(running, "stopping", True)
            progress.start("Working")
        return Result("Done.")

    job = finish(start_job("stop", editor))
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    run_waiting_jobs()
    assert Job.objects.get().state == JobState.WAITING, "a worker that stops begins nothing"
    monkeypatch.setattr(running, "stopping", False)
    monkeypatch.setitem(
        KINDS, "stop", KINDS["stop"].__class__("stop", "Stop", lambda *_: Result(""), True, False)
    )
    assert finish(job).state == JobState.DONE


def test_what_a_job_changes_is_audited_under_the_name_of_the_person(editor: User) -> None:
    @register("write", "Write")
    def write(progress: Progress, user: User | None) -> Result:
        Publisher.objects.create(name="A paper")
        return Result("")

    job = finish(start_job("write", editor))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.metadata FROM sources_publisherevent e JOIN pghistory_context c "
            "ON c.id = e.pgh_context_id"
        )
        assert f'"user": {editor.pk}' in cursor.fetchone()[0]
    assert job.state == JobState.DONE
