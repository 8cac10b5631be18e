"""The index entries of publishers and sources, and the columns of external ids."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models

from publishing.models import DatedEntry, EntryRow, NamedEntry, WordEntry


class IdentifiedEntry(models.Model):
    """The ids of a record in other systems."""

    external_ids = ArrayField(
        models.CharField(max_length=241), help_text="The ids in other systems, as scheme:value."
    )

    class Meta:
        abstract = True
        indexes = [
            # The records with an external id.
            GinIndex("external_ids", name="%(class)s_external_ids"),
        ]

    @classmethod
    def make_external_id_columns(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return the column of external ids."""
        return {
            "external_ids": [f"{row['scheme']}:{row['value']}" for row in document["external_ids"]]
        }


class AssessedEntry(models.Model):
    """The topics of the assessments of a record."""

    topics = ArrayField(models.CharField(max_length=40), help_text="The topics of its assessments.")

    class Meta:
        abstract = True
        indexes = [
            # The records with an assessment on a topic.
            GinIndex("topics", name="%(class)s_topics"),
        ]

    @classmethod
    def make_topic_columns(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return the column of topics."""
        return {"topics": sorted({row["topic"] for row in document["assessments"]})}


class PublisherWordEntry(WordEntry):
    """The name of a published publisher from one of its words on."""

    class Meta(WordEntry.Meta):
        pass


class SourceWordEntry(WordEntry):
    """A title of a published source from one of its words on."""

    class Meta(WordEntry.Meta):
        pass


class PublisherEntry(NamedEntry):
    """A published publisher."""

    sides = (PublisherWordEntry,)
    name_paths = ("name",)

    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2 code, or blank.")
    language = models.CharField(
        max_length=35, help_text="Its main language, as BCP 47 in lowercase, or blank."
    )
    scale = models.CharField(max_length=40, help_text="The reach of the publisher.")

    class Meta(NamedEntry.Meta):
        pass

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        return [
            cls(
                **cls.make_name_columns(document, document["name"]),
                country=document["country"] or "",
                language=(document["language"] or "").lower(),
                scale=document["scale"],
            ),
            *PublisherWordEntry.make_words(document, [document["name"]]),
        ]


class SourceEntry(NamedEntry, IdentifiedEntry, DatedEntry):
    """A published source. Its dates are those of its publication."""

    sides = (SourceWordEntry,)
    title_paths = ("title", "translated_title")

    kind = models.CharField(max_length=40, help_text="The kind of source.")
    publisher = models.UUIDField(null=True, help_text="The public id of its publisher.")
    language = models.CharField(max_length=35, help_text="As BCP 47 in lowercase, or blank.")
    url = models.CharField(max_length=2000, help_text="The address on the web, or blank.")
    archive_url = models.CharField(
        max_length=2000, help_text="The address of an archived copy, or blank."
    )

    class Meta(NamedEntry.Meta):
        indexes = [
            *NamedEntry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            # The sources of a publisher by name.
            models.Index("publisher", "name_key", "record", name="sourceentry_publisher"),
            # A source by its address, which may be too long for a B-tree.
            HashIndex(fields=["url"], name="sourceentry_url"),
            HashIndex(fields=["archive_url"], name="sourceentry_archive_url"),
            # The sources published in a range of days, if they are few.
            models.Index("order_date", "last_date", name="sourceentry_days"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        publisher = document["publisher"]
        return [
            cls(
                **cls.make_name_columns(document, document["title"]),
                **cls.make_external_id_columns(document),
                **cls.make_date_columns(document["published"]),
                kind=document["kind"],
                publisher=publisher and publisher["id"],
                language=(document["language"] or "").lower(),
                url=document["url"] or "",
                archive_url=document["archive_url"] or "",
            ),
            *SourceWordEntry.make_words(
                document, [document["title"], document["translated_title"]]
            ),
        ]
