"""The page that shows the table: the machine, the size, the date, and each ratio."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import django
import psutil
from django.conf import settings
from django.db import connection

from benchmarks.measuring import Line

_HEAD = (
    *("what", "ratio", "compared with", "target", "met"),
    *("a second", "p50 ms", "p99 ms", "CPU ms", "SQL ms", "note"),
)
INTRODUCTION = """\
# Benchmarks

Written by `manage.py benchmark`; `--help` explains it. All servers ran on the same machine and the
same database, in turn, and the load generator ran beside them. So **only ratios mean anything**:
compare them, not the milliseconds, with those of another machine.

- *ratio* is the quotient of the medians of all rounds. For lists of several clients it is that of
  requests a second, for one client that of the time of a request.
- *a second*: the requests of all clients together. *p50*, *p99*: the time of a request, as the
  client sees it.
- *CPU*: the time that the processes of the server used for a request, without the database.
- *SQL*: the time of the queries of one request, and their number; the fastest of five.

The peers are in `benchmarks/peers/`. Plain DRF and django-ninja read the working tables with all
parts of an incident prefetched; the bare view and FastAPI read the documents that publishing
stored.
"""


class Setting(NamedTuple):
    """Where and when it was measured."""

    incidents: int
    rounds: int
    seconds: float
    busy: float
    """The load of the machine before the first measurement."""

    def lines(self) -> Iterable[str]:
        """Yield lines of a list."""
        memory = psutil.virtual_memory().total / 2**30
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), current_setting('shared_buffers'), "
                "pg_size_pretty(pg_database_size(current_database()))"
            )
            version, buffers, size = cursor.fetchone()
        yield f"- {self.incidents:,} synthetic incidents, {size} with the working rows"
        yield f"- {self.rounds} rounds of {self.seconds:g} s for each contender"
        yield f"- {_read_processor()}, {os.cpu_count()} processors, {memory:.0f} GB of memory"
        yield f"- PostgreSQL {version}, shared_buffers {buffers}"
        yield f"- Python {platform.python_version()}, Django {django.get_version()}"
        yield f"- {datetime.now(UTC):%Y-%m-%d}, commit {_read_commit()}"
        if self.busy > 0.5:
            yield f"- the machine was busy with other work: load {self.busy:.1f} before the start"


def write(file: Path, setting: Setting, titles: Mapping[str, str], lines: list[Line]) -> None:
    """Write the page: a table for each group, under its title."""
    judged = [line.is_met for line in lines if line.is_met is not None]
    text = [INTRODUCTION, *setting.lines()]
    text += [f"- {judged.count(True)} of {len(judged)} targets are met", ""]
    for group in dict.fromkeys(line.group for line in lines):
        table = format_table([line for line in lines if line.group == group])
        text += [f"## {group}", "", titles[group], "", *table, ""]
    file.write_text("\n".join(text))


def format_table(lines: list[Line]) -> Iterable[str]:
    """Yield the lines of a Markdown table."""
    rows = [_HEAD, *(_make_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def _make_row(line: Line) -> tuple[str, ...]:
    sample = line.sample
    queries = f" ({line.queries})" if line.queries else ""
    return (
        line.what,
        "" if line.ratio is None else f"{line.ratio:.2f}",
        line.compared,
        str(line.target),
        {None: "", True: "yes", False: "**no**"}[line.is_met],
        _format(sample and sample.rate),
        _format(sample and sample.p50),
        _format(sample and sample.p99),
        _format(sample and sample.cpu),
        _format(line.sql) + queries,
        " ".join(line.note.replace("|", "/").split())[:120],
    )


def _format(number: float | None) -> str:
    if not number:
        return ""
    return f"{number:.1f}" if number < 100 else f"{number:,.0f}"


def _read_processor() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _read_commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            command, cwd=settings.ROOT, capture_output=True, text=True, check=False
        )
    except OSError:
        return f"version {settings.VERSION}"
    return done.stdout.strip() or f"version {settings.VERSION}"
