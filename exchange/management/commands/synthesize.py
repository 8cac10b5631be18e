"""`manage.py synthesize`: a large public record of nothing that ever happened."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from exchange.synthetic.writing import NotEmptyError, write_synthetic
from publishing import commands, index
from publishing.models import Edition
from publishing.registry import record_types

HELP = """\
Write synthetic data: so many incidents that never happened, with actors busy and rare, umbrellas
of sixty members, ties over time, corrections, withdrawals, doubtful dates and names in four
scripts, to see what a question costs in a large database. Every name and title says that it is
synthetic, and every row cites “Synthetic data”.

  manage.py synthesize --incidents 100000           a hundred thousand incidents
  manage.py synthesize --incidents 1000000 --jobs 4 a million, made by four processes
  manage.py synthesize --incidents 1000 --seed 2    others than those of seed 1

It writes public documents and what they are found by, as publishing them would, and no working
rows: the admin shows none of it. The same number and seed give the same documents. All or nothing:
a run that is killed has written nothing. A million takes minutes and some 12 GB.

What is public is never deleted, so it refuses a database that holds any record. Make one that you
can throw away, with a data folder of its own, and remove that folder when you are done:

  MUSTER_DATA=scratch manage.py postgres start
  MUSTER_DATA=scratch manage.py migrate
  MUSTER_DATA=scratch manage.py synthesize --incidents 100000
  MUSTER_DATA=scratch manage.py postgres stop
"""


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("give a whole number, 1 or more")
    return int(text)


class Command(commands.Command):
    """Write synthetic data."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--incidents", type=_number, required=True, metavar="N", help="how many"
        )
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another number, other data (1)"
        )
        parser.add_argument(
            "--jobs",
            type=_number,
            default=os.cpu_count() or 1,
            metavar="J",
            help="how many processes make the documents (one for each processor)",
        )

    def handle(self, *, incidents: int, seed: int, jobs: int, **options: Any) -> None:
        try:
            write_synthetic(incidents, seed, jobs, self.progress)
        except NotEmptyError as error:
            raise CommandError(
                f"Nothing was written. {error} Synthetic data needs a database without any: "
                "--help says how to make one that you can throw away."
            ) from None
        self._settle()
        self.stdout.write(f"wrote {incidents:,} synthetic incidents and what they quote")

    def _settle(self) -> None:
        """Let the database look at its new rows, as it does by itself some minutes later."""
        tables: set[Any] = {Edition}
        tables |= {table for model in record_types().values() for table in index.tables(model)}
        names = sorted(table._meta.db_table for table in tables)
        with (
            self.progress.phase("settle tables", len(names)) as step,
            connection.cursor() as cursor,
        ):
            for name in names:
                cursor.execute(f"VACUUM (ANALYZE) {name}")
                step()
