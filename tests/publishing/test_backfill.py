"""Migrations that create a table of index rows fill it as publication would have."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations import RunPython

from actors.entries import ActorWordEntry
from actors.models import Actor
from editorial import workflow
from editorial.models import User
from places.entries import PlaceWordEntry
from places.models import Place
from publishing import triggers
from publishing.models import WordEntry
from sources.entries import PublisherWordEntry, SourceWordEntry
from sources.models import Publisher, Source

pytestmark = pytest.mark.django_db
TABLES: tuple[type[WordEntry], ...] = (
    ActorWordEntry,
    PlaceWordEntry,
    PublisherWordEntry,
    SourceWordEntry,
)
COLUMNS = ("seq", "until_seq", "record", "key", "is_start", "text")


def read_words() -> list[list[tuple[Any, ...]]]:
    """Return the rows of each table of words."""
    return [sorted(table.objects.values_list(*COLUMNS)) for table in TABLES]


def test_words_of_names_are_filled(
    iraq: Place, kataib: Actor, pmf: Actor, publish: Any, reviewer: User
) -> None:
    kataib.names.create(text="كتائب حزب الله", language="ar", kind="official")
    publisher = Publisher.objects.create(name="Shafaq News")
    source = Source.objects.create(title="تقرير", translated_title="A report")
    publish(iraq, kataib, pmf, publisher, source)
    kataib.name = "Hezbollah Brigades"
    kataib.save()
    publish(kataib)
    workflow.withdraw(pmf, reviewer, "Doubts")
    words = read_words()
    assert all(words)
    with triggers.allow("rebuild"):
        for table in TABLES:
            table.objects.all().delete()
    for app in ("actors", "places", "sources"):
        for operation in import_module(f"{app}.migrations.0003_words").Migration.operations:
            if isinstance(operation, RunPython):
                operation.code(apps, None)
    assert read_words() == words
