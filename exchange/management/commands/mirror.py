"""`manage.py mirror`: follow another Muster server into a file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from exchange import mirror
from publishing import commands


class Command(commands.Command):
    """Run the reference mirror of `exchange/mirror/`, which needs no database."""

    help = mirror.HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        mirror.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        names = ("url", "to", "jsonl", "follow", "restart", "limit")
        try:
            mirror.mirror(**{name: options[name] for name in names}, print_line=self._print)
        except mirror.MirrorError as error:
            raise CommandError(str(error), returncode=error.code) from None

    def _print(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
