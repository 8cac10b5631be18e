"""Keyset pagination: the orders of lists, cursors, and the page behind a cursor."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from api.computed import append_computed, build_computed
from api.parameters import Parameter
from api.snapshots import PINS
from publishing import completion
from publishing.models import Edition
from publishing.registry import find_by_entry
from publishing.snapshots import Snapshot

MAX_LIMIT = 1000
"""The largest page."""
MAX_COUNTED = 10_000
"""The largest number at which a request may stop to count."""

_FREE = {"cursor", "limit", "count", "count_limit", "detail", "format", "explain", *PINS}
"""The parameters that may change from page to page; `format` may, because every page is JSON.

A cursor has its own snapshot, whichever parameter chose that of the first page.
"""


class Sort(NamedTuple):
    """An order by columns that are never null, the last of them unique, all in one direction."""

    columns: tuple[str, ...]
    descending: bool

    def sorted(self, rows: QuerySet) -> QuerySet:
        """Return `rows` in this order."""
        return rows.order_by(*(f"-{c}" if self.descending else c for c in self.columns))

    def sql(self, table: str) -> str:
        """Return the expression for ORDER BY, for a table that has the columns."""
        direction = "DESC" if self.descending else "ASC"
        return ", ".join(f"{table}.{column} {direction}" for column in self.columns)


RECENTLY_EDITED = Sort(("edited_at", "record"), True)
BY_NAME = Sort(("name_key", "record"), False)
NEWEST = Sort(("order_date", "record"), True)
RELEVANCE = Sort(("rank", "record"), True)
OLDEST = Sort(("order_date", "record"), False)
DEADLIEST = Sort(("killed_key", "record"), True)


def _integer(key: Any) -> int:
    if not 0 <= int(key) < 2**31:
        raise ValueError
    return int(key)


def _killed(key: Any) -> int:
    return -1 if int(key) == -1 else _integer(key)


def _text(key: Any) -> str:
    text = str(key)
    if "\0" in text:  # which PostgreSQL refuses
        raise ValueError
    return text


_TYPES: dict[str, Callable[[Any], Any]] = {
    "order_date": date.fromisoformat,
    "edited_at": datetime.fromisoformat,
    "name_key": _text,
    "record": UUID,
    "killed_key": _killed,
    "rank": _integer,
    "version": _integer,
    "published_at": datetime.fromisoformat,
}


class Cursor:
    """The key of the last row of a page, with its snapshot. It never expires.

    Its text contains a checksum, because a changed cursor would skip or repeat results.
    """

    def __init__(self, snapshot: Snapshot, keys: list[Any], digest: str) -> None:
        self.snapshot, self.keys, self.digest = snapshot, keys, digest

    def __str__(self) -> str:
        body = orjson.dumps([str(self.snapshot), self.keys, self.digest])
        return base64.urlsafe_b64encode(_checksum(body) + body).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor. Raises ValueError if `text` is not a complete and unchanged cursor."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            body = raw[4:]
            if (
                raw[:4] != _checksum(body)
                or base64.urlsafe_b64encode(raw).decode().rstrip("=") != text
            ):
                raise ValueError
            snapshot, keys, digest = orjson.loads(body)
            return cls(Snapshot.parse(snapshot), list(keys), str(digest))
        except (ValueError, TypeError, binascii.Error) as fault:
            raise ValueError("Use the cursor in `next` unchanged.") from fault

    def type_keys(self, columns: tuple[str, ...]) -> bool:
        """Convert the keys to the types of `columns`. Return False if they do not fit."""
        try:
            self.keys = [
                _TYPES[column](key) for column, key in zip(columns, self.keys, strict=True)
            ]
        except (ValueError, TypeError, AttributeError):
            return False
        return not any(isinstance(key, datetime) and key.tzinfo is None for key in self.keys)

    @staticmethod
    def digest_of(path: str, data: QueryDict) -> str:
        """Return a digest of an address and its parameters, except those that may change."""
        params = sorted((name, values) for name, values in data.lists() if name not in _FREE)
        return hashlib.sha256(orjson.dumps([path, params])).hexdigest()[:16]


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:4]


class CursorParameter(Parameter):
    """A cursor."""

    schema = {"type": "string", "maxLength": 4000, "pattern": "^[A-Za-z0-9_-]+$"}

    def parse(self, text: str) -> Cursor:
        if not text.isascii():
            raise ValueError("Use the cursor in `next` unchanged.")
        return Cursor.parse(text)


class Page(NamedTuple):
    """The texts of a page, and the sort key of the last one if there are more."""

    texts: list[bytes]
    last: list[Any] | None


def behind(rows: QuerySet, sort: Sort, after: list[Any]) -> QuerySet:
    """Return the rows behind a key. A comparison of row values can use the index."""
    beyond = TupleLessThan if sort.descending else TupleGreaterThan
    return rows.filter(beyond(Tuple(*sort.columns), tuple(after)))


def page(
    entries: QuerySet,
    sort: Sort,
    after: list[Any] | None,
    limit: int,
    detail: bool,
    snapshot: Snapshot | None = None,
) -> Page:
    """Return the first `limit` texts of `entries` behind the key `after`.

    The entries of the page are selected first, from covering indexes, and only these are joined to
    their texts. So every page costs the same, at any depth. With a `snapshot`, summaries have what
    is computed at it.
    """
    if after is not None:
        entries = behind(entries, sort, after)
    rows = sort.sorted(entries).values_list("seq", *sort.columns)[: limit + 1]
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return Page([], None)
    keys = ", ".join(f"page.{column}" for column in sort.columns)
    text = "document" if detail else "summary"
    computed, at = "NULL", list[int]()
    if snapshot and not detail and entries.model.computed:
        computed, at = build_computed(entries.model, entries.model.computed, snapshot)
    serializer = find_by_entry(entries.model).serializer
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT edition.type, CASE WHEN edition.shape = %s THEN edition.{text} "  # noqa: S608
            f"ELSE edition.document END, edition.shape, ({computed})::text, {keys} "
            f"FROM ({sql}) AS page JOIN {Edition._meta.db_table} AS edition USING (seq) "
            f"ORDER BY {sort.sql('page')}",
            [completion.fingerprint(serializer), *at, *parameters],
        )
        rows = cursor.fetchall()
    texts = []
    for type_, text, shape, more, *_ in rows[:limit]:
        completed = completion.complete_text(type_, text, shape, summary=not detail)
        texts.append(append_computed(completed, more) if more else completed)
    return Page(texts, list(rows[limit - 1][4:]) if len(rows) > limit else None)
