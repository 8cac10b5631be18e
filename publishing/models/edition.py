"""Edition: the immutable texts of one publication, and who quotes whom."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from publishing import triggers as guards
from publishing.codes import EditionKind
from publishing.fields import WordField
from publishing.models.entry import EntryQuerySet, SideEntry
from publishing.snapshots import START, Snapshot


class EditionQuerySet(models.QuerySet["Edition"]):
    """The public record, in commit order."""

    def newest_snapshot(self) -> Snapshot:
        """Return the snapshot of the newest Edition, or the snapshot before the first."""
        newest = self.order_by("-seq").values_list("seq", "hash").first()
        return Snapshot(*newest) if newest else START

    def named(self, type_name: str, keys: "Iterable[UUID | str]", seq: int) -> Self:
        """Return, as of `seq`, the newest Edition of each record that a public id or slug names.

        `survives` says of a merged record whether the one that it has become is public.
        """
        ids = [key for key in keys if isinstance(key, UUID)]
        slugs = [key for key in keys if isinstance(key, str)]
        until = self.filter(seq__lte=seq)
        survivor = until.filter(record=models.OuterRef("merged_into")).order_by("-version")
        named = until.filter(
            models.Q(record__in=ids) | models.Q(slug__in=slugs), type=type_name
        ).order_by("-record", "-version")
        survives = models.Subquery(survivor.values("public")[:1])
        return named.distinct("record").annotate(survives=survives)

    def reached(self, type_name: str, keys: "Iterable[UUID | str]", seq: int) -> dict[Any, UUID]:
        """Return the public record that each public id or slug leads to, merges followed."""
        found: dict[Any, UUID] = {}
        columns = ("record", "slug", "public", "merged_into", "survives")
        for record, slug, public, survivor, survives in self.named(
            type_name, keys, seq
        ).values_list(*columns):
            if public or survives:
                found[record] = found[slug] = survivor or record
        return found

    def standing(self, records: "Iterable[UUID | str]") -> Self:
        """Return the newest Edition of each of `records` that has any."""
        return (
            self.filter(record__in=list(records)).order_by("-record", "-version").distinct("record")
        )


class Edition(models.Model):
    """One publication of one record: texts written once, read by everyone, changed by nobody."""

    seq = models.BigIntegerField(
        primary_key=True, help_text="Position in the public record: gapless, in commit order."
    )
    hash = models.CharField(max_length=8, help_text="The chained hash of the snapshot.")
    type = models.CharField(max_length=20, help_text="The type of the record.")
    record = models.UUIDField(help_text="The public id of the record.")
    slug = models.CharField(max_length=120, null=True, help_text="The slug, where there is one.")  # noqa: DJ001
    version = models.PositiveIntegerField(help_text="Counts the Editions of the record from 1.")
    kind = WordField(EditionKind, help_text="What this Edition does.")
    published_at = models.DateTimeField(
        help_text="When the transaction that published it held the lock; never earlier than before."
    )
    edited_at = models.DateTimeField(
        help_text="The published_at of the newest Edition that is no refresh."
    )
    note = models.TextField(blank=True, help_text="What readers are told of the reason.")
    public = models.BooleanField(
        help_text="Whether the record is public after this Edition, which then has texts."
    )
    merged_into = models.UUIDField(null=True, help_text="The record that it has become.")
    redacted = ArrayField(
        models.TextField(),
        null=True,
        help_text="The paths of what was removed from the past as well; * is the whole record.",
    )
    shape = models.CharField(
        max_length=8,
        help_text="The fingerprint of the properties that its texts have; blank if the document "
        "lacked one when it was published.",
    )
    ref = models.TextField(help_text="How documents that quote the record quote it, as JSON.")
    summary = models.TextField(null=True, help_text="The summary, as JSON.")  # noqa: DJ001
    document = models.TextField(null=True, help_text="The document, as JSON.")  # noqa: DJ001
    sha256 = models.CharField(  # noqa: DJ001
        max_length=64, null=True, help_text="SHA-256 of the body that was approved."
    )

    objects: ClassVar[EditionQuerySet] = EditionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        triggers = guards.EDITION
        constraints = [
            models.UniqueConstraint("record", "version", name="edition_version_unique"),
            models.CheckConstraint(
                condition=models.Q(public=False, document__isnull=True, summary__isnull=True)
                | models.Q(public=True, document__isnull=False, summary__isnull=False),
                name="edition_public_has_texts",
            ),
        ]
        indexes = [
            # The detail by id or slug, at any snapshot: the newest edition up to it.
            models.Index("record", models.F("seq").desc(), name="edition_record_seq"),
            models.Index("type", "slug", models.F("seq").desc(), name="edition_slug_seq"),
            # `known_at`: the newest edition published by then.
            models.Index("published_at", "seq", name="edition_published_at"),
            # The counter of redactions in every ETag, and the redactions since a release.
            models.Index("seq", name="edition_redactions", condition=models.Q(kind="redact")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.record} version {self.version}"

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of this Edition."""
        return Snapshot(self.seq, self.hash)

    @property
    def reason(self) -> str:
        """What readers are told of why there is no text: a redaction has the last word."""
        redacted = Edition.objects.filter(
            record=self.record, seq__gt=self.seq, kind=EditionKind.REDACT, public=False
        )
        newest = redacted.order_by("-seq").only("note").first()
        return newest.note if newest else self.note


class Quotation(SideEntry):
    """That the document of `record` quotes `target`, from one Edition until another."""

    target = models.UUIDField(help_text="The public id of the quoted record.")

    objects: ClassVar[models.Manager] = EntryQuerySet.as_manager()

    class Meta(SideEntry.Meta):
        indexes = [
            # Re-issue: the current documents that quote a record.
            models.Index("target", "until_seq", name="quotation_target"),
            *SideEntry.Meta.indexes,
        ]

    def __str__(self) -> str:
        return f"{self.record} quotes {self.target}"
