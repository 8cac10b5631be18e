"""`manage.py migrate`, which first compares the tables with what the migrations make."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from config import fingerprints


class Command(migrate.Command):
    """Django's own command, which changes no database of another schema."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fingerprints.require_database()
        except fingerprints.SchemaError as error:
            raise CommandError(f"Nothing was migrated. {error}") from None
        super().handle(*args, **options)
