"""The rows by which published actors and affiliations are found."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from editorial.models import Entry, EntryRow, NamedEntry
from sources.entries import IdentifiedEntry


def days(told: dict[str, str | None] | None) -> DateRange | None:
    """Return the days that a document tells as `first` and `last`."""
    if told is None:
        return None
    first, last = (day and date.fromisoformat(day) for day in (told["first"], told["last"]))
    return DateRange(first, last, "[]")


class HeldEntry(models.Model):
    """The days of a validity. They are the row's own: queries clip them to what they hang on."""

    certain = DateRangeField(null=True, help_text="The days on which it certainly held.")
    possible = DateRangeField(help_text="The days on which it may have held.")

    class Meta:
        abstract = True


class ActorEntry(NamedEntry, HeldEntry, IdentifiedEntry):
    """A published actor; its validity is its existence."""

    slug = models.CharField(max_length=120, help_text="Its slug.")
    kind = models.CharField(max_length=40, help_text="What it is.")
    country = models.CharField(max_length=2, help_text="Its home country, ISO 3166-1, or blank.")

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
        country = document["country"]
        return [
            cls(
                **cls.named(document, document["name"]),
                **cls.identified(document),
                slug=document["slug"],
                kind=document["kind"],
                country=(country and country["country"]) or "",
                certain=days(document["existence"]["certain"]),
                possible=days(document["existence"]["possible"]),
            )
        ]


class AffiliationEntry(Entry, HeldEntry):
    """A published affiliation."""

    subject = models.UUIDField(help_text="The public id of the subject.")
    kind = models.CharField(max_length=40, help_text="How the subject stands to the object.")
    object = models.UUIDField(help_text="The public id of the object.")
    closeness = models.CharField(max_length=40, help_text="How close the tie is.")
    order_date = models.DateField(help_text="The day it may first have held; year 1 if open.")

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            # The list by start, at any horizon.
            models.Index(
                models.F("order_date").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="affiliationentry_newest",
            ),
            # The ties of an actor, from either end.
            models.Index("subject", "kind", name="affiliationentry_subject"),
            models.Index("object", "kind", name="affiliationentry_object"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        held = document["validity"]
        return [
            cls(
                **cls.envelope(document),
                subject=document["subject"]["id"],
                kind=document["kind"],
                object=document["object"]["id"],
                closeness=document["closeness"],
                certain=days(held["certain"]),
                possible=days(held["possible"]),
                order_date=date.fromisoformat(held["possible"]["first"] or "0001-01-01"),
            )
        ]
