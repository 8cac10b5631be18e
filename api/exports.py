"""Exports: streams of all matching results at one snapshot, in constant memory.

One COPY, or one cursor, is one statement, so all its rows are of one state. Its texts are passed on
as PostgreSQL sends them. Only narrow rows are sorted, because each text is looked up by its row
afterwards.
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from api.computed import build_computed
from api.pagination import RECENTLY_EDITED, Sort
from api.selections import Selection
from publishing import completion, documents
from publishing.models.edition import Edition, TableRow
from publishing.registry import find_by_entry
from publishing.snapshots import Snapshot
from publishing.tables import cells, flatten, join_cells, protect

_BLOCK = 2**16
_RAW = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
"""The format of COPY. JSON contains neither character, so no text is quoted or escaped."""
_OLDER = b"\x03"
"""The first byte of a line with a document that lacks a property: JSON does not hold it either."""
_COMPUTED = b"\x04"
"""The byte before properties that the query has computed."""
_STORED = "\x05"
"""The first character of a stored row of a table."""
_BATCH = 1000
"""The number of stored rows in memory at a time."""
_KEPT = 10_000
"""The largest number of different cells of computed lists in memory."""
_PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'"
"""A statement may take as long as the client reads, but may not wait as long for a lock."""


class Results(NamedTuple):
    """The results of a stream: entries in an order, as they are at a snapshot."""

    entries: QuerySet
    sort: Sort
    snapshot: Snapshot


def ndjson(results: Results, selection: Selection, *, end: bool = False) -> Iterator[bytes]:
    """Yield blocks of lines of JSON, one for each result.

    With `end`, a last line `{"end": ...}` follows. A stream that was interrupted has none.
    """
    return _blocks(_ndjson(results, selection, end))


def csv(results: Results, selection: Selection, *, spreadsheet: bool) -> Iterator[bytes]:
    """Yield blocks of a header row and the rows of a table.

    With `spreadsheet`, spreadsheets take no cell for a formula, and a byte-order mark marks UTF-8.
    """
    return _blocks(_csv(results, selection, spreadsheet))


def geojson(results: Results, selection: Selection, *, centroids: bool) -> Iterator[bytes]:
    """Yield blocks of a FeatureCollection (RFC 7946), with a feature per line and a last `end`.

    The properties of a feature are flat. A feature without a point has no geometry.
    """
    return _blocks(_geojson(results, selection, centroids))


def count_results(results: Results, selection: Selection) -> int:
    """Return the number of results of a stream: of records, or of rows of a part."""
    if selection.part is None:
        return results.entries.count()
    try:
        sql, parameters = results.entries.order_by().values_list("seq").query.sql_with_params()
    except EmptyResultSet:
        return 0
    lengths = " + ".join(_count_rows("stated.document", path) for path in selection.part.paths)
    query = (
        f"SELECT coalesce(sum({lengths}), 0) FROM ({sql}) AS page "  # noqa: S608
        f"JOIN {Edition._meta.db_table} AS edition USING (seq) "
        "CROSS JOIN LATERAL (SELECT edition.document::jsonb AS document OFFSET 0) AS stated"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # as long as the stream itself may take
        cursor.execute(query, parameters)
        return int(cursor.fetchone()[0])


def _count_rows(parent: str, path: Sequence[str], depth: int = 0) -> str:
    """Return an expression for the number of rows at a path; older documents may lack a list."""
    first, *rest = path
    if not rest:
        return f"coalesce(jsonb_array_length({parent}->'{first}'), 0)"
    row = f"row_{depth}"
    return (
        f"coalesce((SELECT sum({_count_rows(row, rest, depth + 1)}) "  # noqa: S608
        f"FROM jsonb_array_elements({parent}->'{first}') AS {row}), 0)"
    )


def formats(serializer: Any) -> list[str]:
    """Return the formats of the export of the documents that a serializer renders."""
    has_point = serializer.point_path or serializer.centroid_path
    return ["ndjson", "csv", *["geojson"] * bool(has_point)]


def export_params(format_: str) -> dict[str, str]:
    """Return the parameters of an export, in an order that later versions cannot change."""
    more = {"csv": {}, "ndjson": {"detail": "true"}, "geojson": {"centroids": "true"}}[format_]
    return {"format": format_, **more, "sort": "recently_edited"}


def export(format_: str, entries: QuerySet, snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the export with `export_params`: a piece for each record, and others around them."""
    results = Results(entries, RECENTLY_EDITED, snapshot)
    type_ = find_by_entry(entries.model)
    if format_ == "csv":
        return _csv(results, Selection(type_), spreadsheet=False)
    if format_ == "geojson":
        return _geojson(results, Selection(type_), centroids=True)
    return _ndjson(results, Selection(type_, detail=True), end=False)


def _ndjson(results: Results, selection: Selection, end: bool) -> Iterator[bytes]:
    count = 0
    if selection.is_whole:
        lines = _listing_lines if selection.computed else _lines
        for line in lines(results, selection):
            count += 1
            yield line
    else:
        for document in _select(results, selection, selection.computed):
            count += 1
            yield documents.dump(document) + b"\n"
    if end:
        stated = {"count": count, "snapshot": str(results.snapshot)}
        yield documents.dump({"end": stated}) + b"\n"


def _csv(results: Results, selection: Selection, spreadsheet: bool) -> Iterator[bytes]:
    """Yield a table. A property that is annotated on the entries replaces the stored one."""
    table = selection.columns
    names, types = [column.name for column in table], [column.type for column in table]
    annotated = results.entries.query.annotation_select
    replacing = [name for name in selection.tree if name in annotated]
    if selection.is_whole and not (selection.reads_documents or replacing or spreadsheet):
        return _stored_csv(results, selection)
    rows = map(cells(table), _select(results, selection, [*selection.computed, *replacing]))
    return write_csv(names, types, rows, spreadsheet=spreadsheet)


def _listing_lines(results: Results, selection: Selection) -> Iterator[bytes]:
    """Yield a line for each entry: its summary with its computed lists."""
    lists = Lists(results, selection, lambda values: documents.dump(values)[1:] + b"\n")
    for batch in _fetch_rows(results, lists.columns):
        lists.read(keys for _, *keys in batch)
        for text, *keys in batch:
            yield _complete_summary(results, text)[:-1] + b"," + lists.rendered(keys)


def _stored_csv(results: Results, selection: Selection) -> Iterator[bytes]:
    """Yield a table of summaries whose rows are stored, and whose last columns are computed."""
    table = selection.columns
    computed = tuple(column for column in table if column.steps[0].name in selection.computed)
    make_row, make_last = cells(table), cells(computed)

    def render(values: dict[str, Any]) -> bytes:
        return f",{join_cells(make_last(values))}".encode() if values else b""

    lists = Lists(results, selection, render)
    yield _row([column.name for column in table])
    for batch in _fetch_rows(results, lists.columns, stored=True):
        lists.read(keys for _, *keys in batch)
        for text, *keys in batch:
            if text.startswith(_STORED):
                yield text[1:].encode() + lists.rendered(keys) + b"\r\n"
            else:
                summary = documents.load(_complete_summary(results, text))
                yield _row(make_row(summary | lists.values(keys)))


class Lists:
    """The computed lists of summaries; for each summary the database returns the ids in them.

    Many summaries list the same records, such as sources. Each is read once and each list rendered
    once, as long as not too many are kept.
    """

    def __init__(
        self, results: Results, selection: Selection, render: Callable[[dict[str, Any]], bytes]
    ) -> None:
        self.snapshot = results.snapshot
        self.lists = {name: results.entries.model.computed[name] for name in selection.computed}
        self.columns = [f"(ARRAY({each.keys}))::text" for each in self.lists.values()]
        self._items: dict[str, dict[str, Any]] = {name: {} for name in self.lists}
        self._render, self._rendered = render, dict[tuple[str, ...], bytes]()

    def read(self, keys: Iterable[Sequence[str]]) -> None:
        """Read what the lists of some rows have that is not known yet."""
        rows = {tuple(each) for each in keys}
        new = rows - self._rendered.keys()
        if len(self._rendered) + len(new) > _KEPT:
            new = rows
            self._rendered.clear()
            self._items = {name: {} for name in self.lists}
        for number, (name, each) in enumerate(self.lists.items()):
            ids = {id_ for key in new for id_ in _split_array(key[number])}
            missing = ids - self._items[name].keys()
            with connection.cursor() as cursor:
                if missing:
                    params = {"ids": f"{{{','.join(missing)}}}", "seq": f"{self.snapshot.seq}"}
                    cursor.execute(each.items, params)
                    read = {str(id_): documents.load(text) for id_, text in cursor.fetchall()}
                    self._items[name] |= dict.fromkeys(missing) | read
        for key in new:
            self._rendered[key] = self._render(self.values(key))

    def values(self, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Return the lists of one row, without records that are not public."""
        return {
            name: [item for id_ in _split_array(ids) if (item := self._items[name][id_])]
            for name, ids in zip(self.lists, keys, strict=True)
        }

    def rendered(self, keys: Sequence[str]) -> bytes:
        """Return the lists of one row as rendered."""
        return self._rendered[tuple(keys)]


def _split_array(text: str) -> list[str]:
    """Return the public ids of an array as PostgreSQL writes it."""
    return text[1:-1].split(",") if text != "{}" else []


def _complete_summary(results: Results, text: str) -> bytes:
    """Return a summary; `text` is a document behind `_OLDER` if older software wrote it."""
    if not text.startswith(_OLDER.decode()):
        return text.encode()
    type_ = find_by_entry(results.entries.model).name
    return completion.complete_text(type_, text[1:], "", summary=True)


def _fetch_rows(
    results: Results, columns: Sequence[str], *, stored: bool = False
) -> Iterator[list[tuple[str, ...]]]:
    """Yield lists of summaries, or of rows of a table where they are `stored`.

    Expressions of `page` follow each. Between two lists, other than during a COPY, the caller can
    make further queries.
    """
    entries, sort, _ = results
    try:
        sql, parameters = (
            sort.sorted(entries).values_list("seq", *sort.columns).query.sql_with_params()
        )
    except EmptyResultSet:
        return
    shape = completion.fingerprint(find_by_entry(entries.model).serializer)
    text, values = _text_of(shape, "summary")
    if stored:
        row = (
            f"SELECT %s || row.cells FROM {TableRow._meta.db_table} AS row "  # noqa: S608
            "WHERE row.seq = page.seq AND row.shape = %s"
        )
        text, values = f"coalesce(({row}), {text})", (_STORED, shape, *values)
    query = (
        f"SELECT {', '.join([text, *columns])} "  # noqa: S608
        f"FROM ({sql}) AS page ORDER BY {sort.sql('page')}"
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"{_PATIENT}; SET LOCAL cursor_tuple_fraction = 1")
        with connection.chunked_cursor() as rows:
            rows.execute(query, [*values, *parameters])
            while batch := rows.fetchmany(_BATCH):
                yield batch


def _text_of(shape: str, column: str) -> tuple[str, tuple[Any, ...]]:
    """Return an expression for a text of the edition `page.seq`, and its parameters.

    The text is a document behind `_OLDER` where it lacks a property.
    """
    return (
        f"(SELECT CASE WHEN edition.shape = %s THEN edition.{column} "  # noqa: S608
        "ELSE %s || edition.document END "
        f"FROM {Edition._meta.db_table} AS edition WHERE edition.seq = page.seq)",
        (shape, _OLDER.decode()),
    )


def _select(
    results: Results, selection: Selection, computed: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield what a stream has of each result, parsed."""
    for line in _lines(results, selection, computed):
        yield from selection.select(_load(line))


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
    return join_cells(row).encode() + b"\r\n"


def _geojson(results: Results, selection: Selection, centroids: bool) -> Iterator[bytes]:
    serializer = find_by_entry(results.entries.model).serializer
    flat = flatten(selection.columns)
    count = without = 0
    joint = b'{"type":"FeatureCollection","features":[\n'
    for line in _lines(results, selection, selection.computed):
        document = _load(line)
        point = _at(document, serializer.point_path)
        central = centroids and point is None
        if central:
            point = _at(document, serializer.centroid_path)
        count += 1
        without += point is None
        (selected,) = selection.select(document)
        feature = {
            "type": "Feature",
            "id": document["id"],
            "geometry": point
            and {"type": "Point", "coordinates": [point["longitude"], point["latitude"]]},
            "properties": {"is_centroid": central and point is not None} | flat(selected),
        }
        yield joint + documents.dump(feature)
        joint = b",\n"
    end = {"count": count, "without_point": without, "snapshot": str(results.snapshot)}
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


def _lines(results: Results, selection: Selection, computed: Sequence[str] = ()) -> Iterator[bytes]:
    """Yield a line for each entry: its summary or its document, completed if it is older.

    `computed` are annotations of the entries, or computed properties of summaries; a JSON object of
    them follows behind `_COMPUTED`.
    """
    entries, sort, snapshot = results
    annotated = [name for name in computed if name not in entries.model.computed]
    try:
        sql, parameters = (
            sort.sorted(entries)
            .values_list("seq", *sort.columns, *annotated)
            .query.sql_with_params()
        )
    except EmptyResultSet:
        return
    type_ = find_by_entry(entries.model)
    more, at = "", list[int]()
    if computed:
        built, at = build_computed(entries.model, computed, snapshot)
        more = f" || E'\\x04' || {built}"
    text, values = _text_of(
        completion.fingerprint(type_.serializer),
        "document" if selection.reads_documents else "summary",
    )
    query = (
        f"COPY (SELECT {text}{more} FROM ({sql}) AS page ORDER BY {sort.sql('page')}) "  # noqa: S608
        f"TO STDOUT WITH ({_RAW})"
    )
    values = (*values, *at, *parameters)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PATIENT)
        # Django does not turn the exceptions of COPY into its own.
        with connection.wrap_database_errors, cursor.copy(cursor.mogrify(query, values)) as copy:
            for lines in copy:
                line = bytes(lines)
                if line.startswith(_OLDER):
                    older, mark, values_ = line[1:].partition(_COMPUTED)
                    line = completion.complete_text(
                        type_.name, older.decode(), "", summary=not selection.reads_documents
                    )
                    line += mark + values_ if mark else b"\n"
                yield line
