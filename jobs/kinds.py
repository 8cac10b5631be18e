"""The kinds of jobs: which function a worker calls for each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from django.utils.functional import Promise

from editorial.models import User
from jobs.progress import Progress


@dataclass(frozen=True)
class Result:
    """What a job did: a text for people, and pages to look at."""

    text: str
    links: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a label and a path on this server."""


class JobFunction(Protocol):
    """A function that does a job, with the arguments that `start_job` was given."""

    def __call__(self, progress: Progress, user: User | None, **arguments: object) -> Result: ...


_Function = TypeVar("_Function", bound=Callable[..., Result])


@dataclass(frozen=True)
class Kind:
    """A kind of job."""

    name: str
    label: str | Promise
    run: Callable[..., Result]
    one_transaction: bool
    daily: bool


KINDS: dict[str, Kind] = {}
"""All kinds by their names. The file `jobs.py` of each app registers its own."""


def register(
    name: str, label: str | Promise, *, one_transaction: bool = True, daily: bool = False
) -> Callable[[_Function], _Function]:
    """Return a decorator that makes a function a kind of job.

    The function is called with a `Progress`, the user who started the job (None if the server did)
    and the arguments of `start_job` by name; it returns a `Result`. It calls functions of the admin
    and nothing else, so that a job can do no more than the person who started it. Raise
    ValidationError or PermissionDenied to refuse: the page of the job shows the message.

    A job runs in one transaction, in which its end is stored too: if the worker is killed, all of
    it is undone, and it runs again. With `one_transaction=False`, the function commits what it has
    done by itself, and has to continue there when it is called again. A `daily` job is started by
    the worker, once a day, without arguments.
    """

    def add(function: _Function) -> _Function:
        assert name not in KINDS, f"There are two kinds of jobs called {name}."
        KINDS[name] = Kind(name, label, function, one_transaction, daily)
        return function

    return add
