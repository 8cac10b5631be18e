"""Publishers and sources, and the abstract rows that every claim is recorded with: citations,
assertions, assessments, figures, external ids.
"""

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from editorial.models import Record
from publishing.bidi import isolate
from publishing.fields import EdtfField, LanguageField, WordField
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


class ExternalId(models.Model):
    """An id in another system; each model that has any has its own subclass."""

    scheme = WordField(Scheme, help_text="The other system.")
    value = models.CharField(max_length=200, help_text="The id there.")
    match = WordField(
        Match, default=Match.EXACT, help_text="How what the other system means relates to it."
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
                violation_error_message="This id already names another record exactly.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{isolate(self.value)}"


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


_PRIVATE = ["id", "public_id", "slug", "internal_note", "private_place"]
"""Columns that are no matter of readers: that one is cited would tell them that it says something.
"""


class Citation(models.Model):
    """One passage cited for one row; each citable model has its own subclass.

    The subclass adds the foreign key to what it supports, with related name `citations`.
    """

    needs = ("source", "field")
    identified_by = ("quote",)
    """By what a redaction knows a citation again that it removed: its source may be cited anew."""

    source = models.ForeignKey(
        "sources.Source", models.PROTECT, related_name="+", help_text="What is cited."
    )
    field = models.CharField(
        max_length=40, blank=True, help_text="The field it supports; blank: the whole row."
    )
    stance = WordField(
        Stance, default=Stance.SUPPORTS, help_text="What the source does to what it is cited for."
    )
    locator_kind = WordField(
        LocatorKind,
        default=LocatorKind.UNKNOWN,
        help_text="By what the passage is found in the source.",
    )
    locator = models.CharField(
        max_length=100, blank=True, help_text="Where the passage is, such as a page number."
    )
    quote = models.TextField(blank=True, help_text="The passage, word for word.")
    quote_language = LanguageField(
        blank=True, help_text="The language of the quote, as BCP 47: ar, en, ckb."
    )
    translation = models.TextField(blank=True, help_text="The passage in English.")

    class Meta:
        abstract = True
        ordering = ["field", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(field__in=_PRIVATE),
                name="%(class)s_field_public",
                violation_error_message="Readers are told the field that is cited: name a public "
                "one, or none.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.quote[:60]) or f"citation {self.pk}"

    def clean(self) -> None:
        super().clean()
        known = [field.name for field in self.citable()]
        if self.field and self.field not in known:
            raise ValidationError(
                {"field": f"There is no field “{self.field}” to cite: there are {', '.join(known)}"}
            )

    @classmethod
    def citable(cls) -> list[models.Field]:
        """Return the columns of the row that is cited for, as far as readers are told them."""
        cited: Any
        (cited,) = [f for f in cls._meta.fields if f.is_relation and f.name != "source"]
        return [
            field
            for field in cited.related_model._meta.fields
            if field.editable
            and field.name not in _PRIVATE
            and getattr(field.remote_field, "on_delete", None) is not models.CASCADE
        ]


_NEEDS_NOTE = [Assessment.DISPUTED, Assessment.REJECTED]


class Assertion(models.Model):
    """A row that may be disputed; disputed or rejected, it says why to its readers."""

    assessment = WordField(
        Assessment, default=Assessment.ACCEPTED, help_text="What the desk holds of the statement."
    )
    note = models.TextField(
        blank=True, help_text="Public note; required when disputed or rejected."
    )
    internal_note = models.TextField(
        blank=True, help_text="For the desk alone: it is never published."
    )

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
    """An assertion of which the desk also says how sure it is."""

    confidence = WordField(
        Confidence, default=Confidence.UNASSESSED, help_text="How sure the desk is."
    )

    class Meta(Assertion.Meta):
        abstract = True


class AnalystAssessment(models.Model):
    """A cited judgement on one topic; each model that is judged has its own subclass.

    The subclass adds the foreign key to what is judged, with related name `assessments`.
    """

    topic = WordField(Topic, help_text="What is judged.")
    text = models.TextField(help_text="The judgement, public.")
    as_of = EdtfField("as of", blank=True, help_text="Of what day it speaks, as EDTF.")

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


def _same(one: str, other: str) -> models.Q:
    """Return the rule that two numbers are the same where both are given."""
    missing = models.Q(**{f"{one}__isnull": True}) | models.Q(**{f"{other}__isnull": True})
    return missing | models.Q(**{one: models.F(other)})


def build_order_constraint(name: str, low: str, best: str, high: str) -> models.CheckConstraint:
    """Return the rule that three numbers, as far as they are given, do not fall."""
    rule = models.Q()
    for less, more in ((low, best), (best, high), (low, high)):
        rule &= (
            models.Q(**{f"{less}__isnull": True})
            | models.Q(**{f"{more}__isnull": True})
            | models.Q(**{f"{less}__lte": models.F(more)})
        )
    return models.CheckConstraint(
        condition=rule,
        name=name,
        violation_error_message="The numbers must rise from low to best to high.",
    )


def derive_quantifier(low: int | None, best: int | None, high: int | None) -> Quantifier:
    """Return how a source words a number of which it gives these bounds, and no other word."""
    given = {number for number in (low, best, high) if number is not None}
    if low is not None and high is not None:
        return Quantifier.EXACT if len(given) == 1 else Quantifier.BETWEEN
    if best is not None and len(given) == 1:
        return Quantifier.EXACT
    if low is not None:
        return Quantifier.AT_LEAST
    return Quantifier.AT_MOST if high is not None else Quantifier.EXACT


class Figure(models.Model):
    """How many; a vague word is the datum where there is no number.

    Low, best and high may be out of order, as in sources: that is pointed out; a subclass whose
    numbers are the desk's own refuses it by `in_order`.
    """

    quantifier = WordField(
        Quantifier, default=Quantifier.EXACT, help_text="How the number is worded."
    )
    low = models.PositiveIntegerField(null=True, blank=True, help_text="The lowest number.")
    best = models.PositiveIntegerField(null=True, blank=True, help_text="The best number.")
    high = models.PositiveIntegerField(null=True, blank=True, help_text="The highest number.")
    role = WordField(
        FigureRole,
        default=FigureRole.SUPPORTING,
        help_text="recommended: the desk's own. supporting: what one source says.",
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
                violation_error_message="Give a number, or a vague word as the quantifier.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.EXACT)
                | (_same("low", "best") & _same("best", "high") & _same("low", "high")),
                name="%(class)s_exact_is_one_number",
                violation_error_message="An exact number is one: low, best and high are the same.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_LEAST)
                | models.Q(low__isnull=False, high__isnull=True),
                name="%(class)s_at_least_has_low",
                violation_error_message="At least: give the lowest number and no highest.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.AT_MOST) | models.Q(high__isnull=False),
                name="%(class)s_at_most_has_high",
                violation_error_message="At most: give the highest number.",
            ),
            models.CheckConstraint(
                condition=~models.Q(quantifier=Quantifier.BETWEEN)
                | models.Q(low__isnull=False, high__isnull=False),
                name="%(class)s_between_has_both",
                violation_error_message="Between: give the lowest and the highest number.",
            ),
        ]
