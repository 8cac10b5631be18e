"""The labels of the keys of statistics."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices

from actors.entries import ActorEntry
from incidents.codes import (
    AttributionStatus,
    ClaimStatus,
    EventType,
    SubType,
    TargetType,
    Violence,
    Weapon,
)
from incidents.filters.statistics import ACTORS, GroupBy
from incidents.statistics import Group
from publishing import documents
from publishing.countries import find_country, find_division
from publishing.models import Edition

_WORDS: Mapping[str, type[TextChoices]] = {
    GroupBy.EVENT_TYPE: EventType,
    GroupBy.SUB_TYPE: SubType,
    GroupBy.VIOLENCE: Violence,
    GroupBy.WEAPON: Weapon,
    GroupBy.TARGET_TYPE: TargetType,
    GroupBy.CLAIM_STATUS: ClaimStatus,
    GroupBy.ATTRIBUTION_STATUS: AttributionStatus,
}


class Labels:
    """The labels of the keys of groups as of an Edition `seq`."""

    def __init__(self, groups: Iterable[Group], group_by: list[str], seq: int) -> None:
        self.group_by = group_by
        places = [place for place, by in enumerate(group_by) if by in ACTORS]
        actors = {key for group in groups for place in places if (key := group.keys[place])}
        self.names: dict[str, Any] = {}
        if actors:
            entries = ActorEntry.objects.at(seq).filter(record__in=actors).values("seq")
            editions = Edition.objects.filter(seq__in=entries).values_list("record", "reference")
            self.names = {str(record): documents.load(ref)["name"] for record, ref in editions}

    def keys(self, group: Group) -> list[dict[str, Any]]:
        """Return the keys of a group, each with its label."""
        return [
            {"by": by, "key": key, "label": None if key is None else self._label(by, key)}
            for by, key in zip(self.group_by, group.keys, strict=True)
        ]

    def _label(self, by: str, key: str) -> Any:
        if by in ACTORS:
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
