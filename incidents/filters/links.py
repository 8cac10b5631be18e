"""The filters by link to other incidents."""

from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices

from api.filtersets import FilterGroup
from api.parameters import ChoiceParameter, MultipleChoiceParameter, RecordsParameter
from incidents.codes import LinkKind
from incidents.entries import IncidentLinkEntry
from incidents.filters.all_by_actor import IsAnyOf


class Direction(TextChoices):
    """The end from which a link is read."""

    FROM = "from"
    TO = "to"


class LinkFilters(FilterGroup):
    """The filters by link, which a single link must match together."""

    linked_to = RecordsParameter(
        "Incidents linked to one of these incidents, in either direction, by public id or slug.",
        method="filter_linked",
    )
    link_kind = MultipleChoiceParameter(
        LinkKind, "With `linked_to`: only links of this kind.", requires="linked_to"
    )
    link_direction = ChoiceParameter(
        Direction,
        "With `linked_to`: only incidents that link to it (`to`), or only incidents that it links "
        "to (`from`).",
        requires="linked_to",
    )

    def filter_linked(self, entries: QuerySet, name: str, keys: list[UUID | str]) -> QuerySet:
        """Return the incidents that link to one of the others, or that one of them links to."""
        seq = self.snapshot.seq
        others = self.find_records(name, "incident", keys)
        links, matches = IncidentLinkEntry.objects.all(), Q()
        if kinds := self.params["link_kind"]:
            links = links.filter(kind__in=kinds)
        if self.params["link_direction"] != Direction.FROM:
            matches |= Q(IsAnyOf("seq", links.filter(to__in=others)))
        if self.params["link_direction"] != Direction.TO:
            outgoing = links.filter(record__in=others, seq__lte=seq, until_seq__gt=seq)
            matches |= Q(IsAnyOf("record", outgoing, "to"))
        return entries.filter(matches)
