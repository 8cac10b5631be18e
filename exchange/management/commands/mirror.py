"""`manage.py mirror`: the reference mirror, which needs nothing of this installation."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exchange import mirror


class Command(BaseCommand):
    """Run `exchange/mirror.py`, which says how and why."""

    help = mirror.HELP
    requires_system_checks = []

    def create_parser(self, *args: Any, **options: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        mirror.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        names = ("url", "to", "jsonl", "follow", "restart", "limit")
        try:
            mirror.mirror(**{name: options[name] for name in names}, say=self._say)
        except mirror.MirrorError as error:
            raise CommandError(str(error), returncode=error.code) from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
