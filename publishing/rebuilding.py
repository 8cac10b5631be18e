"""Rebuilding index rows from documents: of all Editions of a type, or of some Editions."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from publishing import bulk, completion, index, publication, triggers
from publishing.models.edition import Edition, Reference, TableRow
from publishing.models.entry import FOREVER, EntryRow
from publishing.registry import Registration, record_types
from publishing.totals import Totals

_CHUNK = 500


def rebuild_entries(
    registration: Registration, step: Callable[[int], None] = lambda number: None
) -> int:
    """Rebuild every entry, side row and reference of a type; return the number of Editions.

    Publications wait until the transaction ends; readers see the old rows until then. `step` is
    called with the number of Editions of each chunk, so memory does not grow with them.
    """
    publication.acquire_lock()
    editions = Edition.objects.filter(type=registration.name)
    with triggers.allow("rebuild"):
        for table in index.list_tables(registration):
            old: Any = table.objects.all()
            (old.filter(seq__in=editions.values("seq")) if table is Reference else old).delete()
        TableRow.objects.filter(seq__in=editions.values("seq")).delete()
        number = _write(editions, step)
    if registration.entry.totals:
        rebuild_totals(registration.entry.totals)
    return number


def rebuild_totals(totals: Totals) -> None:
    """Rebuild totals from the current entries. Publications wait until the transaction ends."""
    publication.acquire_lock()
    totals.rebuild()


def rebuild_entries_of(changed: Iterable[int]) -> None:
    """Rebuild the rows of some Editions; call it inside `triggers.allow`."""
    listed = sorted(changed)
    for start in range(0, len(listed), _CHUNK):
        seqs = listed[start : start + _CHUNK]
        editions = Edition.objects.filter(seq__in=seqs)
        types = editions.order_by().values_list("type", flat=True).distinct()
        registrations = [record_types()[type_] for type_ in types]
        totals = [each.entry.totals for each in registrations if each.entry.totals]
        for each in totals:
            each.add(seqs, -1)
        for table in {table for each in registrations for table in index.list_tables(each)}:
            old: Any = table.objects
            old.filter(seq__in=seqs).delete()
        TableRow.objects.filter(seq__in=seqs).delete()
        _write(editions)
        for each in totals:
            each.add(seqs, 1)


def _write(editions: QuerySet[Edition], step: Callable[[int], None] = lambda number: None) -> int:
    """Write the rows of those of `editions` that are public; return the number of these Editions.

    The rows of an Edition are current until the next Edition of its record.
    """
    later = Edition.objects.filter(record=OuterRef("record"), seq__gt=OuterRef("seq"))
    after = later.order_by().values("record").annotate(first=Min("seq")).values("first")
    public = editions.filter(public=True).order_by("seq").defer("summary")
    public = public.annotate(until=Coalesce(Subquery(after), FOREVER))
    done, chunk = 0, list(public[:_CHUNK])
    while chunk:
        rows: dict[type[EntryRow], list[EntryRow]] = {}
        table_rows = list[TableRow]()
        for edition in chunk:
            document = completion.read_document(edition)
            table_rows.append(index.build_table_row(edition, document))
            for row in index.build_rows(edition, document):
                row.until_seq = edition.until
                rows.setdefault(type(row), []).append(row)
        for table, chunk_rows in rows.items():
            bulk.insert_rows(table, chunk_rows)
        bulk.insert_rows(TableRow, table_rows)
        done += len(chunk)
        step(len(chunk))
        chunk = list(public.filter(seq__gt=chunk[-1].seq)[:_CHUNK])
    return done
