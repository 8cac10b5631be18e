"""The formats of answers: JSON, NDJSON, CSV and GeoJSON, and their negotiation."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db.models import TextChoices
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api import exports
from api.exports import Results
from api.limits import Slot
from api.selections import Selection
from publishing import documents


class JSONRenderer(BaseRenderer):
    """JSON. Bytes are JSON already and pass through unchanged."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the body of an answer."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else documents.dump(data)


class GeoJSONRenderer(JSONRenderer):
    """JSON that is GeoJSON, for clients that ask for its media type."""

    media_type = "application/geo+json"
    format = "geojson"


class Format(TextChoices):
    """The words of the parameter `format`."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


class MapFormat(TextChoices):
    """The words of the parameter `format` of lists of records that have a point."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    GEOJSON = "geojson"


class Escape(TextChoices):
    """The words of the parameter `escape`."""

    SPREADSHEET = "spreadsheet"


class File(JSONRenderer):
    """A format that is downloaded as a file. A problem is still answered as JSON."""

    description: ClassVar[str]
    """The structure of the file."""
    content_type: ClassVar[str]
    """The media type with its parameters."""


class Stream(File):
    """A file with all matching results. The header `Muster-Count` states their number."""

    def write(
        self, results: Results, selection: Selection, params: dict[str, Any]
    ) -> Iterator[bytes]:
        """Yield the stream of what is selected of the results, as parameters say."""
        raise NotImplementedError


class NDJSONStream(Stream):
    """A stream with a line of JSON for each result."""

    media_type = content_type = "application/x-ndjson"
    format = "ndjson"
    description = (
        "One summary per line, or one document with `detail=true`, or one row of a `part`. "
        "`fields` leaves out the other properties. The header `Muster-Count` gives the number of "
        "lines. With `end=true` there is one more, the last: "
        '`{"end": {"count": n, "snapshot": SNAPSHOT}}`.'
    )

    def write(
        self, results: Results, selection: Selection, params: dict[str, Any]
    ) -> Iterator[bytes]:
        return exports.ndjson(results, selection, end=params["end"])


class CSVStream(Stream):
    """A stream with a row for each result."""

    media_type = "text/csv"
    content_type = "text/csv; charset=utf-8; header=present"
    format = "csv"
    description = (
        "A header row and one summary per row, or one row of a `part` (RFC 4180, UTF-8), with the "
        "columns that /api/v1/datapackage.json describes, or with those of `fields`. Each property "
        "of an object has its own column. The values of a list are joined by `|`; within a value, "
        "`|` is written `\\|` and `\\` is written `\\\\`. An empty cell is null. The header "
        "`Muster-Count` gives the number of rows; a file with fewer rows is incomplete."
    )

    def write(
        self, results: Results, selection: Selection, params: dict[str, Any]
    ) -> Iterator[bytes]:
        return exports.csv(results, selection, spreadsheet=bool(params["escape"]))


class GeoJSONStream(Stream):
    """A stream with a feature for each result."""

    media_type = content_type = "application/geo+json"
    format = "geojson"
    description = (
        "A FeatureCollection (RFC 7946) with one feature per result. Its properties are flat: "
        "`is_centroid`, and the summary under the names of the columns of CSV, or the document "
        "with `detail=true`, or those of `fields`. Their values are those of JSON, and lists for "
        "the columns of lists. A record without a public point has no geometry. The header "
        "`Muster-Count` gives the number of features. The last member is `end`: "
        '`{"count": n, "without_point": n, "snapshot": SNAPSHOT}`; a file without it is incomplete.'
    )

    def write(
        self, results: Results, selection: Selection, params: dict[str, Any]
    ) -> Iterator[bytes]:
        return exports.geojson(results, selection, centroids=params["centroids"])


STREAMS: dict[str, type[Stream]] = {
    Format.CSV: CSVStream,
    Format.NDJSON: NDJSONStream,
    MapFormat.GEOJSON: GeoJSONStream,
}


class Negotiation(DefaultContentNegotiation):
    """Content negotiation in which the parameter `format` takes precedence over `Accept`."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer and its media type. Filter sets refuse an unknown format."""
        word = request.query_params.get("format")
        if word is None:
            return super().select_renderer(request, renderers, format_suffix)
        offered = list(renderers)
        chosen = next((each for each in offered if each.format == word), offered[0])
        return chosen, chosen.media_type


class Export:
    """The blocks of a stream that has started, and the slot that it holds until it is closed."""

    def __init__(self, blocks: Iterator[bytes], slot: Slot) -> None:
        """Start the stream, so that a query that fails raises here."""
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
        """End the stream at any point: first its query, then its slot."""
        try:
            if close := getattr(self._blocks, "close", None):
                close()
        finally:
            self._slot.release()
