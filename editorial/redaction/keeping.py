"""Keeping what a redaction removes: the rows before it, in a private table.

`keep` is called before the redaction writes, with every row that it may change or delete. At the
end `finish` compares them with what became of them, and forgets what did not change. All of it runs
in the database: the documents of a record and of those that reference it can be large.
"""

from typing import Self

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from editorial.models.record import Record
from editorial.models.removed import RemovedData, RemovedRow
from editorial.models.submission import Submission

_ROWS = RemovedRow._meta.db_table
_CHANGED = (
    "(SELECT jsonb_object_agg(entry.key, entry.value) FROM jsonb_each({these}) AS entry "
    "WHERE entry.value IS DISTINCT FROM {those} -> entry.key)"
)


class Keeper:
    """Keeps the rows that one redaction changes or deletes; without `data` it keeps nothing."""

    def __init__(self, data: RemovedData | None) -> None:
        self.data = data
        self.tables: dict[str, str] = {}
        """By table, the column of its primary key."""

    @classmethod
    def begin(cls, record: Record) -> Self:
        """Return the keeper of a redaction. If nothing is to be kept for days, it keeps nothing."""
        if not settings.ERASE_AFTER:
            return cls(None)
        return cls(RemovedData.objects.create(type=record.type_name, record=record.public_id))

    def keep(self, rows: models.QuerySet) -> None:
        """Keep rows as they are now; those that were kept before stay as they were then."""
        if self.data is None:
            return
        meta = rows.model._meta
        self.tables[meta.db_table] = meta.pk.column
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # it is known that there are none
            return
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {_ROWS} (data_id, "table", key, before) '  # noqa: S608
                f'SELECT %s, %s, kept."{meta.pk.column}", to_jsonb(kept) '
                f'FROM {meta.db_table} AS kept WHERE kept."{meta.pk.column}" IN ({sql}) '
                "ON CONFLICT DO NOTHING",
                [self.data.pk, meta.db_table, *params],
            )

    def finish(self, submission: Submission) -> None:
        """Note what became of the rows, and forget those that did not change."""
        if self.data is None:
            return
        self.data.submission = submission
        self.data.save(update_fields=["submission"])
        with connection.cursor() as cursor:
            for table, key in self.tables.items():
                cursor.execute(
                    f"UPDATE {_ROWS} AS row SET after = to_jsonb(now) "  # noqa: S608
                    f'FROM {table} AS now WHERE row.data_id = %s AND row."table" = %s '
                    f'AND now."{key}" = row.key',
                    [self.data.pk, table],
                )
            cursor.execute(
                f"DELETE FROM {_ROWS} WHERE data_id = %s AND before = after",  # noqa: S608
                [self.data.pk],
            )
            cursor.execute(
                f"UPDATE {_ROWS} AS row SET "  # noqa: S608
                f"before = {_CHANGED.format(these='row.before', those='row.after')}, "
                f"after = {_CHANGED.format(these='row.after', those='row.before')} "
                "WHERE data_id = %s AND after IS NOT NULL",
                [self.data.pk],
            )
