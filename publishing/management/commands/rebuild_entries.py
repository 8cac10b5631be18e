"""`manage.py rebuild_entries`: rebuild the index of the published documents."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from publishing import commands
from publishing.models import Edition
from publishing.rebuilding import rebuild_entries, rebuild_totals
from publishing.registry import record_types

HELP = """\
Rebuild all index entries, side rows and references from the documents of the editions, past ones
included. Run it after an upgrade whose notes say so: filters, sorting and search then use what the
new version computes. No document, snapshot or URL changes.

  manage.py rebuild_entries                 all types
  manage.py rebuild_entries --type actor    actors alone; the option can be repeated
  manage.py rebuild_entries --totals        only the totals that statistics of all incidents are
                                            read from: about a minute for a million incidents

It is one transaction: readers see the old rows until it ends, and if it is interrupted nothing
has changed. Publications wait until it ends. Memory does not grow with the number of editions.
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
            help="rebuild only this type of record",
        )
        parser.add_argument(
            "--totals", action="store_true", help="rebuild only the totals of these types"
        )

    @transaction.atomic
    def handle(self, *, types: list[str] | None, totals: bool, **options: Any) -> None:
        for type_, model in record_types().items():
            if totals and (not types or type_ in types) and model.entry.totals:
                rebuild_totals(model.entry.totals)
                self.stdout.write(f"{type_}: rebuilt the totals")
            elif not totals and (not types or type_ in types):
                total = Edition.objects.filter(type=type_, public=True).count()
                with self.progress.phase(type_, total) as step:
                    done = rebuild_entries(model, step)
                self.stdout.write(f"{type_}: rebuilt the entries of {done} editions")
