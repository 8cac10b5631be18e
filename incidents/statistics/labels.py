"""The labels of the keys of statistics."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import TextChoices

from actors.entries import ActorEntry
from incidents.codes import (
    AttributionStatus,
    ClaimStatus,
    EventType,
    Granularity,
    Motive,
    Outcome,
    Precision,
    StatementRole,
    SubType,
    Tag,
    TargetType,
    Violence,
    Weapon,
)
from incidents.filters.statistics import ACTORS, GroupBy
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
    "motive": Motive,
    "tag": Tag,
}


_ENTRIES: Mapping[str, type[Entry]] = {
    **dict.fromkeys((*ACTORS, *StatementRole.values), ActorEntry),
    GroupBy.SOURCE: SourceEntry,
    GroupBy.PUBLISHER: PublisherEntry,
}
"""The entries of the records that are keys."""


class Labels:
    """The labels of keys as of an Edition `seq`."""

    def __init__(self, keys: Mapping[str, Iterable[str | None]], seq: int) -> None:
        """Read the names of the records among `keys`, the keys of each property."""
        self.group_by = list(keys)
        self.names: dict[str, str] = {}
        records: dict[type[Entry], set[str]] = {}
        for by, listed in keys.items():
            if entry := _ENTRIES.get(by):
                records.setdefault(entry, set()).update(filter(None, listed))
        for entry, ids in records.items():
            if ids:
                self.names |= _find_names(entry, ids, seq)

    @classmethod
    def of_groups(cls, groups: Sequence[Group], group_by: Sequence[str], seq: int) -> "Labels":
        """Return the labels of the keys of groups."""
        return cls(
            {by: [group.keys[place] for group in groups] for place, by in enumerate(group_by)}, seq
        )

    def keys(self, group: Group) -> list[dict[str, Any]]:
        """Return the keys of a group, each with its label."""
        return [self.describe(by, key) for by, key in zip(self.group_by, group.keys, strict=True)]

    def describe(self, by: str, key: str | None) -> dict[str, Any]:
        """Return a key with its label."""
        return {"by": by, "key": key, "label": None if key is None else self.find(by, key)}

    def find(self, by: str, key: str) -> str | None:
        """Return the label of a key; None if it is a record that has been withdrawn."""
        if by in _ENTRIES:
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
