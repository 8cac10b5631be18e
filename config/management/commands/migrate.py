"""`manage.py migrate`: Django's own, of which one at a time runs on a database."""

from typing import Any

from django.core.management.commands import migrate

from config.postgres.locks import alone


class Command(migrate.Command):
    """Make the tables, after any other process that does."""

    def handle(self, *args: Any, **options: Any) -> None:
        with alone("muster migrate", self._wait):
            super().handle(*args, **options)

    def _wait(self) -> None:
        self.stderr.write("Another process is migrating this database: waiting for it.")
