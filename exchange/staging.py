"""Staging: the rows of a file in a temporary table, compared with what was imported before.

The comparison is done by the database, so that a file of a million rows needs little memory here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models

from publishing import documents

CHUNK = 1000
"""How many rows are in memory at a time."""

_CREATE = """
DROP TABLE IF EXISTS {table};
CREATE TEMPORARY TABLE {table} (
    number integer PRIMARY KEY, key text NOT NULL, sha256 text NOT NULL,
    flags text[] NOT NULL, row jsonb NOT NULL, place text NOT NULL, unchanged boolean
) ON COMMIT DROP
"""
# `unchanged` stays null for a row that was never imported. A row also counts as changed when it is
# matched to another place than before: places may have been published since.
_COMPARE = """
CREATE UNIQUE INDEX ON {table} (key);
ANALYZE {table};
UPDATE {table} AS staged
SET unchanged = imported.sha256 = staged.sha256
    AND coalesce(imported.made #>> '{{location,1,place_id}}', '') = staged.place
FROM exchange_importedrow AS imported
WHERE imported.dataset = %s AND imported.key = staged.key;
"""
_COUNT = """
SELECT count(*) FILTER (WHERE unchanged IS NULL), count(*) FILTER (WHERE NOT unchanged),
    count(*) FILTER (WHERE unchanged)
FROM {table}
"""
_CHUNK = """
SELECT number, key, sha256, flags, row::text FROM {table}
WHERE unchanged IS NOT TRUE AND number > %s ORDER BY number LIMIT %s
"""
_REOPEN = "UPDATE {table} SET unchanged = false WHERE unchanged AND key = ANY(%s)"
_RELEASES = """
SELECT DISTINCT imported.release
FROM exchange_importedrow AS imported JOIN {table} USING (key)
WHERE imported.dataset = %s
"""
# The record of a row is a column of it; further records that were made of it are among its parts,
# whose labels begin with a word. A label with a slash is a part of a part.
_OWN_RECORDS = """
SELECT imported.record, imported.key
FROM exchange_importedrow AS imported JOIN {table} USING (key)
WHERE imported.dataset = %s
"""
_FURTHER_RECORDS = """
SELECT further.public_id, imported.key
FROM exchange_importedrow AS imported JOIN {table} USING (key)
CROSS JOIN jsonb_each(imported.made) AS part (label, made)
JOIN {further} AS further ON further.id = (part.made ->> 0)::bigint
WHERE imported.dataset = %s AND split_part(part.label, ' ', 1) = %s
    AND position('/' IN part.label) = 0
"""
_UNSUBMITTED = """
SELECT made.record, made.key FROM ({records}) AS made (record, key)
WHERE NOT EXISTS (SELECT FROM publishing_edition WHERE record = made.record)
    AND NOT EXISTS (SELECT FROM editorial_submissionitem WHERE record = made.record AND open)
"""


class StagedRow(NamedTuple):
    """A row of the file that could be read."""

    number: int
    """Its line among the rows of the file, the header not counted."""
    key: str
    """Its id in the dataset."""
    sha256: str
    flags: list[str]
    row: dict[str, Any]


class Staging:
    """The rows of one dataset in one file, until the transaction ends."""

    def __init__(self, dataset: str) -> None:
        self.dataset, self.table = dataset, f"staged_{dataset}"
        self.new = self.changed = self.unchanged = 0

    def fill(self, rows: Iterable[tuple[StagedRow, str]]) -> None:
        """Store rows, each with the key of the place that it is matched to, and compare them."""
        columns = "(number, key, sha256, flags, row, place)"
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.execute(_CREATE.format(table=self.table))
            with cursor.copy(f"COPY {self.table} {columns} FROM STDIN") as copy:
                for staged, place in rows:
                    text = documents.dump(staged.row).decode()
                    copy.write_row((*staged[:4], text, place))
            cursor.execute(_COMPARE.format(table=self.table), [self.dataset])
        ((self.new, self.changed, self.unchanged),) = self._execute(_COUNT)

    def chunks(self) -> Iterator[list[StagedRow]]:
        """Yield the rows that were never imported or differ from what was imported."""
        last = 0
        while rows := self._execute(_CHUNK, last, CHUNK):
            yield [StagedRow._make([*row[:4], documents.load(row[4])]) for row in rows]
            last = rows[-1][0]

    def find_unsubmitted(self, labels: Mapping[str, type[models.Model]]) -> dict[UUID, str]:
        """Return the records of the rows that nobody has submitted, each with the key of its row.

        `labels` are the types of record that a row becomes, by the first word of their labels.
        """
        queries, params = [_OWN_RECORDS], [self.dataset]
        for label, model in labels.items():
            if label != "record":
                queries.append(_FURTHER_RECORDS.replace("{further}", f'"{model._meta.db_table}"'))
                params += [self.dataset, label]
        return dict(
            self._execute(_UNSUBMITTED.replace("{records}", " UNION ALL ".join(queries)), *params)
        )

    def reopen(self, keys: Iterable[str]) -> None:
        """Have rows written again though they are unchanged."""
        with connection.cursor() as cursor:
            cursor.execute(_REOPEN.format(table=self.table), [list(keys)])
            self.changed += cursor.rowcount
            self.unchanged -= cursor.rowcount

    def find(self, keys: Iterable[str]) -> list[str]:
        """Return which of some keys are staged."""
        with connection.cursor() as cursor:
            query = f"SELECT key FROM {self.table} WHERE key = ANY(%s)"  # noqa: S608
            cursor.execute(query, [list(keys)])
            return [key for (key,) in cursor.fetchall()]

    def find_releases(self) -> list[str]:
        """Return the releases that rows of the file were last imported from."""
        return [release for (release,) in self._execute(_RELEASES, self.dataset)]

    def _execute(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query.format(table=self.table), list(params))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
