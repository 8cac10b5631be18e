"""The rows by which published publishers and sources are found."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from editorial.models import EntryRow, NamedEntry


class IdentifiedEntry(models.Model):
    """The ids by which other systems call what was published."""

    external_ids = ArrayField(
        models.CharField(max_length=241), help_text="What other systems call it, as scheme:value."
    )

    class Meta:
        abstract = True
        indexes = [
            # The records that another system calls by an id.
            GinIndex("external_ids", name="%(class)s_external_ids"),
        ]

    @classmethod
    def identified(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return what every such entry takes from its document."""
        return {
            "external_ids": [f"{row['scheme']}:{row['value']}" for row in document["external_ids"]]
        }


class PublisherEntry(NamedEntry):
    """A published publisher."""

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")

    class Meta(NamedEntry.Meta):
        pass

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [cls(**cls.named(document, document["name"]), country=document["country"] or "")]


class SourceEntry(NamedEntry, IdentifiedEntry):
    """A published source."""

    kind = models.CharField(max_length=40, help_text="What it is.")

    class Meta(NamedEntry.Meta):
        indexes = [*NamedEntry.Meta.indexes, *IdentifiedEntry.Meta.indexes]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [
            cls(
                **cls.named(document, document["title"]),
                **cls.identified(document),
                kind=document["kind"],
            )
        ]
