"""The rows by which published publishers and sources are found."""

from typing import Any

from django.db import models

from editorial.models import EntryRow, NamedEntry


class PublisherEntry(NamedEntry):
    """A published publisher."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")

    class Meta(NamedEntry.Meta):
        pass

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [cls(**cls.named(document, document["name"]), country=document["country"] or "")]


class SourceEntry(NamedEntry):
    """A published source."""

    kind = models.CharField(max_length=40, help_text="What it is.")

    class Meta(NamedEntry.Meta):
        pass

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [cls(**cls.named(document, document["title"]), kind=document["kind"])]
