"""The filter by what an incident lacks: every group of statistics with the key null has a list."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, TextChoices

from api.filtersets import FilterGroup
from api.parameters import MultipleChoiceParameter
from api.problems import Fault
from incidents.codes import ROLES
from incidents.entries import IncidentTargetEntry, IncidentWeaponEntry
from incidents.filters.citations import CitationFilters
from incidents.filters.involvements import InvolvementFilters


class Absent(TextChoices):
    """What an incident may lack."""

    DATE = "date"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    PRECISION = "precision"
    PARTICIPANT = "participant"
    PERPETRATOR = "perpetrator"
    TARGET = "target"
    WEAPON = "weapon"
    TARGET_TYPE = "target_type"
    SOURCE = "source"
    PUBLISHER = "publisher"


_COLUMNS = (Absent.COUNTRY, Absent.ADMIN1, Absent.PRECISION)


class AbsenceFilters(FilterGroup):
    """The filter by what an incident lacks."""

    without = MultipleChoiceParameter(
        Absent,
        "Incidents that lack all of these: `date` (a first day), `country`, `admin1`, `precision` "
        "(a primary location), `participant`, `perpetrator` or `target` (a known actor in this "
        "role, of at least `certainty_min` if given), `weapon`, `target_type`, `source` or "
        "`publisher`. In statistics, their key is null.",
        method="filter_without",
    )

    def check(self) -> Iterator[Fault]:
        for word in self.params["without"] or ():
            # A place with a country code may lie below one without.
            if word in self.filterset.given and word != Absent.COUNTRY:
                detail = f"Use either `without={word}` or `{word}`: no incident matches both."
                yield Fault("contradiction", "without", detail)

    def filter_without(self, entries: QuerySet, name: str, words: list[str]) -> QuerySet:
        """Return the incidents that lack all of these."""
        for word in words:
            if word == Absent.DATE:
                entries = entries.filter(order_date=date.min)
            elif word in _COLUMNS:
                entries = entries.filter(**{word: ""})
            else:
                entries = entries.filter(~Exists(self._find_rows(word).filter(seq=OuterRef("seq"))))
        return entries

    def _find_rows(self, word: str) -> QuerySet:
        """Return the rows of incidents, none of which an incident may have."""
        if word in ROLES:
            involvements = self.filterset.group(InvolvementFilters)
            rows: QuerySet = involvements.find_candidates().filter(role__in=ROLES[word])
            return rows
        if word in (Absent.SOURCE, Absent.PUBLISHER):
            return self.filterset.group(CitationFilters).find_cited(word)
        targets = word == Absent.TARGET_TYPE
        return (IncidentTargetEntry if targets else IncidentWeaponEntry).objects.all()
