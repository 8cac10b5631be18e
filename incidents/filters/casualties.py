"""The filters by casualties."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet, TextChoices

from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, IntegerParameter
from api.problems import Fault
from incidents.casualties import MEASURES, list_columns
from incidents.codes import CasualtyMeasure

_MAX = 2**31 - 1


class Known(TextChoices):
    """Whether a number is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


def _known(people: str) -> ChoiceParameter:
    return ChoiceParameter(
        Known,
        f"Incidents whose number of {people} is known, if only as a lowest or a highest number, or "
        "unknown.",
        method="filter_known",
    )


def _at_least(people: str, at_most: str) -> IntegerParameter:
    return IntegerParameter(
        f"Incidents with at least this many {people}, by the best number, or if there is none, by "
        "the lowest.",
        0,
        _MAX,
        method="filter_min",
        at_most=at_most,
    )


def _at_most(people: str) -> IntegerParameter:
    return IntegerParameter(
        f"Incidents with at most this many {people}, by the best number, or if there is none, by "
        "the highest.",
        0,
        _MAX,
        method="filter_max",
    )


class CasualtyFilters(FilterGroup):
    """The filters by numbers of casualties; unknown numbers never match a number."""

    killed = _known("deaths")
    killed_min = _at_least("deaths", "killed_max")
    killed_max = _at_most("deaths")
    injured = _known("injured")
    injured_min = _at_least("injured", "injured_max")
    injured_max = _at_most("injured")
    missing = _known("missing")
    missing_min = _at_least("missing", "missing_max")
    missing_max = _at_most("missing")
    abducted = _known("abducted")
    abducted_min = _at_least("abducted", "abducted_max")
    abducted_max = _at_most("abducted")
    detained = _known("detained")
    detained_min = _at_least("detained", "detained_max")
    detained_max = _at_most("detained")
    displaced = _known("displaced")
    displaced_min = _at_least("displaced", "displaced_max")
    displaced_max = _at_most("displaced")

    def check(self) -> Iterator[Fault]:
        for measure in MEASURES:
            for name in (f"{measure}_min", f"{measure}_max"):
                if self.params[measure] == Known.UNKNOWN and name in self.given:
                    detail = f"Do not use `{name}` with `{measure}=unknown`."
                    yield Fault("contradiction", name, detail)

    def filter_known(self, entries: QuerySet, name: str, word: str) -> QuerySet:
        """Return the incidents of which some number is known, or none."""
        unknown = Q(**dict.fromkeys(list_columns(name)))
        return entries.filter(unknown if word == Known.UNKNOWN else ~unknown)

    def filter_min(self, entries: QuerySet, name: str, number: int) -> QuerySet:
        """Return the incidents whose best, or else lowest, number is at least `number`."""
        measure = name.removesuffix("_min")
        if measure == CasualtyMeasure.KILLED:
            # The key has an index. It is the highest number if no other is known.
            known = Q(killed__isnull=False) | Q(killed_low__isnull=False)
            return entries.filter(known, killed_key__gte=number)
        low = Q(**{measure: None, f"{measure}_low__gte": number})
        return entries.filter(low | Q(**{f"{measure}__gte": number}))

    def filter_max(self, entries: QuerySet, name: str, number: int) -> QuerySet:
        """Return the incidents whose best, or else highest, number is at most `number`."""
        measure = name.removesuffix("_max")
        high = Q(**{measure: None, f"{measure}_high__lte": number})
        return entries.filter(high | Q(**{f"{measure}__lte": number}))
