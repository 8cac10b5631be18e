"""`manage.py migrate`: Django's command, which also compares the tables with the migrations."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from config import fingerprints
from config.postgres.locks import hold_lock


class Command(migrate.Command):
    """Wait for other migrations, refuse a schema that differs, then migrate."""

    def handle(self, *args: Any, **options: Any) -> None:
        with hold_lock("muster migrate", self._wait):
            try:
                fingerprints.require_database()
            except fingerprints.SchemaError as error:
                raise CommandError(f"Nothing was migrated. {error}") from None
            super().handle(*args, **options)

    def _wait(self) -> None:
        self.stderr.write("Another process is migrating this database: waiting for it.")
