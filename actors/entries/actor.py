"""The rows by which published actors are found."""

from typing import Any

from django.db import models

from actors.entries.asserted import (
    ClassificationEntry,
    DesignationEntry,
    PresenceEntry,
    asserted,
)
from actors.entries.held import HeldEntry, days
from actors.entries.name import ActorNameEntry
from places.entries import PlacedEntry
from publishing.models import EntryRow, NamedEntry
from sources.entries import IdentifiedEntry


class ActorEntry(NamedEntry, HeldEntry, IdentifiedEntry, PlacedEntry):
    """A published actor; its validity is its existence, its place its home country."""

    sides = (ActorNameEntry, ClassificationEntry, DesignationEntry, PresenceEntry)
    named_in = ("name", "names.text")
    told_in = ("names.meaning", "summary", "description")

    slug = models.CharField(max_length=120, help_text="Its slug.")
    kind = models.CharField(max_length=40, help_text="What it is.")
    identity = models.CharField(max_length=40, help_text="Whether it is known who it is.")

    class Meta(NamedEntry.Meta):
        indexes = [
            *NamedEntry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            # An actor named in a parameter by its slug.
            models.Index("slug", name="actorentry_slug"),
            # The actors of a country by name.
            models.Index("country", "name_key", "record", name="actorentry_country"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [
            cls(
                **cls.named(document, document["name"]),
                **cls.identified(document),
                **cls.placed(document["country"]),
                slug=document["slug"],
                kind=document["kind"],
                identity=document["identified"],
                certain=days(document["existence"]["certain"]),
                possible=days(document["existence"]["possible"]),
            ),
            *ActorNameEntry.all_of(document),
            *asserted(document),
        ]
