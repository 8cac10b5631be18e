"""The labels of the keys of statistics."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import TextChoices

from actors.entries import ActorEntry
from incidents.codes import (
    AttributionStatus,
    ClaimStatus,
    EventType,
    Granularity,
    Outcome,
    Precision,
    SubType,
    TargetType,
    Violence,
    Weapon,
)
from incidents.filters.statistics import RECORDS, GroupBy
from incidents.statistics import Group
from publishing.codes import DatePrecision
from publishing.countries import find_country, find_division
from publishing.models import Edition, Entry
from sources.entries import PublisherEntry, SourceEntry

_WORDS: Mapping[str, type[TextChoices]] = {
    GroupBy.EVENT_TYPE: EventType,
    GroupBy.SUB_TYPE: SubType,
    GroupBy.VIOLENCE: Violence,
    GroupBy.OUTCOME: Outcome,
    GroupBy.GRANULARITY: Granularity,
    GroupBy.DATE_PRECISION: DatePrecision,
    GroupBy.PRECISION: Precision,
    GroupBy.WEAPON: Weapon,
    GroupBy.TARGET_TYPE: TargetType,
    GroupBy.CLAIM_STATUS: ClaimStatus,
    GroupBy.ATTRIBUTION_STATUS: AttributionStatus,
}


_ENTRIES: Mapping[str, type[Entry]] = {
    GroupBy.SOURCE: SourceEntry,
    GroupBy.PUBLISHER: PublisherEntry,
}
"""The entries of the records that are keys, except for actors."""


class Labels:
    """The labels of the keys of groups as of an Edition `seq`."""

    def __init__(self, groups: Iterable[Group], group_by: list[str], seq: int) -> None:
        self.group_by = group_by
        self.names: dict[str, str] = {}
        for place, by in enumerate(group_by):
            if by in RECORDS and (
                records := {key for group in groups if (key := group.keys[place])}
            ):
                self.names |= _find_names(_ENTRIES.get(by, ActorEntry), records, seq)

    def keys(self, group: Group) -> list[dict[str, Any]]:
        """Return the keys of a group, each with its label."""
        return [
            {"by": by, "key": key, "label": None if key is None else self._label(by, key)}
            for by, key in zip(self.group_by, group.keys, strict=True)
        ]

    def _label(self, by: str, key: str) -> str | None:
        if by in RECORDS:
            return self.names.get(key)
        if by in _WORDS:
            return str(_WORDS[by](key).label)
        if by == GroupBy.COUNTRY:
            country = find_country(key)
            return country.short_name if country else key
        if by == GroupBy.ADMIN1:
            division = find_division(key)
            return division.name if division else key
        return key


def _find_names(entry: type[Entry], records: Collection[str], seq: int) -> dict[str, str]:
    """Return the names or titles of records, by public id."""
    entries = entry.objects.at(seq).filter(record__in=records).values("seq")
    references = Edition.objects.read_references(entries).values()
    return {reference["id"]: reference["name"] for reference in references}
