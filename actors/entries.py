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
from publishing.normalization import extract_initials, fold_text, reduce_to_consonants
from sources.codes import Assessment
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


class ActorNameEntry(SideEntry, HeldEntry):
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
    def all_of(cls, document: dict[str, Any]) -> "list[ActorNameEntry]":
        """Return a row for each name that the document of an actor tells."""
        shown = {
            "text": document["name"],
            "kind": "",
            "language": "",
            "validity": document["existence"],
        }
        return [cls._of(document, name) for name in (shown, *document["names"])]

    @classmethod
    def _of(cls, document: dict[str, Any], name: dict[str, Any]) -> "ActorNameEntry":
        key = fold_text(name["text"])
        bones = reduce_to_consonants(key)
        return cls(
            seq=document["seq"],
            record=document["id"],
            text=name["text"],
            kind=name["kind"],
            language=name["language"] or "",
            actor_kind=document["kind"],
            key=key[:1000],
            skeleton=bones.replace(" ", "")[:1000],
            initials=extract_initials(key)[:300],
            bones=sorted({bone for bone in bones.split() if len(bone) > 1}),
            certain=days(name["validity"]["certain"]),
            possible=days(name["validity"]["possible"]),
        )


class ClassificationEntry(SideEntry, HeldEntry):
    """What a published actor was in a period."""

    classification = models.CharField(max_length=40, help_text="What it was.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was something.
            models.Index("seq", "classification", name="classificationentry_seq"),
        ]


class DesignationEntry(SideEntry, HeldEntry):
    """A list that a published actor was put on."""

    regime = models.CharField(max_length=40, help_text="The list.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor is on a list.
            models.Index("seq", "regime", name="designationentry_seq"),
        ]


class PresenceEntry(SideEntry, HeldEntry):
    """Where a published actor was."""

    place = models.UUIDField(help_text="The public id of the place.")
    kind = models.CharField(max_length=40, help_text="What the place was to it.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one given actor was at a place.
            models.Index("seq", "place", name="presenceentry_seq"),
        ]


def asserted(document: dict[str, Any]) -> Iterator[SideEntry]:
    """Yield the rows of the document of an actor."""
    envelope = {"seq": document["seq"], "record": document["id"]}
    for row in counted(document["classifications"]):
        yield ClassificationEntry(**envelope, **held(row), classification=row["classification"])
    for row in document["designations"]:
        yield DesignationEntry(**envelope, **held(row), regime=row["regime"])
    for row in counted(document["presences"]):
        yield PresenceEntry(**envelope, **held(row), place=row["place"]["id"], kind=row["kind"])


def counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a document that are not rejected."""
    return [row for row in rows if row["assessment"] != Assessment.REJECTED]


def held(row: dict[str, Any]) -> dict[str, Any]:
    """Return the days of a row of a document, as columns."""
    return {doubt: days(row["validity"][doubt]) for doubt in ("certain", "possible")}


class SupportEntry(SideEntry, HeldEntry):
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
    def all_of(cls, document: dict[str, Any]) -> "list[SupportEntry]":
        """Return a row for each support that the document of an affiliation tells."""
        return [
            cls(
                seq=document["seq"],
                record=document["id"],
                subject=document["subject"]["id"],
                object=document["object"]["id"],
                type=row["type"],
                against=row["against"] and row["against"]["id"],
                **held(row),
            )
            for row in counted(document["support"])
        ]


class ActorEntry(NamedEntry, HeldEntry, IdentifiedEntry, PlacedEntry):
    """A published actor; its validity is its existence, its place its home country."""

    sides = (ActorNameEntry, ClassificationEntry, DesignationEntry, PresenceEntry)
    name_paths = ("name", "names.text")
    text_paths = ("names.meaning", "summary", "description")

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
                **cls.make_name_columns(document, document["name"]),
                **cls.make_external_id_columns(document),
                **cls.make_place_columns(document["country"]),
                slug=document["slug"],
                kind=document["kind"],
                identity=document["identified"],
                certain=days(document["existence"]["certain"]),
                possible=days(document["existence"]["possible"]),
            ),
            *ActorNameEntry.all_of(document),
            *asserted(document),
        ]


class AffiliationEntry(Entry, HeldEntry):
    """A published affiliation."""

    sides = (SupportEntry,)
    name_paths = ("subject.name", "object.name")
    title_paths = ("title", "rank")

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
                **cls.make_envelope_columns(document),
                subject=document["subject"]["id"],
                kind=document["kind"],
                object=document["object"]["id"],
                closeness=document["closeness"],
                basis=document["basis"],
                assessment=document["assessment"],
                confidence=document["confidence"],
                certain=days(held["certain"]),
                possible=days(held["possible"]),
                order_date=date.fromisoformat(held["possible"]["first"] or "0001-01-01"),
            ),
            *SupportEntry.all_of(document),
        ]
