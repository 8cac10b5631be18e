"""Compression of public answers, streams included, in the best coding that the client accepts.

Django's GZipMiddleware is not used: it takes `gzip;q=0` for consent, compresses the admin too, adds
random bytes, so that equal answers differ, and leaves the answers in all codings one ETag. Pages of
the admin, and our form for reports, have secrets beside text of the request, so they are never
compressed (BREACH).
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request

from api.reports import FORM

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MIN_SIZE = 500
"""The number of bytes below which an answer is sent as it is."""
GZIP_LEVEL = 6
"""A page of 50 results costs 0.4 ms and shrinks to a 16th. Level 1 costs half and makes a 12th."""
ZSTD_LEVEL = 1
"""A page of 50 results costs 0.04 ms and shrinks to an 18th. Level 6 costs six times as much."""


class _Gzip:
    """A stream of gzip. Its header has no time, so that equal answers have equal bytes."""

    def __init__(self) -> None:
        compressor = zlib.compressobj(GZIP_LEVEL, wbits=zlib.MAX_WBITS + 16)
        self.compress = compressor.compress
        self.flush = partial(compressor.flush, zlib.Z_SYNC_FLUSH)
        self.finish = compressor.flush


class _Zstd:
    """A stream of zstd."""

    def __init__(self) -> None:
        compressor = zstd.ZstdCompressor(level=ZSTD_LEVEL)
        self.compress = compressor.compress
        self.flush = partial(compressor.flush, compressor.FLUSH_BLOCK)
        self.finish = compressor.flush


CODINGS: dict[str, type[_Gzip | _Zstd]] = {"zstd": _Zstd, "gzip": _Gzip}
"""The content codings, the best first."""


def compress_public(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware that compresses all answers but forms, which have secrets."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path_info.startswith(("/admin", FORM)):
            compress(request, response)
        return response

    return middleware


def compress(request: HttpRequest, response: Any) -> None:
    """Compress an answer if the client accepts it, and the answer is a text and not a short one."""
    patch_vary_headers(response, ["Accept-Encoding"])
    coding = choose_coding(request)
    if not coding or response.has_header("Content-Encoding") or not _is_text(response):
        return
    if response.streaming and not response.has_header("Content-Length"):
        if request.method != "HEAD":
            response.streaming_content = compress_blocks(response.streaming_content, coding)
        response["Content-Encoding"] = coding
        return
    content = response.getvalue()
    if len(content) >= MIN_SIZE:
        compressor = CODINGS[coding]()
        content = compressor.compress(content) + compressor.finish()
        response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(content))
    if response.streaming:
        response.streaming_content = [content]
    else:
        response.content = content


def compress_blocks(blocks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield blocks compressed, in constant memory, each so that the client can read it at once.

    An exception of `blocks` passes through, and leaves the stream without its end.
    """
    compressor = CODINGS[coding]()
    for block in blocks:
        yield compressor.compress(block) + compressor.flush()
    yield compressor.finish()


def choose_coding(request: HttpRequest | Request) -> str:
    """Return the coding for an answer to a request, or "" for none (RFC 9110, 12.5.3)."""
    return _choose(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=1000)
def _choose(accepted: str) -> str:
    weights = dict(map(_parse, accepted.lower().split(",")))
    other = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, other))
    weight = weights.get(best, other)
    return best if weight and weight >= weights.get("identity", 0.0) else ""


def _parse(part: str) -> tuple[str, float]:
    """Return a coding and its weight, which is 0 if it cannot be read."""
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.partition("=")
    if not parameter.strip():
        return coding.strip(), 1.0
    try:
        weight = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        weight = 0.0
    return coding.strip(), weight if 0 <= weight <= 1 else 0.0


def _is_text(response: HttpResponseBase) -> bool:
    media_type = response.get("Content-Type", "").partition(";")[0].strip()
    return media_type.startswith("text/") or media_type.endswith(("json", "yaml", "xml"))
