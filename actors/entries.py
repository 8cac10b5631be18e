"""Index entries of published actors and affiliations, with the entries of their parts."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from actors.rollup import AffiliationQuerySet
from places.entries import PlacedEntry, list_names
from publishing.fields import DateMultirangeField
from publishing.models import Entry, EntryRow, NamedEntry, SideEntry, WordEntry
from publishing.normalization import extract_initials, fold_text, reduce_to_consonants
from sources.codes import Assessment
from sources.entries import AssessedEntry, IdentifiedEntry


def make_date_range(days: dict[str, str | None] | None) -> DateRange | None:
    """Return the range of days that a document gives as `first` and `last`."""
    if days is None:
        return None
    first, last = (day and date.fromisoformat(day) for day in (days["first"], days["last"]))
    return DateRange(first, last, "[]")


def intersect(days: DateRange, limits: DateRange) -> DateRange:
    """Return the days that two ranges as `make_date_range` returns them have in common."""
    first = max(filter(None, (days.lower, limits.lower)), default=None)
    last = min(filter(None, (days.upper, limits.upper)), default=None)
    return (
        DateRange(empty=True) if first and last and first > last else DateRange(first, last, "[]")
    )


class ValidityEntry(models.Model):
    """The days of a validity, before queries limit them to the existence of the actors."""

    certain = DateRangeField(null=True, help_text="The days on which it certainly holds.")
    possible = DateRangeField(help_text="The days on which it may hold.")

    class Meta:
        abstract = True


class ActorNameEntry(SideEntry, ValidityEntry):
    """A name of a published actor: its main name, or another one."""

    text = models.CharField(max_length=300, help_text="The name, in its own script.")
    kind = models.CharField(max_length=40, help_text="The kind of name; blank for the main name.")
    language = models.CharField(
        max_length=35, help_text="The language of the name, as BCP 47, or blank."
    )
    actor_kind = models.CharField(max_length=40, help_text="The kind of actor.")
    key = models.CharField(max_length=1000, db_collation="C", help_text="The folded name.")
    skeleton = models.CharField(
        max_length=1000, db_collation="C", help_text="The consonants of the name, in one word."
    )
    initials = models.CharField(
        max_length=300,
        db_collation="C",
        help_text="The initials of the name, if it has several words.",
    )
    bones = ArrayField(
        models.CharField(max_length=300),
        help_text="The consonants of each word that has two or more of them.",
    )

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # The actors with a given name.
            models.Index("key", name="actornameentry_key"),
            # Name resolution: the same consonants or initials, common words, and similar
            # trigrams.
            models.Index("skeleton", name="actornameentry_skeleton"),
            models.Index("initials", name="actornameentry_initials"),
            GinIndex("bones", name="actornameentry_bones"),
            GinIndex(fields=["key"], name="actornameentry_grams", opclasses=["gin_trgm_ops"]),
            # Whether one actor has a given name.
            models.Index("seq", "key", name="actornameentry_seq"),
        ]

    @classmethod
    def make_all(cls, document: dict[str, Any]) -> "list[ActorNameEntry]":
        """Return an entry for each name in the document of an actor."""
        main = {
            "text": document["name"],
            "kind": "",
            "language": "",
            "validity": document["existence"],
        }
        return [cls._make(document, name) for name in (main, *document["names"])]

    @classmethod
    def _make(cls, document: dict[str, Any], name: dict[str, Any]) -> "ActorNameEntry":
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
            certain=make_date_range(name["validity"]["certain"]),
            possible=make_date_range(name["validity"]["possible"]),
        )


class ActorWordEntry(WordEntry):
    """A name of a published actor from one of its words on."""

    class Meta(WordEntry.Meta):
        pass


class ClassificationEntry(SideEntry, ValidityEntry):
    """A classification of a published actor."""

    classification = models.CharField(max_length=40, help_text="The classification.")
    primary = models.BooleanField(help_text="Whether it is accepted and primary.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one actor has a given classification.
            models.Index("seq", "classification", name="classificationentry_seq"),
        ]


class AttributeEntry(SideEntry, ValidityEntry):
    """An attribute of a published actor."""

    kind = models.CharField(max_length=40, help_text="The kind of attribute.")
    key = models.CharField(max_length=1000, db_collation="C", help_text="The folded value.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one actor has a given attribute.
            models.Index("seq", "kind", name="attributeentry_seq"),
        ]


class DesignationEntry(SideEntry, ValidityEntry):
    """A designation of a published actor."""

    regime = models.CharField(max_length=40, help_text="The sanctions or terrorist list.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one actor is on a given list.
            models.Index("seq", "regime", name="designationentry_seq"),
        ]


class PresenceEntry(SideEntry, ValidityEntry):
    """A presence of a published actor at a place."""

    place = models.UUIDField(help_text="The public id of the place.")
    kind = models.CharField(max_length=40, help_text="The kind of presence.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one actor was at a given place.
            models.Index("seq", "place", name="presenceentry_seq"),
        ]


def make_part_entries(document: dict[str, Any]) -> Iterator[SideEntry]:
    """Yield the entries of the parts of an actor, names excepted."""
    envelope = {"seq": document["seq"], "record": document["id"]}
    for row in exclude_rejected(document["classifications"]):
        yield ClassificationEntry(
            **envelope,
            **make_validity_columns(row),
            classification=row["classification"],
            primary=row["primary"] and row["assessment"] == Assessment.ACCEPTED,
        )
    for row in exclude_rejected(document["attributes"]):
        yield AttributeEntry(
            **envelope,
            **make_validity_columns(row),
            kind=row["kind"],
            key=fold_text(row["value"] or "")[:1000],
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
    """Return the validity of a row of a document as columns."""
    return {name: make_date_range(row["validity"][name]) for name in ("certain", "possible")}


class SupportEntry(SideEntry, ValidityEntry):
    """One type of support in a published affiliation."""

    subject = models.UUIDField(help_text="The public id of the supported actor.")
    object = models.UUIDField(help_text="The public id of the sponsor.")
    type = models.CharField(max_length=40, help_text="The type of support.")
    against = models.UUIDField(null=True, help_text="The public id of the opponent, if known.")
    basis = models.CharField(max_length=40, help_text="The basis of the support.")
    assessment = models.CharField(max_length=40, help_text="The assessment of the editors.")
    confidence = models.CharField(max_length=40, help_text="The confidence of the editors.")

    class Meta(SideEntry.Meta):
        indexes = [
            *SideEntry.Meta.indexes,
            # Whether one affiliation includes a given type of support.
            models.Index("seq", "type", name="supportentry_seq"),
            # The support against an actor.
            models.Index("against", name="supportentry_against"),
        ]

    @classmethod
    def make_all(cls, document: dict[str, Any]) -> "list[SupportEntry]":
        """Return an entry for each support row of an affiliation.

        Its days are clipped to the possible ones of the affiliation: certain support implies that
        the affiliation held.
        """
        limits = make_date_range(document["validity"]["possible"])
        return [
            cls(
                seq=document["seq"],
                record=document["id"],
                subject=document["subject"]["id"],
                object=document["object"]["id"],
                type=row["type"],
                against=row["against"] and row["against"]["id"],
                basis=row["basis"],
                assessment=row["assessment"],
                confidence=row["confidence"],
                **{
                    name: days and intersect(days, limits)
                    for name, days in make_validity_columns(row).items()
                },
            )
            for row in document["support"]
        ]


class ActorEntry(NamedEntry, ValidityEntry, IdentifiedEntry, PlacedEntry, AssessedEntry):
    """A published actor. Its validity is its existence; its place is its home country."""

    sides = (
        ActorNameEntry,
        ActorWordEntry,
        ClassificationEntry,
        AttributeEntry,
        DesignationEntry,
        PresenceEntry,
    )
    name_paths = ("name", "names.text")

    slug = models.CharField(max_length=120, help_text="The slug.")
    kind = models.CharField(max_length=40, help_text="The kind of actor.")
    identity = models.CharField(
        max_length=40, help_text="Whether the identity of the actor is known."
    )

    class Meta(NamedEntry.Meta):
        indexes = [
            *NamedEntry.Meta.indexes,
            *IdentifiedEntry.Meta.indexes,
            *AssessedEntry.Meta.indexes,
            # An actor that a parameter gives by its slug.
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
                **cls.make_topic_columns(document),
                slug=document["slug"],
                kind=document["kind"],
                identity=document["identified"],
                certain=make_date_range(document["existence"]["certain"]),
                possible=make_date_range(document["existence"]["possible"]),
            ),
            *ActorNameEntry.make_all(document),
            *ActorWordEntry.make_words(document, list_names(document)),
            *make_part_entries(document),
        ]


class AffiliationEntry(Entry):
    """A published affiliation, with its days before queries limit them to those of its actors.

    A sponsorship with support holds on the days of the support: UCDP, for example, states it by
    years.
    """

    sides = (SupportEntry,)
    title_paths = ("title", "rank")

    subject = models.UUIDField(help_text="The public id of the subject.")
    kind = models.CharField(max_length=40, help_text="The kind of affiliation.")
    object = models.UUIDField(help_text="The public id of the object.")
    closeness = models.CharField(max_length=40, help_text="How close the relation is.")
    basis = models.CharField(max_length=40, help_text="The basis of the affiliation.")
    assessment = models.CharField(max_length=40, help_text="The assessment of the editors.")
    confidence = models.CharField(max_length=40, help_text="The confidence of the editors.")
    certain = DateMultirangeField(help_text="The days on which it certainly holds.")
    possible = DateMultirangeField(help_text="The days on which it may hold.")
    order_date = models.DateField(
        help_text="The first possible day; the first of January of year 1 if open."
    )

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
            # The affiliations of an actor, from either end.
            models.Index("subject", "kind", name="affiliationentry_subject"),
            models.Index("object", "kind", name="affiliationentry_object"),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> list[EntryRow]:
        validity, support = document["validity"], SupportEntry.make_all(document)
        counted = [row for row in support if row.assessment != Assessment.REJECTED]
        days = {
            name: [getattr(row, name) for row in counted] or [make_date_range(validity[name])]
            for name in ("certain", "possible")
        }
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
                **{name: list(filter(None, ranges)) for name, ranges in days.items()},
                order_date=date.fromisoformat(validity["possible"]["first"] or "0001-01-01"),
            ),
            *support,
        ]
