"""`manage.py benchmark`: measure this server beside others, on the same data."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from benchmarks import databases, report
from benchmarks.load import LoadError
from benchmarks.measurements import READING, Measurement
from benchmarks.measuring import Bench, Line
from benchmarks.requests import API, Cast, draw_variants
from benchmarks.servers import (
    COMMANDS,
    DRF,
    FASTAPI,
    INSTALL,
    MUSTER,
    NGINX,
    NINJA,
    list_missing,
    started,
)
from benchmarks.writes import WRITING
from config import postgres
from publishing import commands

WORDS: dict[str, Measurement] = {**READING, **WRITING}
PAGE = "docs/benchmarks.md"
TITLES = {word: " ".join((measure.__doc__ or "").split()) for word, measure in WORDS.items()}
_WORDS_HELP = "\n".join(f"  {word:12} {title}" for word, title in TITLES.items())
HELP = f"""\
Measure this server beside plain Django REST framework, django-ninja, FastAPI with asyncpg, pgbench
and psql's COPY, on the same data, and write {PAGE}.

  manage.py benchmark --incidents 10000            a quick look, in about a minute
  manage.py benchmark --incidents 1000000          for the record, in an hour or two
  manage.py benchmark --incidents 10000 --only list,rollup --output /tmp/page

The first run makes a database with that number of synthetic incidents, beside the one of this
installation and on its server; it takes about a minute for each 30,000. It is kept for the next
run, until one with --drop. Renames and imports are measured in a copy, which is dropped.

The clients run on the same processors as the servers, so only the ratios of one run mean anything.
Contenders are measured in turn, round by round, and a ratio is that of the medians. Close other
programs, and take more --rounds if a ratio differs from run to run.

django-ninja, FastAPI and nginx are left out where they are not installed:

  {INSTALL}
  apt install nginx-light

Measurements for --only:
{_WORDS_HELP}
"""


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("use a whole number, 1 or more")
    return int(text)


def _words(text: str) -> list[str]:
    words = text.split(",")
    if unknown := [word for word in words if word not in WORDS]:
        raise ArgumentTypeError(f"{unknown[0]} is none of: {', '.join(WORDS)}")
    return words


class Command(commands.Command):
    """Measure, print the table and write the page."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--incidents", type=_number, required=True, metavar="N")
        parser.add_argument("--only", type=_words, default=list(WORDS), metavar="WORD,WORD")
        parser.add_argument("--rounds", type=_number, default=5, metavar="R", help="default: 5")
        parser.add_argument(
            "--seconds",
            type=float,
            metavar="S",
            help="of a round (default: 0.2, or 2 for a million)",
        )
        parser.add_argument(
            "--output", type=Path, default=settings.ROOT / PAGE, metavar="FILE", help=PAGE
        )
        parser.add_argument("--plans", action="store_true", help="print the plans of the queries")
        parser.add_argument("--drop", action="store_true", help="drop the database in the end")

    def handle(
        self,
        *,
        incidents: int,
        only: list[str],
        rounds: int,
        seconds: float | None,
        output: Path,
        plans: bool,
        drop: bool,
        **options: Any,
    ) -> None:
        if missing := list_missing():
            self.stdout.write(f"Not installed, see --help: {', '.join(missing)}")
        seconds = seconds or min(2, max(0.2, incidents / 500_000))
        name = ""
        try:
            with databases.running_server():
                with databases.synthetic(incidents, self.progress) as name:
                    setting = report.Setting(incidents, rounds, seconds, os.getloadavg()[0])
                    lines, explained = self._measure(setting, only)
                    report.write(output, setting, TITLES, lines)
                if drop:
                    databases.drop(name)
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None
        except LoadError as error:
            raise CommandError(f"It was not measured to the end: {error}") from None
        for title, plan in explained.items() if plans else ():
            self.stdout.write(f"\n{title}\n{plan}")
        self.stdout.write("\n".join(["", *report.format_table(lines)]))
        self.stdout.write(f"Written: {output}")
        if not drop:
            self.stdout.write(f"The database {name} is kept for the next run; --drop removes it.")

    def _measure(
        self, setting: report.Setting, only: list[str]
    ) -> tuple[list[Line], dict[str, str]]:
        """Return the lines of the table, and the plans of the queries."""
        lines, plans = list[Line](), dict[str, str]()
        reading, writing = [w for w in only if w in READING], [w for w in only if w in WRITING]
        query = draw_variants(1, 0)[0].query
        first = {
            MUSTER: f"{API}/incidents?{query}",
            DRF: f"/incidents?{query}",
            NINJA: f"/incidents?{query}",
            FASTAPI: f"/incidents?{query}",
            NGINX: f"{API}/incidents?{query}",
        }
        peers = [peer for peer in (*COMMANDS, NGINX) if peer not in list_missing()]
        needed = peers if {"list", "memory"} & {*reading} else [MUSTER]
        for words, names in ((reading, needed), (writing, [MUSTER])):
            if words:
                database = databases.copied() if words is writing else nullcontext()
                with database, started(names, first) as servers:
                    bench = Bench(
                        servers, setting.rounds, setting.seconds, setting.incidents, self.progress
                    )
                    cast = Cast()
                    for word in words:
                        WORDS[word](bench, cast)
                    lines += bench.lines
                    plans |= bench.plans
        return lines, plans
