"""`manage.py synthesize`: write a large public record of invented data."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from exchange.synthetic.working_rows import list_working_tables, write_working_rows
from exchange.synthetic.writing import NotEmptyError, write_synthetic
from publishing import commands, index
from publishing.models import Edition
from publishing.registry import record_types

HELP = """\
Write synthetic data, to measure queries in a large database: incidents that never happened, with
frequent and rare actors, umbrella organisations of sixty members, affiliations over time,
corrections, withdrawals, uncertain dates and names in four scripts. Every name and title says that
it is synthetic, and every row cites “Synthetic data”.

  manage.py synthesize --incidents 100000           a hundred thousand incidents
  manage.py synthesize --incidents 1000000 --jobs 4 a million, by four processes
  manage.py synthesize --incidents 1000 --seed 2    other data than with seed 1
  manage.py synthesize --incidents 1000 --working-rows
                                                    also what editors see in the admin

It writes editions and index entries, as publishing would, and working rows only with
--working-rows: without them, the admin shows none of it. The same number and seed give the same
documents. All or nothing: a run that is killed has written nothing. A million incidents take
minutes and about 12 GB.

Editions are never deleted, so the command refuses a database that contains any record. Make a
temporary database with its own data folder, and remove that folder when you are done:

  MUSTER_DATA=scratch manage.py postgres start
  MUSTER_DATA=scratch manage.py migrate
  MUSTER_DATA=scratch manage.py synthesize --incidents 100000
  MUSTER_DATA=scratch manage.py postgres stop
"""


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("use a whole number, 1 or more")
    return int(text)


class Command(commands.Command):
    """Write synthetic data."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--incidents", type=_number, required=True, metavar="N", help="number of incidents"
        )
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another number gives other data (1)"
        )
        parser.add_argument(
            "--jobs",
            type=_number,
            default=os.cpu_count() or 1,
            metavar="J",
            help="processes that make the documents (one for each processor)",
        )

        parser.add_argument(
            "--working-rows", action="store_true", help="write what the admin shows, too"
        )

    def handle(
        self, *, incidents: int, seed: int, jobs: int, working_rows: bool, **options: Any
    ) -> None:
        try:
            with transaction.atomic():
                write_synthetic(incidents, seed, jobs, self.progress)
                if working_rows:
                    write_working_rows(self.progress)
        except NotEmptyError as error:
            raise CommandError(
                f"Nothing was written. {error} Synthetic data needs an empty database: --help says "
                "how to make a temporary one."
            ) from None
        self._settle()
        self.stdout.write(
            f"wrote {incidents:,} synthetic incidents and the records that they reference"
        )

    def _settle(self) -> None:
        """Vacuum and analyze the new rows, as the database does by itself some minutes later."""
        tables: set[Any] = {Edition, *list_working_tables()}
        tables |= {table for model in record_types().values() for table in index.list_tables(model)}
        totals = [model.entry.totals for model in record_types().values() if model.entry.totals]
        tables |= {table for each in totals for table in each.tables}
        names = sorted(table._meta.db_table for table in tables)
        with (
            self.progress.phase("settle tables", len(names)) as step,
            connection.cursor() as cursor,
        ):
            for name in names:
                cursor.execute(f"VACUUM (ANALYZE) {name}")
                step()
