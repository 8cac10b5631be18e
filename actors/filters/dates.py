"""How a date filter treats doubt, and the parameter `at` of what holds for a time."""

from datetime import date

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from editorial.api.filters import ListFilters
from editorial.api.parameters import Days, Word


class Dates(models.TextChoices):
    """How a date filter treats doubt."""

    POSSIBLE = "possible"
    CERTAIN = "certain"


class Doubt(ListFilters):
    """The parameter `dates`, for everything that has dates."""

    dates = Word(
        Dates,
        "Whether a date filter keeps what may match (possible) or only what must (certain).",
        default=Dates.POSSIBLE,
    )


class Held(Doubt):
    """The parameter `at`, for everything that holds for a time."""

    at = Days("On a day, or on any day of a month or a year.", method="keep_held")

    def keep_held(self, entries: QuerySet, name: str, asked: tuple[date, date]) -> QuerySet:
        """Keep what held on one of the days."""
        return entries.filter(**{f"{self.asked['dates']}__overlap": DateRange(*asked, "[]")})
