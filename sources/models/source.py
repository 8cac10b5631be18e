"""Publisher and Source: who says it, and in what."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from editorial.models import Record
from publishing.bidi import isolate
from publishing.fields import EdtfField, LanguageField, WordField
from sources.codes import Scale, SourceKind
from sources.models.external_id import ExternalId


@pghistory.track()
class Publisher(Record):
    """Who publishes sources: a newspaper, an agency, a group's outlet."""

    type_name = "publisher"
    document = "sources.serializers.PublisherDocument"
    entry = "sources.entries.PublisherEntry"
    ref_kind = None

    name = models.CharField(max_length=300, help_text="The name, in its own spelling.")
    country = models.CharField(
        max_length=2, blank=True, help_text="Where it publishes from, as ISO 3166-1 alpha-2: IQ."
    )
    language = LanguageField(blank=True, help_text="Its main language, as BCP 47: ar, en, ckb.")
    scale = WordField(Scale, default=Scale.UNKNOWN, help_text="How far it reaches.")

    class Meta(Record.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="publisher_country_code",
                violation_error_message="A country is two capital letters, as in IQ.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.name)


@pghistory.track()
class Source(Record):
    """What is cited: an article, a report, a post, a dataset."""

    type_name = "source"
    document = "sources.serializers.SourceDocument"
    entry = "sources.entries.SourceEntry"
    ref_name = "title"

    title = models.CharField(max_length=500, help_text="The title, in its own language.")
    translated_title = models.CharField(
        max_length=500, blank=True, help_text="The title in English."
    )
    kind = WordField(SourceKind, default=SourceKind.UNKNOWN, help_text="What it is.")
    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="Who published it.",
    )
    author = models.CharField(max_length=300, blank=True, help_text="Who wrote it.")
    url = models.URLField("URL", max_length=2000, blank=True, help_text="Where it was found.")
    archive_url = models.URLField(
        "archive URL", max_length=2000, blank=True, help_text="Where a copy is kept."
    )
    language = LanguageField(blank=True, help_text="Its language, as BCP 47: ar, en, ckb.")
    published = EdtfField(blank=True, help_text="When it was published, as EDTF: 2020-01, 2020.")
    accessed = models.DateField(null=True, blank=True, help_text="When the desk read it.")
    licence = models.CharField(max_length=200, blank=True, help_text="The licence of its text.")
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text="Of what was seen, in hex."
    )
    confidential = models.BooleanField(
        default=False,
        help_text="What cites it shows only that a source is withheld; it is never published.",
    )

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^([0-9a-f]{64})?$"),
                name="source_sha256_hex",
                violation_error_message="A SHA-256 is 64 hex digits in lowercase.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.title)

    def prepare(self) -> None:
        super().prepare()
        if self.confidential:
            raise ValidationError(
                "A confidential source cannot be published: what cites it shows that a source is "
                "withheld, and no more.",
                code="confidential",
            )


@pghistory.track()
class SourceExternalId(ExternalId):
    """What another system calls a source."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="external_ids")
