"""How whatever has dates is asked for by them."""

from datetime import date

from django.db.models import QuerySet, TextChoices

from api.filters import ListFilters
from api.filtersets import Strict
from api.parameters import Word


class Dates(TextChoices):
    """How a date filter treats doubt."""

    POSSIBLE = "possible"
    CERTAIN = "certain"


class Doubt(Strict):
    """The parameter `dates`, for everything that has dates."""

    dates = Word(
        Dates,
        "Whether a date filter keeps what may match (possible) or only what must (certain).",
        default=Dates.POSSIBLE,
    )


class Dated(Doubt, ListFilters):
    """Parameters that ask from and to a day of what happened; a subclass declares the two."""

    def keep_from(self, entries: QuerySet, name: str, asked: date) -> QuerySet:
        """Keep what may have happened, or must have, on the day or later."""
        if self.asked["dates"] == Dates.CERTAIN:
            return entries.filter(order_date__gte=asked, certain=True)
        return entries.filter(last_date__gte=asked)

    def keep_to(self, entries: QuerySet, name: str, asked: date) -> QuerySet:
        """Keep what may have happened, or must have, on the day or earlier."""
        entries = entries.filter(order_date__lte=asked)
        if self.asked["dates"] == Dates.CERTAIN:
            return entries.filter(last_date__lte=asked, certain=True)
        return entries
