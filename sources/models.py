"""Publishers and sources, and the abstract rows of claims and of the evidence for them.

The abstract rows are external ids, citations, assertions, assessments and figures.
"""

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from editorial.models import Record
from publishing.bidi import isolate
from publishing.fields import EdtfField, LanguageField, LineField, LinesField, WordField
from sources.codes import (
    Assessment,
    Confidence,
    FigureRole,
    LocatorKind,
    Match,
    Quantifier,
    Scale,
    Scheme,
    SourceKind,
    Stance,
    Topic,
)
from sources.entries import PublisherEntry, SourceEntry

__all__ = [
    "AnalystAssessment",
    "Assertion",
    "Citation",
    "ConfidentAssertion",
    "ExternalId",
    "Figure",
    "Publisher",
    "PublisherEntry",
    "Source",
    "SourceEntry",
    "SourceExternalId",
    "build_order_constraint",
    "derive_quantifier",
]


class ExternalId(models.Model):
    """The id of a record in another system; one subclass for each type of record."""

    scheme = WordField(Scheme, help_text="The other system.")
    value = LineField(max_length=200, help_text="The id there.")
    match = WordField(
        Match,
        default=Match.EXACT,
        help_text="How the record relates to what the other system means.",
    )
    dropped_in = LineField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="The release in which the other system no longer has the id. Imports set it, "
        "where a file is declared to be complete.",
    )

    class Meta:
        abstract = True
        ordering = ["scheme", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                "scheme",
                "value",
                condition=models.Q(match=Match.EXACT),
                name="%(class)s_exact_names_one",
                violation_error_message="Another record already has this id as an exact match.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{isolate(self.value)}"


@pghistory.track()
class Publisher(Record):
    """A publisher of sources: a newspaper, an agency, the outlet of a group."""

    type_name = "publisher"
    document = "sources.serializers.PublisherDocument"
    entry = "sources.entries.PublisherEntry"
    ref_kind = None

    name = LineField(max_length=300, help_text="The name as the publisher spells it.")
    country = models.CharField(
        max_length=2,
        blank=True,
        help_text="The country that it publishes from, as ISO 3166-1 alpha-2 code: IQ.",
    )
    language = LanguageField(blank=True, help_text="Its main language, as BCP 47: ar, en, ckb.")
    scale = WordField(
        Scale, default=Scale.UNKNOWN, help_text="The reach of the publisher, such as national."
    )

    class Meta(Record.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="publisher_country_code",
                violation_error_message="Write the country as two capital letters, such as IQ.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.name)


@pghistory.track()
class Source(Record):
    """A source that can be cited: an article, a report, a post, a dataset."""

    type_name = "source"
    document = "sources.serializers.SourceDocument"
    entry = "sources.entries.SourceEntry"
    ref_name = "title"

    title = LineField(max_length=500, help_text="The title, in its own language.")
    translated_title = LineField(max_length=500, blank=True, help_text="The title in English.")
    kind = WordField(SourceKind, default=SourceKind.UNKNOWN, help_text="What it is.")
    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="The publisher.",
    )
    author = LineField(max_length=300, blank=True, help_text="The author.")
    url = models.URLField("URL", max_length=2000, blank=True, help_text="The address on the web.")
    archive_url = models.URLField(
        "archive URL", max_length=2000, blank=True, help_text="The address of an archived copy."
    )
    language = LanguageField(blank=True, help_text="Its language, as BCP 47: ar, en, ckb.")
    published = EdtfField(blank=True, help_text="When it was published, as EDTF: 2020-01, 2020.")
    accessed = models.DateField(
        null=True, blank=True, help_text="The day on which editors read it."
    )
    licence = LineField(max_length=200, blank=True, help_text="The licence of its text.")
    sha256 = models.CharField(
        "SHA-256",
        max_length=64,
        blank=True,
        help_text="The SHA-256 of the file that editors read, as 64 hex digits.",
    )
    confidential = models.BooleanField(
        default=False,
        help_text="A confidential source is never published; citations only show that a source "
        "is withheld.",
    )

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^([0-9a-f]{64})?$"),
                name="source_sha256_hex",
                violation_error_message="Write the SHA-256 as 64 hex digits in lowercase.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.title)

    def prepare(self) -> None:
        super().prepare()
        if self.confidential:
            raise ValidationError(
                "A confidential source cannot be published. Citations only show that a source is "
                "withheld.",
                code="confidential",
            )


@pghistory.track()
class SourceExternalId(ExternalId):
    """The id of a source in another system."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="external_ids")


_PRIVATE = ["id", "public_id", "slug", "internal_note", "private_place"]
"""The columns that readers never see. A citation for one would reveal that it has a value."""


class Citation(models.Model):
    """A passage of a source that is cited for a row or for one field of it.

    Each citable model has its own subclass, which adds the foreign key to the row with the related
    name `citations`.
    """

    needs = ("source", "field")
    identified_by = ("quote",)
    """The columns by which a redaction recognizes a citation that it removed. The source is not
one of them: it may be cited again."""

    source = models.ForeignKey(
        "sources.Source", models.PROTECT, related_name="+", help_text="The source."
    )
    field = models.CharField(
        max_length=40,
        blank=True,
        help_text="The field that it is cited for; leave it empty for the whole row.",
    )
    stance = WordField(
        Stance,
        default=Stance.SUPPORTS,
        help_text="Whether the source supports the statement, contradicts it or gives context.",
    )
    locator_kind = WordField(
        LocatorKind,
        default=LocatorKind.UNKNOWN,
        help_text="What the locator counts, such as pages or minutes.",
    )
    locator = LineField(
        max_length=100,
        blank=True,
        help_text="Where the passage is in the source, such as 12 for page 12.",
    )
    quote = LinesField(blank=True, help_text="The passage, word for word.")
    quote_language = LanguageField(
        blank=True, help_text="The language of the quote, as BCP 47: ar, en, ckb."
    )
    translation = LinesField(blank=True, help_text="The passage in English.")

    class Meta:
        abstract = True
        ordering = ["field", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(field__in=_PRIVATE),
                name="%(class)s_field_public",
                violation_error_message="Readers see the field that is cited: choose a public "
                "one, or none.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.quote[:60]) or f"citation {self.pk}"

    def clean(self) -> None:
        super().clean()
        citable = [field.name for field in self.list_citable_fields()]
        if self.field and self.field not in citable:
            raise ValidationError(
                {"field": f"“{self.field}” cannot be cited. These can: {', '.join(citable)}."}
            )

    @classmethod
    def list_citable_fields(cls) -> list[models.Field]:
        """Return the public columns of the model that the citations are for."""
        foreign_key: Any
        (foreign_key,) = [f for f in cls._meta.fields if f.is_relation and f.name != "source"]
        return [
            field
            for field in foreign_key.related_model._meta.fields
            if field.editable
            and field.name not in _PRIVATE
            and getattr(field.remote_field, "on_delete", None) is not models.CASCADE
        ]


_NEEDS_NOTE = [Assessment.DISPUTED, Assessment.REJECTED]


class Assertion(models.Model):
    """A row that editors may dispute or reject, with a public note that says why."""

    assessment = WordField(
        Assessment,
        default=Assessment.ACCEPTED,
        help_text="The assessment of the statement by the editors.",
    )
    note = LinesField(
        blank=True, help_text="A public note; required if the statement is disputed or rejected."
    )
    internal_note = LinesField(blank=True, help_text="A note for editors; it is never published.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(assessment__in=_NEEDS_NOTE, note=""),
                name="%(class)s_dispute_has_note",
                violation_error_message="Say in the public note why it is disputed or rejected.",
            )
        ]


class ConfidentAssertion(Assertion):
    """An assertion with the confidence of the editors."""

    confidence = WordField(
        Confidence, default=Confidence.UNASSESSED, help_text="How confident the editors are."
    )

    class Meta(Assertion.Meta):
        abstract = True


class AnalystAssessment(models.Model):
    """The judgement of an analyst on one topic, in words, with citations.

    Each model that is judged has its own subclass, which adds the foreign key to it with the
    related name `assessments`.
    """

    topic = WordField(Topic, help_text="The topic of the judgement.")
    text = LinesField(help_text="The judgement, which is public.")
    as_of = EdtfField(
        "as of", blank=True, help_text="The date that the judgement is about, as EDTF: 2014-06."
    )

    class Meta:
        abstract = True
        ordering = ["topic", "-as_of", "pk"]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} (assessment {self.pk})"


_VAGUE = [
    Quantifier.SEVERAL,
    Quantifier.FEW,
    Quantifier.MANY,
    Quantifier.DOZENS,
    Quantifier.HUNDREDS,
    Quantifier.THOUSANDS,
    Quantifier.TENS_OF_THOUSANDS,
    Quantifier.UNSPECIFIED,
]


def _equal(left: str, right: str) -> models.Q:
    """Return the condition that two numbers are equal if both are given."""
    missing = models.Q(**{f"{left}__isnull": True}) | models.Q(**{f"{right}__isnull": True})
    return missing | models.Q(**{left: models.F(right)})


def build_order_constraint(name: str, low: str, best: str, high: str) -> models.CheckConstraint:
    """Return the constraint that three numbers, if given, are in ascending order."""
    condition = models.Q()
    for less, more in ((low, best), (best, high), (low, high)):
        condition &= (
            models.Q(**{f"{less}__isnull": True})
            | models.Q(**{f"{more}__isnull": True})
            | models.Q(**{f"{less}__lte": models.F(more)})
        )
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message="The numbers must be in ascending order: low, best, high.",
    )


def derive_quantifier(low: int | None, best: int | None, high: int | None) -> Quantifier:
    """Return the quantifier of a number with these bounds, if the source uses no other word."""
    given = {number for number in (low, best, high) if number is not None}
    if low is not None and high is not None:
        return Quantifier.EXACT if len(given) == 1 else Quantifier.BETWEEN
    if best is not None and len(given) == 1:
        return Quantifier.EXACT
    if low is not None:
        return Quantifier.AT_LEAST
    return Quantifier.AT_MOST if high is not None else Quantifier.EXACT


class Figure(models.Model):
    """A number as sources give it: low, best and high, or a vague word as the quantifier.

    The three numbers may be out of order, as they are in some sources; a quality rule reports that.
    A subclass with the editors' own numbers forbids it with `build_order_constraint`.
    """

    quantifier = WordField(
        Quantifier,
        default=Quantifier.EXACT,
        help_text="How the source words the number. Without a number, choose a vague word such as "
        "“dozens”.",
    )
    low = models.PositiveIntegerField(
        null=True, blank=True, help_text="The lowest number that the source gives."
    )
    best = models.PositiveIntegerField(null=True, blank=True, help_text="The best estimate.")
    high = models.PositiveIntegerField(
        null=True, blank=True, help_text="The highest number that the source gives."
    )
    role = WordField(
        FigureRole,
        default=FigureRole.SUPPORTING,
        help_text="recommended: the figure that the editors use. supporting: what one source says.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantifier__in=_VAGUE)
                | models.Q(low__isnull=False)
                | models.Q(best__isnull=False)
                | models.Q(high__isnull=False),
                name="%(class)s_number_or_word",
                violation_error_message="Enter a number, or choose a vague word as the quantifier.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.EXACT)
                | (_equal("low", "best") & _equal("best", "high") & _equal("low", "high")),
                name="%(class)s_exact_is_one_number",
                violation_error_message="For an exact number, low, best and high must be equal.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_LEAST)
                | models.Q(low__isnull=False, high__isnull=True),
                name="%(class)s_at_least_has_low",
                violation_error_message="For “at least”, enter the lowest number and no highest.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_MOST) | models.Q(high__isnull=False),
                name="%(class)s_at_most_has_high",
                violation_error_message="For “at most”, enter the highest number.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.BETWEEN)
                | models.Q(low__isnull=False, high__isnull=False),
                name="%(class)s_between_has_both",
                violation_error_message="For “between”, enter the lowest and the highest number.",
            ),
        ]
