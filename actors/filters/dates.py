"""The parameter `at` of what holds for a time."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from api.dated import Dates, Doubt
from api.parameters import Days

__all__ = ["Dates", "Doubt", "Held"]


class Held(Doubt):
    """The parameter `at`, for everything that holds for a time."""

    at = Days("On a day, or on any day of a month or a year.", method="keep_held")

    def keep_held(self, entries: QuerySet, name: str, asked: tuple[date, date]) -> QuerySet:
        """Keep what held on one of the days."""
        return entries.filter(**{f"{self.asked['dates']}__overlap": DateRange(*asked, "[]")})
