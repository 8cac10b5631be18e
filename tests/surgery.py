"""What no software of ours does to the public record: restores and damage, for tests alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def without_triggers(table: str) -> Iterator[Any]:
    """Yield a cursor, while the triggers of a table are off."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def restore(seq: int) -> None:
    """Lose every Edition after `seq`, as a restore of an older dump does."""
    with without_triggers("publishing_edition") as cursor:
        cursor.execute("DELETE FROM publishing_edition WHERE seq > %s", [seq])


def redact(seq: int, whole: bool = False) -> None:
    """Have the Edition `seq` be a redaction, of its name or of its whole record."""
    texts = ", public = false, summary = NULL, document = NULL" if whole else ""
    with without_triggers("publishing_edition") as cursor:
        cursor.execute(
            "UPDATE publishing_edition SET kind = 'redact', redacted = '{name}', "
            f"note = 'Redacted.'{texts} WHERE seq = %s",
            [seq],
        )
