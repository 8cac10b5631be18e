"""Keyset pagination: cursors, and the page that begins behind one."""

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

from api.ordering import Sort
from api.parameters import Parameter
from publishing import completion
from publishing.models import Edition
from publishing.registry import find_by_entry
from publishing.snapshots import Snapshot

_FREE = {"cursor", "limit", "count", "detail", "format"}
"""The parameters that may change from page to page: pages are JSON, whoever says so."""


def _whole(key: Any) -> int:
    if not 0 <= int(key) < 2**31:
        raise ValueError
    return int(key)


_TYPES: dict[str, Callable[[Any], Any]] = {
    "order_date": date.fromisoformat,
    "edited_at": datetime.fromisoformat,
    "name_key": str,
    "record": UUID,
    "rank": _whole,
    "version": _whole,
    "published_at": datetime.fromisoformat,
}


class Cursor:
    """The last row of a page. It never expires; a restore may lose its snapshot."""

    def __init__(self, snapshot: Snapshot, keys: list[Any], digest: str) -> None:
        self.snapshot, self.keys, self.digest = snapshot, keys, digest

    def __str__(self) -> str:
        body = orjson.dumps([str(self.snapshot), self.keys, self.digest])
        return base64.urlsafe_b64encode(_sum(body) + body).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor; ValueError where `text` is none, or was changed or cut."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            body = raw[4:]
            if raw[:4] != _sum(body) or base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
                raise ValueError
            snapshot, keys, digest = orjson.loads(body)
            return cls(Snapshot.parse(snapshot), list(keys), str(digest))
        except (ValueError, TypeError, binascii.Error) as fault:
            raise ValueError("It is not a cursor: take `next` as it is.") from fault

    def type_keys(self, columns: tuple[str, ...]) -> bool:
        """Type the keys as `columns`; False where they do not fit."""
        try:
            self.keys = [
                _TYPES[column](key) for column, key in zip(columns, self.keys, strict=True)
            ]
        except (ValueError, TypeError, AttributeError):
            return False
        return not any(isinstance(key, datetime) and key.tzinfo is None for key in self.keys)

    @staticmethod
    def digest_of(path: str, data: QueryDict) -> str:
        """Return what ties a cursor to a question: its address, and its other parameters."""
        asked = sorted((name, values) for name, values in data.lists() if name not in _FREE)
        return hashlib.sha256(orjson.dumps([path, asked])).hexdigest()[:16]


def _sum(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:4]


class CursorParameter(Parameter):
    """A cursor."""

    schema = {"type": "string", "maxLength": 4000, "pattern": "^[A-Za-z0-9_-]+$"}

    def read(self, text: str) -> Cursor:
        if not text.isascii():
            raise ValueError("It is not a cursor: take `next` as it is.")
        return Cursor.parse(text)


class Page(NamedTuple):
    """Texts, and the sort key of the last one if there are more."""

    texts: list[bytes]
    last: list[Any] | None


def behind(rows: QuerySet, sort: Sort, after: list[Any]) -> QuerySet:
    """Return the rows behind a key. Row values keep the comparison on the index."""
    beyond = TupleLessThan if sort.descending else TupleGreaterThan
    return rows.filter(beyond(Tuple(*sort.columns), tuple(after)))


def page(entries: QuerySet, sort: Sort, after: list[Any] | None, limit: int, detail: bool) -> Page:
    """Return the first `limit` texts of `entries` behind the key `after`.

    The entries are found and cut off first, on covering indexes, and joined to their texts last:
    the cost is that of the page, at any depth.
    """
    if after is not None:
        entries = behind(entries, sort, after)
    found = sort.sorted(entries).values_list("seq", *sort.columns)[: limit + 1]
    try:
        sql, parameters = found.query.sql_with_params()
    except EmptyResultSet:
        return Page([], None)
    keys = ", ".join(f"page.{column}" for column in sort.columns)
    text = "document" if detail else "summary"
    serializer = find_by_entry(entries.model).serializer
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT edition.type, CASE WHEN edition.shape = %s THEN edition.{text} "  # noqa: S608
            f"ELSE edition.document END, edition.shape, {keys} FROM ({sql}) AS page "
            f"JOIN {Edition._meta.db_table} AS edition USING (seq) ORDER BY {sort.sql('page')}",
            [completion.fingerprint(serializer), *parameters],
        )
        rows = cursor.fetchall()
    texts = [completion.complete_text(*row[:3], summary=not detail) for row in rows[:limit]]
    return Page(texts, list(rows[limit - 1][3:]) if len(rows) > limit else None)
