"""`manage.py rebuild_entries`: make the rows that documents are found by anew."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from publishing import commands
from publishing.models import Edition
from publishing.rebuilding import rebuild_entries
from publishing.registry import record_types

HELP = """\
Make all entries, side rows and quotations anew from the documents of the Editions, the past ones
too. Do it after an upgrade whose notes ask for it: what filters, sorting and search run on is then
what today's software computes. No document, snapshot or address changes.

  manage.py rebuild_entries                 all types
  manage.py rebuild_entries --type actor    the entries of actors alone; can be repeated

It is one transaction: readers see the old rows until its end, and nothing has happened if it is
interrupted. Publications wait for its end. Memory does not grow with the number of Editions.
"""


class Command(commands.Command):
    """Rebuild, type by type."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--type",
            action="append",
            choices=list(record_types()),
            dest="types",
            help="only of this type of record",
        )

    @transaction.atomic
    def handle(self, *, types: list[str] | None, **options: Any) -> None:
        for type_, model in record_types().items():
            if not types or type_ in types:
                total = Edition.objects.filter(type=type_, public=True).count()
                with self.progress.phase(type_, total) as step:
                    done = rebuild_entries(model, step)
                self.stdout.write(f"{type_}: entries of {done} editions made anew")
