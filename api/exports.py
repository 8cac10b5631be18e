"""Exports: streams of all matching results at one snapshot, in constant memory.

One COPY is one statement, so all its rows are of one state. Its lines are passed on as PostgreSQL
sends them. Only narrow rows are sorted, because each text is looked up by its row afterwards.
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from api.pagination import RECENTLY_EDITED, Sort
from api.tables import cells, columns, protect
from publishing import completion, documents
from publishing.models.edition import Edition
from publishing.registry import find_by_entry
from publishing.snapshots import Snapshot

_BLOCK = 2**16
_RAW = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
"""The format of COPY. JSON contains neither character, so no text is quoted or escaped."""
_OLDER = b"\x03"
"""The first byte of a line with a document that lacks a property: JSON does not hold it either."""
_COMPUTED = b"\x04"
"""The byte before properties that the query has computed."""


def ndjson(entries: QuerySet, sort: Sort, detail: bool, snapshot: Snapshot) -> Iterator[bytes]:
    """Yield blocks of lines: a summary or a document each, and a last one `{"end": ...}`.

    A stream that was interrupted has no such last line.
    """
    return _blocks(_ndjson(entries, sort, detail, snapshot))


def csv(entries: QuerySet, sort: Sort, *, spreadsheet: bool) -> Iterator[bytes]:
    """Yield blocks of a header row and the rows of a table of summaries.

    With `spreadsheet`, spreadsheets take no cell for a formula, and a byte-order mark marks UTF-8.
    """
    return _blocks(_csv(entries, sort, spreadsheet))


def geojson(
    entries: QuerySet, sort: Sort, detail: bool, centroids: bool, snapshot: Snapshot
) -> Iterator[bytes]:
    """Yield blocks of a FeatureCollection (RFC 7946), with a feature per line and a last `end`.

    The properties of a feature are a summary or a document. A feature without a point has no
    geometry.
    """
    return _blocks(_geojson(entries, sort, detail, centroids, snapshot))


def formats(serializer: Any) -> list[str]:
    """Return the formats of the export of the documents that a serializer renders."""
    has_point = serializer.point_path or serializer.centroid_path
    return ["ndjson", "csv", *["geojson"] * bool(has_point)]


def export_params(format_: str) -> dict[str, str]:
    """Return the parameters of an export, in an order that later versions cannot change."""
    more = {"csv": {}, "ndjson": {"detail": "true"}, "geojson": {"centroids": "true"}}[format_]
    return {"format": format_, **more, "sort": "recently_edited"}


def export(format_: str, entries: QuerySet, snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the export with `export_params`: a piece for each record, and one before or after."""
    sort = RECENTLY_EDITED
    if format_ == "csv":
        return _csv(entries, sort, spreadsheet=False)
    if format_ == "geojson":
        return _geojson(entries, sort, detail=False, centroids=True, snapshot=snapshot)
    return _ndjson(entries, sort, detail=True, snapshot=snapshot)


def _ndjson(entries: QuerySet, sort: Sort, detail: bool, snapshot: Snapshot) -> Iterator[bytes]:
    count = 0
    for line in _lines(entries, sort, detail):
        count += 1
        yield line
    yield documents.dump({"end": {"count": count, "snapshot": str(snapshot)}}) + b"\n"


def _csv(entries: QuerySet, sort: Sort, spreadsheet: bool) -> Iterator[bytes]:
    """Yield a table. A property that is annotated on the entries replaces the stored one."""
    serializer = find_by_entry(entries.model).serializer
    table = columns(serializer)
    names, types = [column.name for column in table], [column.type for column in table]
    computed = [name for name in serializer.summary if name in entries.query.annotation_select]
    lines = _lines(entries, sort, detail=False, computed=computed)
    rows = map(cells(table), map(_load, lines))
    return write_csv(names, types, rows, spreadsheet=spreadsheet)


def _load(line: bytes) -> dict[str, Any]:
    text, _, computed = line.partition(_COMPUTED)
    document: dict[str, Any] = documents.load(text)
    return document | documents.load(computed) if computed else document


def write_csv(
    names: list[str], types: list[str], rows: Iterable[list[str]], *, spreadsheet: bool
) -> Iterator[bytes]:
    """Yield the header row of a table, and then each of its rows, as CSV."""
    yield (BOM_UTF8 if spreadsheet else b"") + _row(names)
    for row in rows:
        yield _row(list(map(protect, types, row)) if spreadsheet else row)


def _row(row: list[str]) -> bytes:
    """Return a row of CSV. Joining costs a fraction of `csv`, if no cell needs quotes."""
    line = ",".join(row)
    if '"' in line or "\n" in line or "\r" in line or line.count(",") >= len(row):
        buffer = StringIO()
        writer(buffer).writerow(row)
        return buffer.getvalue().encode()
    return (line + "\r\n").encode()


def _geojson(
    entries: QuerySet, sort: Sort, detail: bool, centroids: bool, snapshot: Snapshot
) -> Iterator[bytes]:
    serializer = find_by_entry(entries.model).serializer
    count = without = 0
    joint = b'{"type":"FeatureCollection","features":[\n'
    for line in _lines(entries, sort, detail):
        document = documents.load(line)
        point = _at(document, serializer.point_path)
        central = centroids and point is None
        if central:
            point = _at(document, serializer.centroid_path)
        count += 1
        without += point is None
        feature = {
            "type": "Feature",
            "id": document["id"],
            "geometry": point
            and {"type": "Point", "coordinates": [point["longitude"], point["latitude"]]},
            "properties": {"is_centroid": central and point is not None},
        }
        yield joint + documents.dump(feature)[:-2] + b"," + line.rstrip()[1:] + b"}"
        joint = b",\n"
    end = {"count": count, "without_point": without, "snapshot": str(snapshot)}
    yield (b"\n" if count else joint) + b'],"end":' + documents.dump(end) + b"}\n"


def _at(document: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path of a document; None for an empty path."""
    value = document if path else None
    for name in path:
        value = value and value[name]
    return value


def _blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _lines(
    entries: QuerySet, sort: Sort, detail: bool, computed: Sequence[str] = ()
) -> Iterator[bytes]:
    """Yield a line for each entry: its summary or its document, completed if it is older.

    `computed` are annotations of the entries; a JSON object of them follows behind `_COMPUTED`.
    """
    text = "document" if detail else "summary"
    try:
        sql, parameters = (
            sort.sorted(entries)
            .values_list("seq", *sort.columns, *computed)
            .query.sql_with_params()
        )
    except EmptyResultSet:
        return
    type_ = find_by_entry(entries.model)
    pairs = ", ".join(f"'{name}', page.{name}" for name in computed)
    more = f" || E'\\x04' || json_build_object({pairs})" if computed else ""
    query = (
        f"COPY (SELECT (SELECT CASE WHEN edition.shape = %s THEN edition.{text} "  # noqa: S608
        f"ELSE %s || edition.document END{more} "
        f"FROM {Edition._meta.db_table} AS edition WHERE edition.seq = page.seq) "
        f"FROM ({sql}) AS page ORDER BY {sort.sql('page')}) TO STDOUT WITH ({_RAW})"
    )
    values = (completion.fingerprint(type_.serializer), _OLDER.decode(), *parameters)
    with transaction.atomic(), connection.cursor() as cursor:
        # The statement may take as long as the client reads, but may not wait as long for a lock.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'")
        # Django does not turn the exceptions of COPY into its own.
        with connection.wrap_database_errors, cursor.copy(cursor.mogrify(query, values)) as copy:
            for lines in copy:
                line = bytes(lines)
                if line.startswith(_OLDER):
                    older, mark, values_ = line[1:].partition(_COMPUTED)
                    line = completion.complete_text(
                        type_.name, older.decode(), "", summary=not detail
                    )
                    line += mark + values_ if mark else b"\n"
                yield line
