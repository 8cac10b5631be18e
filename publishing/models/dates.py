"""Abstract models of rows with dates: editors write EDTF texts, the bounds are derived."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from dates import DateError, derive_occurrence, derive_validity
from publishing.codes import DatePrecision, EndKind, StartKind
from publishing.fields import EdtfField, WordField

_DAY = models.DateField()
"""Converts a day given as text."""


class DerivedDates(models.Model):
    """A row with columns that follow from its dates; `derive` computes them on every save."""

    class Meta:
        abstract = True

    def derive(self) -> None:
        """Compute the derived columns; raise DateError if the dates contradict each other."""
        raise NotImplementedError

    def clean(self) -> None:
        """Refuse dates that contradict each other."""
        super().clean()
        try:
            self.derive()
        except DateError as error:
            if self._has_valid_dates():
                raise ValidationError(str(error), code="date") from error

    def _has_valid_dates(self) -> bool:
        """Return whether each date can be parsed; otherwise its own field reports the error."""
        fields = [f for f in self._meta.concrete_fields if isinstance(f, EdtfField)]
        try:
            for field in fields:
                field.validate(getattr(self, field.attname), self)
        except ValidationError:
            return False
        return True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)


class Occurrence(DerivedDates):
    """A row about something that happened, on days that may be imprecise or unknown."""

    date = EdtfField(
        blank=True,
        help_text="When it happened, as EDTF: 2014, 2014-06, 2014-06-10, 2014-06-10/2014-06-14, "
        "2019/.. or [2014-06-10..2014-06-14], with ~ for about and ? for uncertain. Leave it empty "
        "if the date is unknown.",
    )
    as_of = models.DateField(
        "as of",
        null=True,
        blank=True,
        help_text="The last day for which an open end such as 2019/.. is known. If it is left "
        "empty, the end stays open: it may go on to this day.",
    )
    date_start = models.DateField(
        null=True, editable=False, help_text="The first day on which it may have happened."
    )
    date_end = models.DateField(
        null=True,
        editable=False,
        help_text="The last day on which it may have happened; null if there is no date, or if its "
        "end is open.",
    )
    date_precision = WordField(
        DatePrecision,
        default=DatePrecision.UNKNOWN,
        editable=False,
        help_text="How precisely the day is known.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    date="",
                    date_start__isnull=True,
                    date_end__isnull=True,
                    date_precision=DatePrecision.UNKNOWN,
                )
                | (
                    models.Q(date_start__isnull=False)
                    & ~models.Q(date="")
                    & ~models.Q(date_precision=DatePrecision.UNKNOWN)
                    & (
                        models.Q(date__endswith="/..", as_of__isnull=True, date_end__isnull=True)
                        | models.Q(
                            ~models.Q(date__endswith="/..") | models.Q(as_of__isnull=False),
                            date_end__isnull=False,
                            date_start__lte=models.F("date_end"),
                        )
                    )
                ),
                name="%(class)s_days_of_date",
                violation_error_message="A date has a first and a last day, in this order. Only an "
                "open end has no last day, and no date has neither.",
            ),
        ]

    @property
    def single(self) -> bool:
        """Whether this is one event: then it lasted on every day of an interval."""
        return True

    def derive(self) -> None:
        self.as_of = _DAY.to_python(self.as_of)
        bounds = derive_occurrence(self.date, single=self.single, as_of=self.as_of)
        self.date_start, self.date_end = bounds.start, bounds.end
        self.date_precision = DatePrecision(bounds.precision.value)


class Validity(DerivedDates):
    """A row about something that is valid for a time: an affiliation, a status, an existence."""

    start = EdtfField(
        blank=True,
        help_text="When it started, as EDTF: 2014, 2014-06 or 2014-06-10. Leave it empty if "
        "it is unknown.",
    )
    start_kind = WordField(
        StartKind,
        default=StartKind.UNKNOWN,
        help_text="actual: it started then. first_cited: a source first mentions it then, and it "
        "may be older.",
    )
    end = EdtfField(
        blank=True,
        help_text="When it ended, as EDTF: 2014, 2014-06 or 2014-06-10. Leave it empty if it "
        "is ongoing or unknown.",
    )
    end_kind = WordField(
        EndKind,
        default=EndKind.UNKNOWN,
        help_text="actual: it ended then. last_cited: a source last mentions it then. ongoing: it "
        "has not ended.",
    )
    last_verified = models.DateField(
        null=True, blank=True, help_text="The last day on which editors verified it."
    )
    certain = DateRangeField(
        null=True, editable=False, help_text="The days on which it was certainly valid."
    )
    possible = DateRangeField(
        null=True, editable=False, help_text="The days on which it may have been valid."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(start_kind=StartKind.UNKNOWN) | ~models.Q(start=""))
                & (
                    models.Q(end_kind=EndKind.UNKNOWN)
                    | models.Q(end_kind=EndKind.ONGOING, end="")
                    | (~models.Q(end_kind=EndKind.ONGOING) & ~models.Q(end=""))
                ),
                name="%(class)s_kinds_of_dates",
                violation_error_message="A start or an end whose kind is known needs a date; "
                "an ongoing end has none.",
            ),
            models.CheckConstraint(
                condition=models.Q(possible__isnull=False)
                & (
                    models.Q(certain__isnull=True)
                    | models.Q(certain__contained_by=models.F("possible"))
                ),
                name="%(class)s_certain_is_possible",
                violation_error_message="The certain days must be possible too.",
            ),
        ]

    def derive(self) -> None:
        self.last_verified = _DAY.to_python(self.last_verified)
        ranges = derive_validity(
            self.start, self.end, self.start_kind, self.end_kind, self.last_verified
        )
        self.certain = DateRange(*ranges.certain, "[]") if ranges.certain else None
        self.possible = DateRange(*ranges.possible, "[]")
