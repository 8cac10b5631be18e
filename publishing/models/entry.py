"""Index entries: the rows that lists filter and sort on, computed only from documents."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from dates import parse
from publishing.normalization import fold_text, list_beginnings
from publishing.totals import Totals
from publishing.triggers import ENTRY

FOREVER = 2**63 - 1
"""The `until_seq` of a current row. It is a number, not null, so that one query with two
comparisons answers for now and for every earlier snapshot."""


class EntryQuerySet(models.QuerySet):
    """Queries on index rows at a snapshot."""

    def at(self, seq: int) -> Self:
        """Return the rows that were current after the Edition `seq`."""
        return self.filter(seq__lte=seq, until_seq__gt=seq)


def estimate_number(rows: models.QuerySet) -> int:
    """Return the number of rows that the planner expects; 0 if none can match."""
    plan = rows.values("seq").order_by().explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


class EntryRow(models.Model):
    """A row of the index, current from the Edition `seq` until before the Edition `until_seq`."""

    until_seq = models.BigIntegerField(
        default=FOREVER,
        help_text="The seq of the edition that supersedes it; the largest number if it is current.",
    )
    record = models.UUIDField(help_text="The public id of the record.")

    objects: ClassVar[models.Manager] = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = ENTRY


class ComputedList(NamedTuple):
    """The queries of a property that lists records as they are at a snapshot.

    Each `%s` is the snapshot, unless another parameter is named.
    """

    keys: str
    """A subquery that returns the public ids of the listed records for the edition `page.seq`."""
    items: str
    """A query that returns the public id and the JSON of each of the records that `%(ids)s` has."""
    sql: str
    """A subquery that returns the whole list as JSON for the edition `page.seq`."""


class Entry(EntryRow):
    """The typed, indexed columns of one published document; one subclass per type of record."""

    seq = models.BigIntegerField(
        primary_key=True, help_text="The seq of the edition it was computed from."
    )
    edited_at = models.DateTimeField(help_text="When the current text was published.")
    words = SearchVectorField(help_text="The normalized words of its texts, with their weights.")

    name_paths: ClassVar[tuple[str, ...]] = ()
    """The paths of names in its document, which search finds in any romanisation.

    What references a record with names is found by them too.
    """
    title_paths: ClassVar[tuple[str, ...]] = ()
    """The paths of titles in its document. All other texts are found as well."""

    sides: ClassVar[tuple[type["SideEntry"], ...]] = ()
    """The classes of its side rows."""

    totals: ClassVar[Totals | None] = None
    """The tables of sums over its current rows, if there are any."""

    computed: ClassVar[dict[str, ComputedList]] = {}
    """The queries of the properties that summaries have beside those of the document."""

    class Meta(EntryRow.Meta):
        abstract = True
        indexes = [
            # Closing an entry when its record is published again, and lists by id.
            models.Index("record", "until_seq", name="%(class)s_record"),
            # Full text.
            GinIndex("words", name="%(class)s_words"),
            # The list by latest edit, at any snapshot.
            models.Index(
                models.F("edited_at").desc(),
                models.F("record").desc(),
                include=["seq", "until_seq"],
                name="%(class)s_edited",
            ),
        ]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "list[EntryRow]":
        """Return the entry of a published document, followed by its side rows."""
        raise NotImplementedError

    @classmethod
    def make_envelope_columns(cls, document: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of the envelope. The words for search are added by `build_rows`."""
        return {key: document[key] for key in ("seq", "edited_at")} | {"record": document["id"]}


class NamedEntry(Entry):
    """An entry that lists sort by name."""

    name_key = models.CharField(
        max_length=1000, db_collation="C", help_text="The normalized name or title."
    )

    class Meta(Entry.Meta):
        abstract = True
        indexes = [
            # The list by name, at any snapshot.
            models.Index(
                "name_key", "record", include=["seq", "until_seq"], name="%(class)s_by_name"
            ),
            *Entry.Meta.indexes,
        ]

    @classmethod
    def make_name_columns(cls, document: dict[str, Any], name: str) -> dict[str, Any]:
        """Return the columns of every entry, and the key of its name."""
        return cls.make_envelope_columns(document) | {"name_key": fold_text(name)[:1000]}


class DatedEntry(models.Model):
    """The bounds of an occurrence; one without a date may have happened on any day."""

    order_date = models.DateField(help_text="The first possible day; 0001-01-01 if undated.")
    last_date = models.DateField(
        help_text="The last possible day; 9999-12-31 if undated or if the end is open."
    )
    certain = models.BooleanField(
        help_text="Whether it has a date that is not marked as uncertain, and a last day."
    )
    gaps = ArrayField(
        DateRangeField(),
        null=True,
        help_text="The days between the dates of a set, on which it cannot have happened; null if "
        "there are none.",
    )

    class Meta:
        abstract = True

    @classmethod
    def make_date_columns(cls, text: str | None, end: date | None = None) -> dict[str, Any]:
        """Return the columns of an EDTF text; `end` closes an open end."""
        edtf = parse(text) if text else None
        last = edtf and (edtf.latest or end)
        return {
            "order_date": (edtf and edtf.earliest) or date.min,
            "last_date": last or date.max,
            "certain": edtf is not None and last is not None and not edtf.doubted,
            "gaps": [DateRange(*gap, "[]") for gap in edtf.gaps] or None if edtf else None,
        }


def may_lie_in(days: Any) -> models.Q:
    """Return the condition that an entry with a date need not lie outside of `days`.

    `days` overlap its bounds, but they may lie in a gap between them.
    """
    return models.Q(gaps__isnull=True) | ~models.Q(_InGap(days))


class _InGap(models.Func):
    """The condition that a range of days lies in a gap of the date of an entry."""

    template = "(%(expressions)s)"
    arg_joiner = " <@ "
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, days: Any) -> None:
        gaps = models.Func("gaps", function="ANY", output_field=DateRangeField())
        super().__init__(days, gaps)


class SideEntry(EntryRow):
    """A row that an entry has several of, such as one per actor of an incident."""

    seq = models.BigIntegerField(help_text="The seq of the edition it was computed from.")

    class Meta(EntryRow.Meta):
        abstract = True
        indexes = [
            # Closing the rows of a record when it is published again.
            models.Index("record", "until_seq", name="%(class)s_record"),
        ]


WORD_LENGTH = 100
"""The number of characters that suggestions compare."""


class WordEntry(SideEntry):
    """A name or title of a published record from one of its words on: suggestions begin with it."""

    key = models.CharField(
        max_length=WORD_LENGTH,
        db_collation="C",
        help_text="The folded name from this word on, cut off.",
    )
    is_start = models.BooleanField(help_text="Whether this word is the first one of the name.")
    text = models.CharField(max_length=1000, help_text="The whole name, in its own script.")

    class Meta(SideEntry.Meta):
        abstract = True
        indexes = [
            *SideEntry.Meta.indexes,
            # The names that begin with some letters, and those with another word that does.
            models.Index(
                "is_start",
                "key",
                "record",
                include=["seq", "until_seq"],
                name="%(class)s_key",
            ),
        ]

    @classmethod
    def make_words(cls, document: dict[str, Any], names: Iterable[str | None]) -> list[Self]:
        """Return an entry for each word of each name of a document."""
        return [
            cls(seq=document["seq"], record=document["id"], **columns)
            for columns in list_word_columns(names)
        ]


def list_word_columns(names: Iterable[str | None]) -> Iterator[dict[str, Any]]:
    """Yield the own columns of the word entries of some names, each word of a name once."""
    for text in dict.fromkeys(filter(None, names)):
        beginnings = (key[:WORD_LENGTH] for key in list_beginnings(fold_text(text)) if key)
        for number, key in enumerate(dict.fromkeys(beginnings)):
            yield {"key": key, "is_start": number == 0, "text": text}
