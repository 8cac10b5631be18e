"""By how they stand to one another incidents can be asked for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

from api.filters import ListFilters
from api.parameters import Records, Word, Words
from api.problems import Fault
from incidents.codes import LinkKind
from incidents.entries import IncidentLinkEntry
from publishing.models import Edition


class Direction(TextChoices):
    """From which end a link is read."""

    FROM = "from"
    TO = "to"


class Linked(ListFilters):
    """The parameters for links."""

    linked_to = Records(
        "What is linked to one of these incidents, by public id or slug.", method="keep_linked"
    )
    link_kind = Words(LinkKind, "How, with “linked_to”: by one of these kinds.")
    link_direction = Word(
        Direction,
        "Which end, with “linked_to”: what links to it (to), or what it links to (from); without "
        "it, both.",
    )

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        for name in ("link_kind", "link_direction"):
            if asked[name] is not None and asked["linked_to"] is None:
                detail = "It says how “linked_to” is meant: give that too, or leave it out."
                yield Fault("contradiction", name, detail)

    def keep_linked(self, entries: QuerySet, name: str, asked: list[UUID | str]) -> QuerySet:
        """Keep what links to one of the incidents, or what one of them links to."""
        others = list(Edition.objects.resolve_keys("incident", asked, self.snapshot.seq).values())
        links, met = IncidentLinkEntry.objects.all(), Q()
        if kinds := self.asked["link_kind"]:
            links = links.filter(kind__in=kinds)
        if self.asked["link_direction"] != Direction.FROM:
            met |= Q(Exists(links.filter(seq=OuterRef("seq"), to__in=others)))
        if self.asked["link_direction"] != Direction.TO:
            own = links.filter(record__in=others)
            standing = own.filter(seq__lte=self.snapshot.seq, until_seq__gt=self.snapshot.seq)
            met |= Q(record__in=standing.values("to"))
        return entries.filter(met)
