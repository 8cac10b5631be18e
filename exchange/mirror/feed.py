"""The feed of a server, and the verification that it leaves nothing out."""

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
"""The snapshot before the first edition."""
PAUSES = (1, 2, 4, 8, 16, 32, 64)
"""The seconds to wait before each further attempt."""
LONGEST = 600
"""The most seconds to wait at the request of a server."""
Item = dict[str, Any]
Print = Callable[[str], None]


class MirrorError(Exception):
    """The mirror stops; its data stay as they are, at the same position."""

    code = 1
    """The exit code."""


class ResetError(MirrorError):
    """The server does not know our position: it was set back to an earlier state."""

    code = 3


class ChainError(MirrorError):
    """The feed does not continue the editions before it."""

    code = 4


def compute_next(snapshot: str, item: Item) -> str:
    """Return the snapshot after `snapshot` and an item of the feed."""
    seq, chained = snapshot.split("-")
    text = f"{chained} {int(seq) + 1} {item['id']} {item['version']} {item['kind']}"
    return f"{int(seq) + 1}-{sha256(text.encode()).hexdigest()[:8]}"


def get_seq(snapshot: str) -> int:
    """Return the number of the edition of a snapshot, counted from 1."""
    return int(snapshot.split("-")[0])


def get_document(item: Item) -> Item | None:
    """Return the document in an item, if it has one."""
    content: Item | None = item["document"]
    return content


def verify_item(snapshot: str, item: Item) -> str:
    """Return the snapshot after an item, if it is the next one. Raises ChainError."""
    expected = compute_next(snapshot, item)
    text = get_document(item)
    if (item["snapshot"], item["seq"]) != (expected, get_seq(expected)):
        raise ChainError(
            f"After {snapshot} the feed has {item['snapshot']}, but its content leads to "
            f"{expected}: something was left out, added or changed. Nothing of this page was "
            "stored."
        )
    if text and any(text[name] != item[name] for name in ("id", "version", "seq")):
        raise ChainError(
            f"{expected} has the document of another edition. Nothing of this page was stored."
        )
    return expected


class Feed:
    """The feed of one server; requests are repeated while the server is unavailable."""

    def __init__(
        self, url: str, limit: int, print_line: Print, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self.url, self.limit, self.print_line, self.pauses = (
            url.rstrip("/"),
            limit,
            print_line,
            pauses,
        )

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
                        f"The server does not know {snapshot}: it was restored to an earlier "
                        "state, and later editions are void; or it is another database. Add "
                        "--restart to start again."
                    ) from None
                if refusal.code < 500 and refusal.code != 429:
                    raise MirrorError(f"{address} was refused: {reason}") from None
                least = _seconds(refusal.headers.get("Retry-After"))
            except (OSError, HTTPException, ValueError) as error:
                reason = str(getattr(error, "reason", error)) or type(error).__name__
            if pause is None:
                break
            wait = max(pause, min(least, LONGEST))
            self.print_line(f"{reason.rstrip('.')}. Trying again in {wait:g} s")
            time.sleep(wait)
        raise MirrorError(
            f"{self.url} cannot be reached: {reason.rstrip('.')}. Run this again later."
        )


def _page(text: bytes) -> Item:
    """Return a page. Raises ValueError where it is incomplete or not a page."""
    page = json.loads(text)
    if not isinstance(page, dict) or not {"results", "next", "snapshot"} <= page.keys():
        raise ValueError("this is not a page of a feed")
    return page


def _detail(refusal: HTTPError) -> str:
    try:
        return f"{refusal.code} {json.loads(refusal.read())['detail']}"
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return f"{refusal.code} {refusal.reason}"


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else 0.0
