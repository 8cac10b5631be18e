"""The feed of a server, and the proof that it leaves nothing out."""

import json
import time
from collections.abc import Callable
from hashlib import sha256
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

START = "0-00000000"
"""The snapshot before the first Edition."""
PAUSES = (1, 2, 4, 8, 16, 32, 64)
"""How many seconds to wait before each further try."""
LONGEST = 600
"""How many seconds a server may ask to wait."""
Item = dict[str, Any]
Say = Callable[[str], None]


class MirrorError(Exception):
    """Why the mirror stops, in words; what it has is kept, at the position that it had."""

    code = 1
    """The exit code."""


class ResetError(MirrorError):
    """The server does not know our position: it was set back to an earlier state."""

    code = 3


class ChainError(MirrorError):
    """The feed does not continue what was told before."""

    code = 4


def after(snapshot: str, item: Item) -> str:
    """Return the snapshot that follows `snapshot` by what the feed tells in `item`."""
    seq, chained = snapshot.split("-")
    text = f"{chained} {int(seq) + 1} {item['id']} {item['version']} {item['kind']}"
    return f"{int(seq) + 1}-{sha256(text.encode()).hexdigest()[:8]}"


def number(snapshot: str) -> int:
    """Return which Edition a snapshot is of, counted from 1."""
    return int(snapshot.split("-")[0])


def document(item: Item) -> Item | None:
    """Return the document that an item brings, if it brings one."""
    found: Item | None = item.get(item["type"])
    return found


def proven(snapshot: str, item: Item) -> str:
    """Return the snapshot after an item, if it is the next one. Raises ChainError."""
    expected = after(snapshot, item)
    text = document(item)
    if (item["snapshot"], item["seq"]) != (expected, number(expected)):
        raise ChainError(
            f"After {snapshot} the feed tells of {item['snapshot']}, and what it tells leads to "
            f"{expected}: something was left out, added or changed. Nothing of this page was kept."
        )
    if text and any(text[name] != item[name] for name in ("id", "version", "seq")):
        raise ChainError(f"The document of {expected} is another one. Nothing of it was kept.")
    return expected


class Feed:
    """The feed of one server: patient with a server that is away, and with broken connections."""

    def __init__(self, url: str, limit: int, say: Say, pauses: tuple[float, ...] = PAUSES) -> None:
        self.url, self.limit, self.say, self.pauses = url.rstrip("/"), limit, say, pauses

    def after(self, snapshot: str) -> Item:
        """Return the page after a snapshot. Raises ResetError, MirrorError."""
        query = urlencode({"documents": "true", "limit": self.limit, "after": snapshot})
        address = f"{self.url}/api/v1/changes?{query}"
        for pause in (*self.pauses, None):
            least, reason = 0.0, ""
            try:
                with urlopen(Request(address), timeout=60) as answer:  # noqa: S310 - http, as given
                    return _page(answer.read())
            except HTTPError as refusal:
                with refusal:
                    reason = _detail(refusal)
                if refusal.code == 410:
                    raise ResetError(
                        f"The server does not know {snapshot} any more: it was restored "
                        "to an earlier state, and what came after that is void. Begin anew with "
                        "--restart."
                    ) from None
                if refusal.code < 500 and refusal.code != 429:
                    raise MirrorError(f"{address} was refused: {reason}") from None
                least = _seconds(refusal.headers.get("Retry-After"))
            except (OSError, HTTPException, ValueError) as error:
                reason = str(getattr(error, "reason", error)) or type(error).__name__
            if pause is None:
                break
            wait = max(pause, min(least, LONGEST))
            self.say(f"{reason.rstrip('.')}. Trying again in {wait:g} s")
            time.sleep(wait)
        raise MirrorError(
            f"{self.url} cannot be reached: {reason.rstrip('.')}. Run this again later."
        )


def _page(text: bytes) -> Item:
    """Read a page; ValueError for one that was cut short or is none."""
    page = json.loads(text)
    if not isinstance(page, dict) or not {"results", "next", "snapshot"} <= page.keys():
        raise ValueError("this is no page of a feed")
    return page


def _detail(refusal: HTTPError) -> str:
    try:
        return f"{refusal.code} {json.loads(refusal.read())['detail']}"
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return f"{refusal.code} {refusal.reason}"


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0
