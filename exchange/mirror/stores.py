"""The files of a mirror: the present in SQLite, or the past too in JSON lines."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any, Protocol

from .feed import START, Item, MirrorError, get_document, get_seq

PAST_KINDS = ("redact", "restore")
"""The kinds of editions that change the past: a redaction, and one that was undone."""


class InvalidFileError(MirrorError):
    """The file is not a mirror, or cannot be written."""

    code = 2


class Store(Protocol):
    """The data of a mirror, always together with its position."""

    position: str

    def add(self, items: list[Item], snapshot: str) -> None:
        """Store a page, all of it or nothing."""

    def empty(self) -> None:
        """Delete everything, to start again."""

    def close(self) -> None:
        """Close the file."""


class SqliteStore:
    """The newest edition of every record, in SQLite.

    A redaction needs little work here: its edition has the document without the removed text, or no
    document, and `refresh` editions replace every document that references the record. SQLite must
    overwrite what it deletes, which it does not do by default.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.database = sqlite3.connect(file, isolation_level=None)
        try:
            self.database.execute("PRAGMA secure_delete = ON")
            self.database.executescript(
                "BEGIN IMMEDIATE;"
                "CREATE TABLE IF NOT EXISTS position (snapshot TEXT NOT NULL);"
                "INSERT INTO position SELECT '0-00000000'"
                " WHERE NOT EXISTS (SELECT * FROM position);"
                "CREATE TABLE IF NOT EXISTS records ("
                " id TEXT PRIMARY KEY, type TEXT NOT NULL, version INTEGER NOT NULL,"
                " kind TEXT NOT NULL, seq INTEGER NOT NULL, published_at TEXT NOT NULL,"
                " note TEXT, merged_into TEXT, document TEXT);"
                "COMMIT"
            )
            (self.position,) = self.database.execute("SELECT snapshot FROM position").fetchone()
        except sqlite3.Error as error:
            self.database.close()
            raise InvalidFileError(f"{file} is not a file of this mirror: {error}.") from None

    def add(self, items: list[Item], snapshot: str) -> None:
        self._move(
            items[-1]["snapshot"],
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            list(map(_row, items)),
        )

    def empty(self) -> None:
        self._move(START, "DELETE FROM records WHERE ?", [(True,)])

    def _move(self, to: str, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """Change the data and the position in one transaction, so that a kill cannot part them."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            self.database.executemany(statement, rows)
            moved = self.database.execute(
                "UPDATE position SET snapshot = ? WHERE snapshot = ?", (to, self.position)
            )
            if moved.rowcount != 1:
                raise MirrorError(f"Another process writes to {self.file}: run only one.")
            self.database.execute("COMMIT")
        finally:
            if self.database.in_transaction:
                self.database.execute("ROLLBACK")
        self.position = to

    def close(self) -> None:
        self.database.close()


def _row(item: Item) -> tuple[Any, ...]:
    text = get_document(item)
    return (
        *(item[name] for name in ("id", "type", "version", "kind", "seq", "published_at", "note")),
        item["merged_into"] and item["merged_into"]["id"],
        None if text is None else json.dumps(text, ensure_ascii=False, separators=(",", ":")),
    )


class JsonLinesStore:
    """Every edition, in JSON lines; the first line has the snapshot at which the file was begun.

    Older lines contain the text that a redaction removes, in the record and in documents that
    reference it, and lack what an undone redaction brings back. The server edits its own past; so
    the file is emptied and filled again from the feed. Redactions up to `begun_at` occur in that
    feed again, but the server has applied them.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lines = file.open("ab+")
        if not file.stat().st_size:
            self._begin(START)
            return
        try:
            self._resume()
        except (ValueError, KeyError, TypeError):
            self.lines.close()
            raise InvalidFileError(f"{file} is not a file of this mirror.") from None

    def _begin(self, snapshot: str) -> None:
        self.lines.truncate(0)
        self.begun_at, self.position = snapshot, START
        self._write([{"begun_at": snapshot}])

    def _resume(self) -> None:
        """Find the last complete line, and cut off what a kill left behind it."""
        self.lines.seek(0)
        line = self.lines.readline()
        self.begun_at, self.position, end = json.loads(line)["begun_at"], START, len(line)
        for line in self.lines:
            if line.endswith(b"\n"):
                last, end = line, end + len(line)
                self.position = json.loads(last)["snapshot"]
        self.lines.truncate(end)

    def add(self, items: list[Item], snapshot: str) -> None:
        begun = get_seq(self.begun_at)
        if any(item["kind"] in PAST_KINDS and item["seq"] > begun for item in items):
            self._begin(snapshot)
            return
        self._write(items)
        self.position = items[-1]["snapshot"]

    def empty(self) -> None:
        self._begin(START)

    def _write(self, lines: list[Item]) -> None:
        for line in lines:
            self.lines.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self.lines.flush()
        os.fsync(self.lines.fileno())

    def close(self) -> None:
        self.lines.close()
