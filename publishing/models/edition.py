"""Editions, the immutable texts of publications, and the references between their documents."""

from collections.abc import Iterable
from itertools import chain
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from publishing import documents
from publishing.codes import EditionKind
from publishing.fields import WordField
from publishing.models.entry import EntryQuerySet, SideEntry
from publishing.snapshots import START, Snapshot
from publishing.triggers import EDITION, TABLE_ROW


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries on the public record."""

    def newest_snapshot(self) -> Snapshot:
        """Return the snapshot of the newest Edition, or `START` if there is none."""
        newest = self.order_by("-seq").values_list("seq", "hash").first()
        return Snapshot(*newest) if newest else START

    def newest_by_key(self, type_name: str, keys: "Iterable[UUID | str]", seq: int) -> Self:
        """Return the newest Edition, up to `seq`, of each record with one of the ids or slugs.

        They are annotated with `survives`: for a merged record, whether its survivor is public.
        """
        ids = [key for key in keys if isinstance(key, UUID)]
        slugs = [key for key in keys if isinstance(key, str)]
        until = self.filter(seq__lte=seq)
        survivor = until.filter(record=models.OuterRef("merged_into")).order_by("-version")
        newest = until.filter(
            models.Q(record__in=ids) | models.Q(slug__in=slugs), type=type_name
        ).order_by("-record", "-version")
        survives = models.Subquery(survivor.values("public")[:1])
        return newest.distinct("record").annotate(survives=survives)

    def resolve_keys(
        self, type_name: str, keys: "Iterable[UUID | str]", seq: int
    ) -> dict[Any, UUID]:
        """Return, by public id and by slug, the public records as of `seq`, following merges.

        A key without a public record is left out.
        """
        records: dict[Any, UUID] = {}
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in self.newest_by_key(
            type_name, keys, seq
        ).values_list(*columns):
            if public or survives:
                records[record] = records[slug] = survivor or record
        return records

    def read_references(self, seqs: "Iterable[int] | models.QuerySet") -> dict[int, Any]:
        """Return the references of the records of some Editions, parsed, by `seq`."""
        rows = self.filter(seq__in=seqs).values_list("seq", "reference")
        return {seq: documents.load(reference) for seq, reference in rows}

    def redactions_in_force(self) -> "list[Edition]":
        """Return the redactions that were not undone, in the order of publication.

        A restore undoes the newest redaction of its record that is in force.
        """
        redactions = dict[UUID, list[Edition]]()
        kinds = (EditionKind.REDACT, EditionKind.RESTORE)
        columns = ("type", "record", "version", "kind", "hash", "note", "public", "redacted")
        editions = self.filter(kind__in=kinds).order_by("seq")
        for edition in editions.only(*columns, "published_at"):
            of_record = redactions.setdefault(edition.record, [])
            if edition.kind == EditionKind.REDACT:
                of_record.append(edition)
            elif of_record:
                of_record.pop()
        return sorted(chain.from_iterable(redactions.values()), key=lambda edition: edition.seq)

    def newest_of(self, records: "Iterable[UUID | str]") -> Self:
        """Return the newest Edition of each of `records` that has one."""
        editions = self.filter(record__any=list(records))
        return editions.order_by("-record", "-version").distinct("record")


class Edition(models.Model):
    """One published version of one record, which never changes."""

    seq = models.BigIntegerField(
        primary_key=True, help_text="The position in the public record: gapless, in commit order."
    )
    hash = models.CharField(max_length=8, help_text="The chained hash of the snapshot.")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    slug = models.CharField(max_length=120, null=True, help_text="The slug, where there is one.")  # noqa: DJ001
    version = models.PositiveIntegerField(
        help_text="The number of this edition among those of its record, from 1."
    )
    kind = WordField(EditionKind, help_text="What this edition does.")
    published_at = models.DateTimeField(
        help_text="When it was published, by the database's clock under the publication lock. It "
        "increases with seq."
    )
    edited_at = models.DateTimeField(
        help_text="The published_at of the newest edition of the record that is not a refresh."
    )
    note = models.TextField(blank=True, help_text="The public reason for this edition.")
    public = models.BooleanField(
        help_text="Whether the record is public after this edition, which then has texts."
    )
    merged_into = models.UUIDField(
        null=True, help_text="The public id of the record that it was merged into."
    )
    redacted = ArrayField(
        models.TextField(),
        null=True,
        help_text="The paths of the values that a redaction removed, or that a restore brought "
        "back; * is the whole record.",
    )
    shape = models.CharField(
        max_length=8,
        help_text="The fingerprint of the properties that its texts have; blank if the document "
        "lacked one when it was published.",
    )
    reference = models.TextField(
        help_text="The reference by which documents name the record, as JSON."
    )
    summary = models.TextField(null=True, help_text="The summary, as JSON.")  # noqa: DJ001
    document = models.TextField(null=True, help_text="The document, as JSON.")  # noqa: DJ001
    sha256 = models.CharField(  # noqa: DJ001
        max_length=64, null=True, help_text="SHA-256 of the body that was approved."
    )

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        triggers = EDITION
        constraints = [
            models.UniqueConstraint("record", "version", name="edition_version_unique"),
            models.CheckConstraint(
                condition=models.Q(public=False, document__isnull=True, summary__isnull=True)
                | models.Q(public=True, document__isnull=False, summary__isnull=False),
                name="edition_public_has_texts",
            ),
        ]
        indexes = [
            # One record by id or slug at any snapshot: its newest edition up to it.
            models.Index("record", models.F("seq").desc(), name="edition_record_seq"),
            models.Index("type", "slug", models.F("seq").desc(), name="edition_slug_seq"),
            # `known_at`: the newest edition published up to a time.
            models.Index("published_at", "seq", name="edition_published_at"),
            # The records that were merged into one.
            models.Index(
                "merged_into", "seq", name="edition_merged", condition=models.Q(kind="merge")
            ),
            # The redaction counter in every ETag, and the redactions since a release.
            models.Index(
                "seq",
                name="edition_redactions",
                condition=models.Q(kind__in=["redact", "restore"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.record} version {self.version}"

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of this Edition."""
        return Snapshot(self.seq, self.hash)

    @property
    def reason(self) -> str:
        """The public reason why there is no text: that of a later redaction, else the note."""
        later = Edition.objects.filter(record=self.record, seq__gt=self.seq)
        redactions = [each for each in later.redactions_in_force() if not each.public]
        return redactions[-1].note if redactions else self.note


class TableRow(models.Model):
    """The summary of an Edition as a row of CSV: an export passes it on.

    It is computed from the document alone. Where it is missing, the export computes it.
    """

    seq = models.BigIntegerField(primary_key=True, help_text="The seq of the edition.")
    shape = models.CharField(
        max_length=8, help_text="The fingerprint of the properties that it has columns of."
    )
    cells = models.TextField(help_text="The cells, without the end of the line.")

    class Meta:
        triggers = TABLE_ROW

    def __str__(self) -> str:
        return f"The row of edition {self.seq}"


class Reference(SideEntry):
    """A reference from the document of `record` to `target`, valid for a range of Editions."""

    target = models.UUIDField(help_text="The public id of the referenced record.")

    objects: ClassVar[models.Manager] = EntryQuerySet.as_manager()

    class Meta(SideEntry.Meta):
        indexes = [
            # Refreshes: the current documents that reference a record.
            models.Index("target", "until_seq", name="reference_target"),
            *SideEntry.Meta.indexes,
        ]

    def __str__(self) -> str:
        return f"{self.record} references {self.target}"
