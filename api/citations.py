"""Citations: the comment line with which a CSV file begins on request."""

from codecs import BOM_UTF8
from collections.abc import Iterator

from django.conf import settings

from api.snapshots import PublicState


def make_comment(state: PublicState, address: str) -> bytes:
    """Return the line of a comment that cites a file by the address that always gives it."""
    published = f", published {state.published_at:%Y-%m-%d}" if state.published_at else ""
    text = f"{settings.NAME}, snapshot {state.snapshot}{published}. {address} {settings.LICENCE}."
    return f"# {' '.join(text.split())}\r\n".encode()


def prepend_comment(comment: bytes, content: bytes | Iterator[bytes]) -> bytes | Iterator[bytes]:
    """Return a file that begins with a comment, behind its byte-order mark if it has one."""
    if isinstance(content, bytes):
        return b"".join(_prepend(comment, iter([content])))
    return _prepend(comment, content)


def _prepend(comment: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        first = next(blocks, b"")
        mark = BOM_UTF8 if first.startswith(BOM_UTF8) else b""
        yield mark + comment + first.removeprefix(mark)
        yield from blocks
    finally:  # also if the client leaves: the query of the stream must end
        if close := getattr(blocks, "close", None):
            close()
