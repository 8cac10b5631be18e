"""The measurements that write: renames and imports, in a copy of the database."""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from typing import Any, NamedTuple

import psutil
from django.conf import settings

from actors.models import Actor
from benchmarks.databases import read_url
from benchmarks.load import LoadError, Sample
from benchmarks.measurements import Measurement
from benchmarks.measuring import Bench, Line, Target
from benchmarks.requests import LIST, Cast
from benchmarks.servers import MUSTER
from editorial import workflow
from editorial.models import User
from editorial.permissions import EDITOR, REVIEWER
from exchange.synthetic.names import name_group
from exchange.synthetic.places import COUNTRIES
from exchange.ucdp.countries import ISO
from exchange.ucdp.ged import COLUMNS

QUOTING_A_SECOND, NEW_A_SECOND, KNOWN_A_SECOND = 100_000 / 60, 2_000, 15_000
INGEST_MEMORY = 400
"""Megabytes."""


def measure_rename(bench: Bench, cast: Cast) -> None:
    """The rename of an actor that many documents reference, several times, while others read."""
    renames = 5 if bench.incidents >= 100_000 else 2
    before = _sample(bench)
    times, during = [], list[Sample]()
    with bench.progress.phase("rename the busiest actor", renames) as step:
        for number in range(renames):
            with _reading(bench, during):
                times.append(_rename(cast, number))
            step()
    after = _sample(bench)
    rate = cast.quoting * len(times) / sum(times)
    line = Line("rename", "documents a second", rate / QUOTING_A_SECOND, "1,667 a second")
    note = f"{cast.quoting:,} documents in {max(times):.1f} s"
    bench.lines.append(line._replace(target=Target(at_least=1), note=note))
    base = "the list before"
    if during:
        slowest = max(sample.p50 for sample in during)
        line = Line("rename", "the list meanwhile", slowest / before.p50, base)
        bench.lines.append(line._replace(note="the slowest half second"))
    line = Line("rename", f"the list after {renames}", after.p50 / before.p50, base)
    bench.lines.append(line._replace(target=Target(at_most=1.3), sample=after))


def _sample(bench: Bench) -> Sample:
    samples, failed = bench.compare("the list", {"list": bench.get(LIST)})
    if failed:
        raise LoadError(failed["list"])
    return samples["list"]


class _reading:
    """Readers of the list, as long as the context lasts."""

    def __init__(self, bench: Bench, samples: list[Sample]) -> None:
        self.bench, self.samples, self.done = bench, samples, Event()
        self.thread = Thread(target=self._read)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _read(self) -> None:
        while not self.done.is_set():
            self.samples.append(self.bench.servers.send_alone(MUSTER, LIST, 0.5))


def _rename(cast: Cast, number: int) -> float:
    """Rename the busiest actor, as editors do; return the seconds from submission to the end."""
    editor, reviewer = (User.objects.get(username=name) for name in (EDITOR, REVIEWER))
    actor = Actor.objects.get(public_id=cast.busiest)
    actor.name = f"Name number {number} (synthetic)"
    actor.save()
    started = perf_counter()
    submission = workflow.submit(actor, editor, "Synthetic rename.")
    workflow.approve(submission, reviewer)
    workflow.publish(submission, reviewer)
    return perf_counter() - started


def measure_ingest(bench: Bench, cast: Cast) -> None:
    """An import of UCDP events, published at once, and the same import again."""
    rows = max(100, min(100_000, bench.incidents // 10))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "GEDEvent_v24_1.csv"
        with file.open("w", newline="") as written:
            writer = csv.DictWriter(written, [*COLUMNS, "dyad_new_id", "conflict_new_id"])
            writer.writeheader()
            writer.writerows(_make_events(rows))
        with bench.progress.phase("ingest twice", 2 * rows) as step:
            first = _ingest(file)
            step(rows)
            second = _ingest(file)
            step(rows)
    for what, run, target in (
        ("new rows a second", first, NEW_A_SECOND),
        ("the same rows again, a second", second, KNOWN_A_SECOND),
    ):
        line = Line("ingest", what, rows / run.seconds / target, f"{target:,} a second")
        note = f"{rows:,} rows in {run.seconds:.1f} s, with the start of the command"
        bench.lines.append(line._replace(target=Target(at_least=1), note=note))
    memory = Line("ingest", "memory", first.memory / INGEST_MEMORY, f"{INGEST_MEMORY} MB")
    note = f"{first.memory:.0f} MB for {rows:,} rows"
    bench.lines.append(memory._replace(target=Target(at_most=1), note=note))


class _Run(NamedTuple):
    """What a run of a command took."""

    seconds: float
    memory: float
    """The most megabytes."""


def _ingest(file: Path) -> _Run:
    """Import and publish a file in a process of its own. Raises LoadError."""
    four_eyes = ["--submit-as", EDITOR, "--approve-as", REVIEWER]
    command = [sys.executable, "manage.py", "ingest", "ucdp-ged", str(file), *four_eyes]
    environment = os.environ | {"DATABASE_URL": read_url()}
    started, memory = perf_counter(), 0.0
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
            command, cwd=settings.ROOT, env=environment, stdout=log, stderr=log
        )
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                memory = max(memory, watched.memory_info().rss / 1e6)
                process.wait(0.2)
            except (psutil.Error, subprocess.TimeoutExpired):
                continue
        took = perf_counter() - started
        log.seek(0)
        if process.returncode:
            raise LoadError(f"ingest failed: {log.read()[-600:]}")
    return _Run(took, memory)


def _make_events(number: int) -> Iterator[dict[str, Any]]:
    """Yield rows of UCDP's events dataset, between two hundred groups."""
    random = Random(1)  # noqa: S311
    groups = {1000 + key: name_group(random, key).english for key in range(200)}
    numbers = [key for key, code in ISO.items() if code in COUNTRIES]
    for key in range(number):
        a, b = random.sample(list(groups), 2)
        start = date(2010, 1, 1) + timedelta(days=random.randrange(5000))
        deaths = random.randint(0, 20)
        yield {
            "id": key + 1,
            "type_of_violence": random.choice((1, 2)),
            "side_a_new_id": a,
            "side_a": groups[a],
            "side_b_new_id": b,
            "side_b": groups[b],
            "where_prec": random.choice((1, 4, 6)),
            "where_coordinates": f"Synthetic village {key % 5000}",
            "adm_1": "",
            "latitude": "",
            "longitude": "",
            "country_id": random.choice(numbers),
            "event_clarity": random.choice((1, 2)),
            "date_prec": 1,
            "date_start": f"{start} 00:00:00.000",
            "date_end": f"{start} 00:00:00.000",
            "deaths_a": deaths,
            "deaths_b": 0,
            "deaths_civilians": 0,
            "deaths_unknown": 0,
            "low": deaths,
            "best": deaths,
            "high": deaths,
            "dyad_new_id": 10_000 + a * 7 + b,
            "conflict_new_id": 20_000 + a,
        }


WRITING: dict[str, Measurement] = {"rename": measure_rename, "ingest": measure_ingest}
"""The measurements that write, by the words of `--only`."""
