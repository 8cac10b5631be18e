"""By when incidents can be asked for."""

from datetime import date

from django.db.models import QuerySet

from actors.filters import Dates, Doubt
from editorial.api.parameters import FirstDay, LastDay


class Occurred(Doubt):
    """The parameters for when it happened."""

    occurred_from = FirstDay("On this day (or month, or year) or later.", method="keep_from")
    occurred_to = LastDay("On this day (or month, or year) or earlier.", method="keep_to")

    pairs = (*Doubt.pairs, ("occurred_from", "occurred_to"))

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
