"""The formats of lists: a page of JSON, or a stream of everything that matches."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet, TextChoices
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from editorial import streams
from editorial.api.renderers import JSONRenderer
from editorial.marks import Mark
from editorial.orders import Sort


class Format(TextChoices):
    """The words of the parameter `format`."""

    JSON = "json"
    NDJSON = "ndjson"


class Stream(JSONRenderer):
    """A format that holds everything that matches. What is refused is still told as JSON."""

    description: ClassVar[str]
    """What the stream looks like."""

    def write(self, entries: QuerySet, sort: Sort, detail: bool, mark: Mark) -> Iterator[bytes]:
        """Yield the stream of `entries` in an order, as documents or not, at a mark."""
        raise NotImplementedError


class NDJSONStream(Stream):
    """A line of JSON for each result."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    description = (
        "A summary, or with `detail=true` a document, in each line; the last line is "
        '`{"end": {"count": n, "horizon": MARK}}`. A stream without it was broken off.'
    )

    def write(self, entries: QuerySet, sort: Sort, detail: bool, mark: Mark) -> Iterator[bytes]:
        return streams.ndjson(entries, sort, detail, mark)


STREAMS: dict[str, type[Stream]] = {Format.NDJSON: NDJSONStream}


class Negotiation(DefaultContentNegotiation):
    """Chooses the format: the parameter `format` wins over Accept."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer and its media type; what no format is called, filters refuse."""
        word = request.query_params.get("format")
        if word is None:
            return super().select_renderer(request, renderers, format_suffix)
        offered = list(renderers)
        chosen = next((one for one in offered if one.format == word), offered[0])
        return chosen, chosen.media_type


def begun(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Return a stream that has begun: what keeps it from beginning is raised here and now."""
    return _resumed(next(stream, b""), stream)


def _resumed(first: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from stream
