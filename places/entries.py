"""The rows by which published places are found."""

from typing import Any

from django.db import models

from editorial.models import EntryRow, NamedEntry
from sources.entries import IdentifiedEntry


class PlaceEntry(NamedEntry, IdentifiedEntry):
    """A published place."""

    slug = models.CharField(max_length=120, help_text="Its slug.")
    kind = models.CharField(max_length=40, help_text="What it is.")
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    parent = models.UUIDField(null=True, help_text="The place that it lies in.")

    class Meta(NamedEntry.Meta):
        indexes = [
            *NamedEntry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            # A place named in a parameter by its slug.
            models.Index("slug", name="placeentry_slug"),
            # The places of a country by name.
            models.Index("country", "name_key", "record", name="placeentry_country"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        parent = document["parent"]
        return [
            cls(
                **cls.named(document, document["name"]),
                **cls.identified(document),
                slug=document["slug"],
                kind=document["kind"],
                country=document["country"] or "",
                parent=parent and parent["id"],
            )
        ]
