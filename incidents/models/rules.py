"""What spans the rows of an incident, or several incidents: checked before they are public."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.codes import Frequency, Granularity, LinkKind
from incidents.entries import IncidentLinkEntry
from publishing.models import FOREVER

Fault = tuple[UUID, str]
"""An incident, and why it is refused."""
_CYCLE = "it is part of itself, by way of others: remove one of the links."
_NOBODY = "a statement is withdrawn by a number that no statement of the incident has."
_ALONE = "how often a weapon was used is told of a series alone."


def faults_submitted(incidents: QuerySet) -> Iterator[Fault]:
    """Yield what is wrong with the working incidents of a batch."""
    statements = incidents.model._meta.get_field("statements").related_model
    number = statements._default_manager.filter(
        incident=OuterRef("incident"), number=OuterRef("withdrawn_by")
    )
    lost = statements._default_manager.filter(~Exists(number), withdrawn_by__isnull=False)
    for incident in incidents.filter(Exists(lost.filter(incident=OuterRef("pk")))):
        yield incident.public_id, _NOBODY
    single = ~Q(granularity=Granularity.SERIES)
    often = Q(weapons__isnull=False) & ~Q(weapons__frequency=Frequency.UNKNOWN)
    for incident in incidents.filter(single, often).distinct():
        yield incident.public_id, _ALONE
    ids = list(incidents.values_list("public_id", flat=True))
    links = incidents.filter(links__kind=LinkKind.PART_OF)
    yield from _cycles(links.values_list("public_id", "links__to__public_id"), besides=ids)


def faults_public(records: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with public incidents, against all that is public."""
    links = _standing().filter(record__in=records)
    yield from _cycles(links.values_list("record", "to"), besides=[])


def _standing() -> QuerySet:
    return IncidentLinkEntry.objects.filter(until_seq=FOREVER, kind=LinkKind.PART_OF)


def _cycles(links: Iterable[tuple[UUID, UUID]], besides: Collection[UUID]) -> Iterator[Fault]:
    """Yield the incidents that some links, with public ones `besides` some, lead back to."""
    above: dict[UUID, set[UUID]] = defaultdict(set)
    for part, whole in links:
        above[part].add(whole)
    own, asked = list(above), set[UUID]()
    while waiting := set().union(*above.values()) - asked:
        asked |= waiting
        found = _standing().filter(record__in=waiting).exclude(record__in=besides)
        for part, whole in found.values_list("record", "to"):
            above[part].add(whole)
    for part in own:
        if _returns(part, above):
            yield part, _CYCLE


def _returns(part: UUID, above: Mapping[UUID, set[UUID]]) -> bool:
    reached, fresh = set[UUID](), {part}
    while fresh:
        fresh = set().union(*(above.get(one, set()) for one in fresh)) - reached
        reached |= fresh
    return part in reached
