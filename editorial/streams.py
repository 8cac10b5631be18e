"""Streams: everything that matches, at one horizon, in constant memory.

One COPY is one statement, hence one state. Its lines pass through as PostgreSQL sends them; each
text is looked up by its row, so nothing wide is ever sorted or held, here or on the server.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from editorial import bodies
from editorial.api import shapes
from editorial.marks import Mark
from editorial.models import record_types
from editorial.models.edition import Edition
from editorial.orders import Sort

_BLOCK = 2**16
_RAW = "FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02'"
"""JSON holds neither character, so nothing is ever quoted; COPY's own format would escape."""
_OLDER = b"\x03"
"""What a line begins with whose text is of an older shape: JSON does not hold it either."""


def ndjson(entries: QuerySet, sort: Sort, detail: bool, mark: Mark) -> Iterator[bytes]:
    """Yield blocks of lines: a summary or a document each, the last one `{"end": ...}`.

    What breaks off has no such last line.
    """
    count, block = 0, bytearray()
    for lines in _lines(entries, sort, "document" if detail else "summary"):
        count += lines.count(b"\n")
        block += lines
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    end = {"end": {"count": count, "horizon": str(mark)}}
    yield bytes(block) + bodies.dump(end) + b"\n"


def _lines(entries: QuerySet, sort: Sort, text: str) -> Iterator[bytes]:
    try:
        sql, parameters = (
            sort.sorted(entries).values_list("seq", *sort.columns).query.sql_with_params()
        )
    except EmptyResultSet:
        return
    serializer = _serializer(entries)
    read = (
        "COPY (SELECT (SELECT CASE WHEN edition.shape < %s THEN %s ELSE '' END || "  # noqa: S608
        f"edition.{text} FROM {Edition._meta.db_table} AS edition WHERE edition.seq = page.seq) "
        f"FROM ({sql}) AS page ORDER BY {sort.sql('page')}) TO STDOUT WITH ({_RAW})"
    )
    asked = (serializer.shape, _OLDER.decode(), *parameters)
    with connection.cursor() as cursor, cursor.copy(cursor.mogrify(read, asked)) as copy:
        for lines in copy:
            line = bytes(lines)
            if line.startswith(_OLDER):
                document = bodies.load(line[len(_OLDER) :])
                summary = text == "summary"
                yield bodies.dump(shapes.complete(serializer, document, summary=summary)) + b"\n"
            else:
                yield line


def _serializer(entries: QuerySet) -> Any:
    """Return the serializer of the documents that entries stand for."""
    models = record_types().values()
    return next(model.serializer() for model in models if model.entries() is entries.model)
