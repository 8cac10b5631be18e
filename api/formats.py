"""The formats of answers: JSON, NDJSON, CSV and GeoJSON, and how one is chosen."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet, TextChoices
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api import exports
from api.limits import Slot
from api.ordering import Sort
from publishing import documents
from publishing.snapshots import Snapshot


class JSONRenderer(BaseRenderer):
    """JSON; what is bytes already passes through."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the body of an answer."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else documents.dump(data)


class Format(TextChoices):
    """The words of the parameter `format`."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


class MapFormat(TextChoices):
    """The words of the parameter `format` where there are points."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    GEOJSON = "geojson"


class Escape(TextChoices):
    """The words of the parameter `escape`."""

    SPREADSHEET = "spreadsheet"


class File(JSONRenderer):
    """A format that is taken away as a file. What is refused is still told as JSON."""

    description: ClassVar[str]
    """What the file looks like."""
    content_type: ClassVar[str]
    """The media type with its parameters."""


class Stream(File):
    """A file that holds everything that matches."""

    counted: ClassVar[bool] = False
    """Whether a header tells how many results there are, since its end cannot say that it is."""

    def write(
        self, entries: QuerySet, sort: Sort, asked: dict[str, Any], snapshot: Snapshot
    ) -> Iterator[bytes]:
        """Yield the stream of `entries` in an order, as the parameters ask for, at a snapshot."""
        raise NotImplementedError


class NDJSONStream(Stream):
    """A line of JSON for each result."""

    media_type = content_type = "application/x-ndjson"
    format = "ndjson"
    description = (
        "A summary, or with `detail=true` a document, in each line; the last line is "
        '`{"end": {"count": n, "snapshot": SNAPSHOT}}`. A stream without it was broken off.'
    )

    def write(
        self, entries: QuerySet, sort: Sort, asked: dict[str, Any], snapshot: Snapshot
    ) -> Iterator[bytes]:
        return exports.ndjson(entries, sort, asked["detail"], snapshot)


class CSVStream(Stream):
    """A row for each result."""

    media_type = "text/csv"
    content_type = "text/csv; charset=utf-8; header=present"
    format = "csv"
    counted = True
    description = (
        "A summary in each row below a head (RFC 4180, UTF-8); /api/v1/datapackage.json describes "
        "the columns. Objects are spread over columns; the values of a list are joined by `|`, "
        "before which, and before `\\`, stands `\\` within a value; empty is null. The header "
        "`Muster-Count` says how many rows there are: a transfer of fewer was broken off."
    )

    def write(
        self, entries: QuerySet, sort: Sort, asked: dict[str, Any], snapshot: Snapshot
    ) -> Iterator[bytes]:
        return exports.csv(entries, sort, spreadsheet=bool(asked["escape"]))


class GeoJSONStream(Stream):
    """A feature for each result."""

    media_type = content_type = "application/geo+json"
    format = "geojson"
    description = (
        "A FeatureCollection (RFC 7946) with a feature for each result; its properties are the "
        "summary, or with `detail=true` the document, and `is_centroid`. What has no public point "
        "has no geometry. It ends with a member `end`: "
        '`{"count": n, "without_point": n, "snapshot": SNAPSHOT}`; without it, it was broken off.'
    )

    def write(
        self, entries: QuerySet, sort: Sort, asked: dict[str, Any], snapshot: Snapshot
    ) -> Iterator[bytes]:
        return exports.geojson(entries, sort, asked["detail"], asked["centroids"], snapshot)


STREAMS: dict[str, type[Stream]] = {
    Format.CSV: CSVStream,
    Format.NDJSON: NDJSONStream,
    MapFormat.GEOJSON: GeoJSONStream,
}


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


class Export:
    """The blocks of a stream that has begun, and the slot that it holds until it is closed."""

    def __init__(self, blocks: Iterator[bytes], slot: Slot) -> None:
        """What keeps the stream from beginning is raised here and now."""
        self._first: bytes | None = next(blocks, b"")
        self._blocks, self._slot = blocks, slot

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return next(self._blocks)

    def close(self) -> None:
        """End the stream, however far it is: its query first, then its slot."""
        try:
            if close := getattr(self._blocks, "close", None):
                close()
        finally:
            self._slot.release()
