"""Filling the table of words when a migration creates it, from documents that exist already."""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython
from django.db.models import Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from publishing import documents
from publishing.models.entry import FOREVER, list_word_columns

_CHUNK = 500


def fill_words(
    type_name: str, table: str, list_names: Callable[[dict[str, Any]], list[str | None]]
) -> RunPython:
    """Return the operation that writes the word entries of all documents of a type."""

    def fill(apps: Any, schema_editor: Any) -> None:
        edition = apps.get_model("publishing", "Edition")
        model = apps.get_model(table)
        later = edition.objects.filter(record=OuterRef("record"), seq__gt=OuterRef("seq"))
        after = later.order_by().values("record").annotate(first=Min("seq")).values("first")
        public = edition.objects.filter(type=type_name, public=True).order_by("seq")
        public = public.annotate(until=Coalesce(Subquery(after), FOREVER))
        rows = public.values_list("seq", "record", "until", "document")
        chunk = list(rows[:_CHUNK])
        while chunk:
            model.objects.bulk_create(
                model(seq=seq, record=record, until_seq=until, **columns)
                for seq, record, until, document in chunk
                for columns in list_word_columns(list_names(documents.load(document)))
            )
            chunk = list(rows.filter(seq__gt=chunk[-1][0])[:_CHUNK])

    return RunPython(fill, RunPython.noop)
