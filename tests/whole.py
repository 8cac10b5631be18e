"""What must be true of the public record at any moment, whatever happened before."""

from itertools import pairwise

from django.db import connection

from publishing import documents, index
from publishing.models import FOREVER, Edition, EntryRow, Reference
from publishing.registry import record_types
from publishing.snapshots import START


def assert_whole() -> None:
    """Hold Editions to their chain, and Entries and Quotations to the documents."""
    editions = list(Edition.objects.order_by("seq"))
    assert [edition.seq for edition in editions] == list(range(1, len(editions) + 1)), "gapless"
    snapshot = START
    for edition in editions:
        snapshot = snapshot.after(edition.record, edition.version, edition.kind)
        assert edition.snapshot == snapshot
    for one, next_ in pairwise(editions):
        assert one.published_at <= next_.published_at
    until = {}
    made: dict[type[EntryRow], list[EntryRow]] = {Reference: []}
    for model in record_types().values():
        made |= {table: [] for table in (model.entry, *model.entry.sides)}
    for edition in reversed(editions):
        ended = until.get(edition.record, FOREVER)
        until[edition.record] = edition.seq
        for row in _rows(edition):
            row.until_seq = ended
            made[type(row)].append(row)
    for table, rows in made.items():
        _assert_equal(table, rows)
    newest = {str(edition.record): edition for edition in editions}
    for edition in newest.values():
        for target in documents.find_references((edition.document or "").encode()) - {
            str(edition.record)
        }:
            assert newest[target].reference in edition.document, "quotes read as what they quote"


def _rows(edition: Edition) -> list[EntryRow]:
    """Return the rows that an Edition is found by."""
    if not edition.public:
        return []
    targets = documents.find_references(edition.document.encode()) - {str(edition.record)}
    return [
        *(row for row in index.build_rows(edition) if not isinstance(row, Reference)),
        *(Reference(seq=edition.seq, record=edition.record, target=one) for one in targets),
    ]


def _assert_equal(table: type[EntryRow], rows: list[EntryRow]) -> None:
    """Compare rows with those of their table as the database reads and writes both."""
    fields = [field for field in table._meta.local_concrete_fields if field.name != "id"]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE made AS SELECT {columns} FROM {table._meta.db_table} LIMIT 0"
        )
        cursor.executemany(
            f"INSERT INTO made VALUES ({', '.join(['%s'] * len(fields))})",
            [
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                ]
                for row in rows
            ],
        )
        there = f"SELECT ROW({columns})::text FROM {table._meta.db_table}"
        cursor.execute(
            f"WITH made AS (SELECT ROW({columns})::text FROM made), there AS ({there}) "
            "(TABLE made EXCEPT ALL TABLE there) UNION ALL (TABLE there EXCEPT ALL TABLE made)"
        )
        differing = cursor.fetchall()
        cursor.execute("DROP TABLE made")
    assert not differing, (table, differing[:3])
