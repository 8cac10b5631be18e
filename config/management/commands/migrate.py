"""`manage.py migrate`, which compares the tables with what the migrations make, one at a time."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from config import fingerprints
from config.postgres.locks import alone


class Command(migrate.Command):
    """Django's own command, which waits for others like it and changes no other schema."""

    def handle(self, *args: Any, **options: Any) -> None:
        with alone("muster migrate", self._wait):
            try:
                fingerprints.require_database()
            except fingerprints.SchemaError as error:
                raise CommandError(f"Nothing was migrated. {error}") from None
            super().handle(*args, **options)

    def _wait(self) -> None:
        self.stderr.write("Another process is migrating this database: waiting for it.")
