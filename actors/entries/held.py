"""The days that a document tells, and the columns of whatever held for a time."""

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange


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
