"""How measurements are taken: interleaved rounds, ratios of medians, and the SQL of a request."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import mean, median
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.load import LoadError, Sample
from benchmarks.servers import MUSTER, Servers
from publishing.commands import Progress

Contender = Callable[[], Sample]
"""A function that measures something once."""


_ports = count(1)


class Target(NamedTuple):
    """The limits that a measurement is to keep: of the ratio, or milliseconds."""

    at_least: float | None = None
    at_most: float | None = None
    sql: float | None = None
    cpu: float | None = None
    time: float | None = None

    def __str__(self) -> str:
        limits = (
            ("at least {:g}", self.at_least),
            ("at most {:g}", self.at_most),
            ("SQL {:g} ms", self.sql),
            ("CPU {:g} ms", self.cpu),
            ("{:g} ms", self.time),
        )
        return ", ".join(text.format(limit) for text, limit in limits if limit is not None)


class Line(NamedTuple):
    """A line of the table: a measurement in comparison with another one."""

    group: str
    what: str
    ratio: float | None
    """None if it could not be measured, for the reason in `note`."""
    compared: str
    """What it is compared with."""
    target: Target = Target()
    sample: Sample | None = None
    sql: float | None = None
    """The milliseconds of the queries of one request."""
    queries: int | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None if there is none, or no measurement."""
        if self.ratio is None or self.target == Target():
            return None
        target, sql, sample = self.target, self.sql, self.sample
        return (
            (target.at_least is None or self.ratio >= target.at_least)
            and (target.at_most is None or self.ratio <= target.at_most)
            and (target.sql is None or (sql is not None and sql <= target.sql))
            and (target.cpu is None or (sample is not None and sample.cpu <= target.cpu))
            and (target.time is None or (sample is not None and sample.p50 <= target.time))
        )


class Queries(NamedTuple):
    """The queries of one request."""

    milliseconds: float
    cpu: float
    """The milliseconds of a processor that this process used, without the database."""
    statements: list[tuple[str, float]]
    """Each statement, with its parameters inserted, and its milliseconds."""

    @property
    def slowest(self) -> str:
        """The query that takes the longest."""
        queries = [each for each in self.statements if each[0].startswith(("SELECT", "WITH"))]
        return max(queries, key=lambda each: each[1])[0]


class Bench:
    """The servers that run, the number and length of the rounds, and the lines so far."""

    def __init__(
        self,
        servers: Servers,
        rounds: int,
        seconds: float,
        incidents: int,
        progress: Progress,
    ) -> None:
        self.servers, self.rounds, self.seconds = servers, rounds, seconds
        self.incidents, self.progress = incidents, progress
        self.lines: list[Line] = []
        self.plans: dict[str, str] = {}

    def compare(
        self, name: str, contenders: dict[str, Contender]
    ) -> tuple[dict[str, Sample], dict[str, str]]:
        """Measure contenders in turn, round by round: the medians, and what failed and why."""
        samples: dict[str, list[Sample]] = {each: [] for each in contenders}
        failed: dict[str, str] = {}
        with self.progress.phase(f"measure {name}", self.rounds * len(contenders)) as step:
            for _ in range(self.rounds):
                for each, measure in contenders.items():
                    if each not in failed:
                        try:
                            samples[each].append(measure())
                        except LoadError as error:
                            failed[each] = str(error)[:300]
                    step()
        return {
            # The clock of processors is coarse, so their mean says more than their median.
            each: Sample(*map(median, zip(*taken, strict=True)))._replace(
                cpu=mean(sample.cpu for sample in taken)
            )
            for each, taken in samples.items()
            if taken and each not in failed
        }, failed

    def get(self, path: str) -> Contender:
        """Return what measures one request to this server, repeated by one client."""
        return lambda: self.servers.send(MUSTER, [path], 1, self.seconds)

    def add_plan(self, name: str, queries: Queries) -> None:
        """Explain the slowest query of a request."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {queries.slowest}")
            self.plans[name] = "\n".join(line for (line,) in cursor.fetchall())


def run_queries(path: str, user: Any = None, repeat: int = 5) -> Queries:
    """Answer a request in this process, some times, and return the fastest; other work slows it.

    Raises LoadError.
    """
    client = Client()
    if user:
        client.force_login(user)
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '32MB'")  # as in the server
    runs = []
    for _ in range(repeat):
        with _recorded() as statements:
            started = time.process_time()
            host = f"localhost:{next(_ports)}"  # another one, so that no answer was kept
            answer = client.get(path, headers={"host": host}, secure=settings.HTTPS)
            if answer.status_code != 200:
                raise LoadError(f"{path} was answered with {answer.status_code}")
            used = 1000 * (time.process_time() - started)
        runs.append(Queries(sum(took for _, took in statements), used, statements))
    return min(runs)._replace(cpu=min(run.cpu for run in runs))


@contextmanager
def _recorded() -> Iterator[list[tuple[str, float]]]:
    """Yield a list that gets each statement, with its parameters inserted, and how long it took."""
    statements: list[tuple[str, float]] = []

    def record(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = 1000 * (time.perf_counter() - started)
            cursor = context["cursor"]
            text = connection.ops.last_executed_query(cursor.cursor, sql, params)
            statements.append((str(text), took))

    with connection.execute_wrapper(record):
        yield statements
