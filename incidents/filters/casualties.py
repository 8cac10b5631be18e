"""The filters by casualties."""

from collections.abc import Iterator

from django.db.models import QuerySet, TextChoices

from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, IntegerParameter
from api.problems import Fault

_MAX = 2**31 - 1


class Known(TextChoices):
    """Whether a number is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


class CasualtyFilters(FilterGroup):
    """The filters by the best estimates of casualties; unknown numbers never match a number."""

    killed = ChoiceParameter(
        Known,
        "Incidents whose best estimate of deaths is known or unknown.",
        method="filter_killed",
    )
    killed_min = IntegerParameter(
        "Incidents with at least this many deaths, by the best estimate.",
        0,
        _MAX,
        "killed",
        lookup="gte",
        at_most="killed_max",
    )
    killed_max = IntegerParameter(
        "Incidents with at most this many deaths, by the best estimate.",
        0,
        _MAX,
        "killed",
        lookup="lte",
    )
    injured_min = IntegerParameter(
        "Incidents with at least this many injured, by the best estimate.",
        0,
        _MAX,
        "injured",
        lookup="gte",
    )

    def check(self) -> Iterator[Fault]:
        for name in ("killed_min", "killed_max"):
            if self.params["killed"] == Known.UNKNOWN and name in self.given:
                yield Fault("contradiction", name, f"Do not use `{name}` with `killed=unknown`.")

    def filter_killed(self, entries: QuerySet, name: str, word: str) -> QuerySet:
        """Return the incidents for which the number of deaths is known, or unknown."""
        return entries.filter(killed__isnull=word == Known.UNKNOWN)
