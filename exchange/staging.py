"""Staging: the rows of a file in a temporary table, held against what was imported before."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from publishing import documents

CHUNK = 1000
"""How many rows are held in memory at a time."""

_TABLE = """
DROP TABLE IF EXISTS staged;
CREATE TEMPORARY TABLE staged (
    number integer PRIMARY KEY, key text NOT NULL, sha256 text NOT NULL,
    flags text[] NOT NULL, row jsonb NOT NULL, place text NOT NULL, stands boolean
) ON COMMIT DROP
"""
_COMPARE = """
CREATE UNIQUE INDEX ON staged (key);
ANALYZE staged;
UPDATE staged
SET stands = before.sha256 = staged.sha256
    AND coalesce(before.made #>> '{location,1,place_id}', '') = staged.place
FROM exchange_importedrow AS before
WHERE before.dataset = %s AND before.key = staged.key;
"""
_COUNT = """
SELECT count(*) FILTER (WHERE stands IS NULL), count(*) FILTER (WHERE NOT stands),
    count(*) FILTER (WHERE stands)
FROM staged
"""
_SOME = """
SELECT number, key, sha256, flags, row::text FROM staged
WHERE stands IS NOT DISTINCT FROM %s AND number > %s ORDER BY number LIMIT %s
"""
_UNSUBMITTED = """
SELECT before.record FROM exchange_importedrow AS before JOIN staged USING (key)
WHERE before.dataset = %s
    AND NOT EXISTS (SELECT FROM publishing_edition WHERE record = before.record)
    AND NOT EXISTS (SELECT FROM editorial_submissionitem WHERE record = before.record AND open)
"""
_REOPEN = "UPDATE staged SET stands = false WHERE stands AND key = ANY(%s)"
_RELEASES = """
SELECT DISTINCT before.release FROM exchange_importedrow AS before JOIN staged USING (key)
WHERE before.dataset = %s
"""


class Staged(NamedTuple):
    """A row of the file that could be read."""

    number: int
    """Its line among the rows of the file, the header not counted."""
    key: str
    """Its id in the dataset."""
    sha256: str
    flags: list[str]
    row: dict[str, Any]


class Staging:
    """The rows of one file of a dataset, for the rest of the transaction."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self.new = self.changed = self.unchanged = 0

    def fill(self, rows: Iterable[tuple[Staged, str]]) -> None:
        """Take in rows, each with the key of the place it is matched to, and compare them."""
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.execute(_TABLE)
            with cursor.copy(
                "COPY staged (number, key, sha256, flags, row, place) FROM STDIN"
            ) as sent:
                for staged, place in rows:
                    text = documents.dump(staged.row).decode()
                    sent.write_row((*staged[:4], text, place))
            cursor.execute(_COMPARE, [self.dataset])
            cursor.execute(_COUNT)
            self.new, self.changed, self.unchanged = cursor.fetchone()

    def chunks(self, *, new: bool) -> Iterator[list[Staged]]:
        """Yield the rows that were never imported, or those that read otherwise by now."""
        last = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_SOME, [None if new else False, last, CHUNK])
                chunk = [
                    Staged._make([*told[:4], documents.load(told[4])]) for told in cursor.fetchall()
                ]
            if not chunk:
                return
            yield chunk
            last = chunk[-1].number

    def unsubmitted(self) -> set[Any]:
        """Return the public ids of what was made of the rows and nobody has decided on yet."""
        with connection.cursor() as cursor:
            cursor.execute(_UNSUBMITTED, [self.dataset])
            return {record for (record,) in cursor.fetchall()}

    def reopen(self, keys: Iterable[str]) -> None:
        """Let rows be brought up to date though they read as before."""
        with connection.cursor() as cursor:
            cursor.execute(_REOPEN, [list(keys)])
            self.changed += cursor.rowcount
            self.unchanged -= cursor.rowcount

    def releases(self) -> list[str]:
        """Return the releases that rows of the file were last imported from."""
        with connection.cursor() as cursor:
            cursor.execute(_RELEASES, [self.dataset])
            return [release for (release,) in cursor.fetchall()]
