"""The worker as a process: killed, stopped, and beside the server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command

from editorial.models import User
from jobs.kinds import KINDS, Kind, Result
from jobs.locks import is_worker_running
from jobs.models import Job, JobState
from jobs.running import MAX_ATTEMPTS
from jobs.starting import start_job
from jobs.worker import run_waiting_jobs
from sources.models import Publisher
from tests.live import Server, database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of job that is slow in the other process does the same at once in this one."""

    def run(progress: object, user: object) -> Result:
        Publisher.objects.create(name="Written by the slow job")
        return Result("Slept.")

    monkeypatch.setitem(KINDS, "slow", Kind("slow", "Slow", run, True, False))


@pytest.fixture
def work() -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a worker that has begun the slow job."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.slow_worker"],
            cwd=settings.ROOT,
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.05)


def test_a_job_whose_worker_is_killed_leaves_nothing_and_runs_again(
    work: Callable[[], subprocess.Popen[str]], editor: User
) -> None:
    job = start_job("slow", editor)
    process = work()
    assert is_worker_running()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1), "a second worker leaves it alone"
    process.kill()
    process.wait()
    until(lambda: not is_worker_running())
    assert not Publisher.objects.exists()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, "Slept.")
    assert Publisher.objects.count() == 1


def test_a_job_that_kills_its_worker_again_and_again_has_failed(
    work: Callable[[], subprocess.Popen[str]], editor: User
) -> None:
    job = start_job("slow", editor)
    for _ in range(MAX_ATTEMPTS):
        process = work()
        process.kill()
        process.wait()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, MAX_ATTEMPTS)
    assert "its memory was full" in job.error
    assert not Publisher.objects.exists()


def test_a_cancelled_job_whose_worker_is_killed_does_not_run_again(
    work: Callable[[], subprocess.Popen[str]], editor: User
) -> None:
    job = start_job("slow", editor)
    process = work()
    process.send_signal(signal.SIGSTOP)
    job.cancel()
    process.kill()
    process.wait()
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 1)


def test_a_worker_that_is_stopped_gives_its_job_back_at_once(
    work: Callable[[], subprocess.Popen[str]], editor: User
) -> None:
    job = start_job("slow", editor)
    process = work()
    process.terminate()
    assert process.wait(10) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert not Publisher.objects.exists()


def test_the_server_runs_a_worker_starts_it_again_and_stops_it() -> None:
    assert not is_worker_running()
    server = Server(MUSTER_WORKERS="1", MUSTER_JOBS="on")
    try:
        until(is_worker_running)
        (worker,) = find_workers(server)
        os.kill(worker, signal.SIGKILL)
        until(lambda: find_workers(server) not in ([], [worker]))
        until(is_worker_running)
        assert any("starting it again" in line for line in server.logged())
    finally:
        server.stop()
    until(lambda: not is_worker_running())


def test_a_worker_ends_with_a_server_that_is_killed() -> None:
    server = Server(MUSTER_WORKERS="1", MUSTER_JOBS="on")
    until(is_worker_running)
    server.process.kill()
    until(lambda: not is_worker_running())
    server.stop()


def find_workers(server: Server) -> list[int]:
    """Return the ids of the workers of jobs of a server."""
    command = ["ps", "-o", "pid=,args=", "--ppid", str(server.process.pid)]
    lines = subprocess.check_output(command, text=True).splitlines()
    return [int(line.split()[0]) for line in lines if "manage.py work" in line]


def test_the_command_runs_what_waits_once(editor: User) -> None:
    job = start_job("slow", editor)
    call_command("work", once=True)
    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.DONE
