"""By tolls incidents can be asked for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, TextChoices

from api.filters import ListFilters
from api.parameters import Whole, Word
from api.problems import Fault

_MOST = 2**31 - 1


class Known(TextChoices):
    """Whether a number is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


class Tolls(ListFilters):
    """The parameters for tolls; all are of the best number, and unknown never matches one."""

    killed = Word(Known, "Whether the best number of those killed is known.", method="keep_killed")
    killed_min = Whole("At least so many killed.", 0, _MOST, field_name="killed", lookup="gte")
    killed_max = Whole("At most so many killed.", 0, _MOST, field_name="killed", lookup="lte")
    injured_min = Whole("At least so many injured.", 0, _MOST, field_name="injured", lookup="gte")

    own_pairs = (("killed_min", "killed_max"),)

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        for name in ("killed_min", "killed_max"):
            if asked["killed"] == Known.UNKNOWN and asked[name] is not None:
                detail = "What is unknown is no number: leave out one of the two."
                yield Fault("contradiction", name, detail)

    def keep_killed(self, entries: QuerySet, name: str, asked: str) -> QuerySet:
        """Keep that of which it is known how many were killed, or not known."""
        return entries.filter(killed__isnull=asked == Known.UNKNOWN)
