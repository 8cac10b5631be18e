"""Cursors: where a page ends, at which horizon, in answer to which question."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.http import QueryDict

from api.parameters import Parameter
from publishing.snapshots import Mark

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
    """The last row of a page. It never expires; a restore may lose its horizon."""

    def __init__(self, mark: Mark, keys: list[Any], digest: str) -> None:
        self.mark, self.keys, self.digest = mark, keys, digest

    def __str__(self) -> str:
        body = orjson.dumps([str(self.mark), self.keys, self.digest])
        return base64.urlsafe_b64encode(_sum(body) + body).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor; ValueError where `text` is none, or was changed or cut."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            body = raw[4:]
            if raw[:4] != _sum(body) or base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
                raise ValueError
            mark, keys, digest = orjson.loads(body)
            return cls(Mark.parse(mark), list(keys), str(digest))
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
