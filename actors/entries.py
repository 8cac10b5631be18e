"""The index entries by which published actors and affiliations are found, with their side rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from actors.rollup import AffiliationQuerySet
from places.entries import PlacedEntry
from publishing.models import Entry, EntryRow, NamedEntry, SideEntry
from publishing.normalization import fold, initials, skeleton
from sources.codes import Assessment
from sources.entries import IdentifiedEntry


def make_date_range(told: dict[str, str | None] | None) -> DateRange | None:
    """Return the days that a document tells as `first` and `last`."""
    if told is None:
        return None
    first, last = (day and date.fromisoformat(day) for day in (told["first"], told["last"]))
    return DateRange(first, last, "[]")


class ValidityEntry(models.Model):
    """The days of a validity. They are the row's own: queries clip them to what they hang on."""

    certain = DateRangeField(null=True, help_text="The days on which it certainly held.")
    possible = DateRangeField(help_text="The days on which it may have held.")

    class Meta:
        abstract = True


class ActorNameEntry(SideEntry, ValidityEntry):
    """A name of a published actor: the one it is shown by, or a further one."""

    text = models.CharField(max_length=300, help_text="The name, in its own script.")
    kind = models.CharField(
        max_length=40, help_text="What kind of name it is; blank: the one it is shown by."
    )
    language = models.CharField(max_length=35, help_text="Its language, as BCP 47, or blank.")
    actor_kind = models.CharField(max_length=40, help_text="What the actor is.")
    key = models.CharField(max_length=1000, db_collation="C", help_text="The folded name.")
    skeleton = models.CharField(
        max_length=1000, db_collation="C", help_text="Its consonants, in one word."
    )
    initials = models.CharField(
        max_length=300, db_collation="C", help_text="Its initials, if it is of several words."
    )
    bones = ArrayField(
        models.CharField(max_length=300),
        help_text="The consonants of each of its words that has two or more.",
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The actors that have a name.
            models.Index("key", name="actornameentry_key"),
            # Name resolution: the same consonants or initials, words in common, and what
            # is alike by trigrams.
            models.Index("skeleton", name="actornameentry_skeleton"),
            models.Index("initials", name="actornameentry_initials"),
            GinIndex("bones", name="actornameentry_bones"),
            GinIndex(fields=["key"], name="actornameentry_grams", opclasses=["gin_trgm_ops"]),
            # Whether one given actor has a name.
            models.Index("seq", "key", name="actornameentry_seq"),
        ]

    @classmethod
    def make_all(cls, document: dict[str, Any]) -> "list[ActorNameEntry]":
        """Return a row for each name that the document of an actor tells."""
        shown = {
            "text": document["name"],
            "kind": "",
            "language": "",
            "validity": document["existence"],
        }
        return [cls._make(document, name) for name in (shown, *document["names"])]

    @classmethod
    def _make(cls, document: dict[str, Any], name: dict[str, Any]) -> "ActorNameEntry":
        key = fold(name["text"])
        bones = skeleton(key)
        return cls(
            seq=document["seq"],
            record=document["id"],
            text=name["text"],
            kind=name["kind"],
            language=name["language"] or "",
            actor_kind=document["kind"],
            key=key[:1000],
            skeleton=bones.replace(" ", "")[:1000],
            initials=initials(key)[:300],
            bones=sorted({bone for bone in bones.split() if len(bone) > 1}),
            certain=make_date_range(name["validity"]["certain"]),
            possible=make_date_range(name["validity"]["possible"]),
        )


class ClassificationEntry(SideEntry, ValidityEntry):
    """What a published actor was in a period."""

    classification = models.CharField(max_length=40, help_text="What it was.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was something.
            models.Index("seq", "classification", name="classificationentry_seq"),
        ]


class DesignationEntry(SideEntry, ValidityEntry):
    """A list that a published actor was put on."""

    regime = models.CharField(max_length=40, help_text="The list.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor is on a list.
            models.Index("seq", "regime", name="designationentry_seq"),
        ]


class PresenceEntry(SideEntry, ValidityEntry):
    """Where a published actor was."""

    place = models.UUIDField(help_text="The public id of the place.")
    kind = models.CharField(max_length=40, help_text="What the place was to it.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was at a place.
            models.Index("seq", "place", name="presenceentry_seq"),
        ]


def make_part_entries(document: dict[str, Any]) -> Iterator[SideEntry]:
    """Yield the rows of the document of an actor."""
    envelope = {"seq": document["seq"], "record": document["id"]}
    for row in exclude_rejected(document["classifications"]):
        yield ClassificationEntry(
            **envelope, **make_validity_columns(row), classification=row["classification"]
        )
    for row in document["designations"]:
        yield DesignationEntry(**envelope, **make_validity_columns(row), regime=row["regime"])
    for row in exclude_rejected(document["presences"]):
        yield PresenceEntry(
            **envelope, **make_validity_columns(row), place=row["place"]["id"], kind=row["kind"]
        )


def exclude_rejected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a document that are not rejected."""
    return [row for row in rows if row["assessment"] != Assessment.REJECTED]


def make_validity_columns(row: dict[str, Any]) -> dict[str, Any]:
    """Return the days of a row of a document, as columns."""
    return {doubt: make_date_range(row["validity"][doubt]) for doubt in ("certain", "possible")}


class SupportEntry(SideEntry, ValidityEntry):
    """One type of support, given for a time; rejected rows are none."""

    subject = models.UUIDField(help_text="The public id of who was supported.")
    object = models.UUIDField(help_text="The public id of the sponsor.")
    type = models.CharField(max_length=40, help_text="With what it was supported.")
    against = models.UUIDField(null=True, help_text="The public id of the opponent, if told.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given tie brought a type of support.
            models.Index("seq", "type", name="supportentry_seq"),
            # The support that was given against an actor.
            models.Index("against", name="supportentry_against"),
        ]

    @classmethod
    def make_all(cls, document: dict[str, Any]) -> "list[SupportEntry]":
        """Return a row for each support that the document of an affiliation tells."""
        return [
            cls(
                seq=document["seq"],
                record=document["id"],
                subject=document["subject"]["id"],
                object=document["object"]["id"],
                type=row["type"],
                against=row["against"] and row["against"]["id"],
                **make_validity_columns(row),
            )
            for row in exclude_rejected(document["support"])
        ]


class ActorEntry(NamedEntry, ValidityEntry, IdentifiedEntry, PlacedEntry):
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
                certain=make_date_range(document["existence"]["certain"]),
                possible=make_date_range(document["existence"]["possible"]),
            ),
            *ActorNameEntry.make_all(document),
            *make_part_entries(document),
        ]


class AffiliationEntry(Entry, ValidityEntry):
    """A published affiliation."""

    sides = (SupportEntry,)
    named_in = ("subject.name", "object.name")
    titled_in = ("title", "rank")

    subject = models.UUIDField(help_text="The public id of the subject.")
    kind = models.CharField(max_length=40, help_text="How the subject stands to the object.")
    object = models.UUIDField(help_text="The public id of the object.")
    closeness = models.CharField(max_length=40, help_text="How close the tie is.")
    basis = models.CharField(max_length=40, help_text="On what ground it holds.")
    assessment = models.CharField(max_length=40, help_text="What the desk holds of it.")
    confidence = models.CharField(max_length=40, help_text="How sure the desk is.")
    order_date = models.DateField(help_text="The day it may first have held; year 1 if open.")

    objects: ClassVar[AffiliationQuerySet] = AffiliationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            # The list by start, at any snapshot.
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
                basis=document["basis"],
                assessment=document["assessment"],
                confidence=document["confidence"],
                certain=make_date_range(held["certain"]),
                possible=make_date_range(held["possible"]),
                order_date=date.fromisoformat(held["possible"]["first"] or "0001-01-01"),
            ),
            *SupportEntry.make_all(document),
        ]
