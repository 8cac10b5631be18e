"""The rules that span ties: which kinds of actor they join, and that nobody stands above itself.

A tie is checked when it is submitted, with its batch, over what is public; and once more when it
is published, under the lock, against what is public by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from actors.affiliation_kinds import HIERARCHICAL, explain_mismatch
from actors.codes import AffiliationKind
from actors.entries import ActorEntry, AffiliationEntry
from publishing.models.entry import FOREVER
from sources.codes import Assessment

Fault = tuple[UUID, str]
"""The public id of a tie, and why it is refused."""
_DOUBTED = [Assessment.DISPUTED, Assessment.REJECTED]
_CYCLE = (
    "Nobody stands above itself: by way of other ties the object stands under the subject, and all "
    "of them may have held on one day. Say when one of them ended at the latest, such as "
    "[2010..2015], or dispute it."
)


class Link(NamedTuple):
    """A hierarchical tie, on the days from `first` to before `end`."""

    record: UUID
    subject: UUID
    object: UUID
    first: date
    end: date


def faults_submitted(affiliations: QuerySet) -> Iterator[Fault]:
    """Yield what is wrong with the working ties of a batch."""
    rows = list(affiliations.select_related("subject", "object"))
    for row in rows:
        if why := explain_mismatch(row.subject.kind, row.kind, row.object.kind):
            yield row.public_id, why
    unsponsored = affiliations.exclude(kind=AffiliationKind.SPONSORED_BY)
    for row in unsponsored.filter(support__isnull=False).distinct():
        yield row.public_id, "Only what is sponsored has support: remove the support rows first."
    links = [
        _link(row.public_id, row.subject.public_id, row.object.public_id, row.possible)
        for row in rows
        if row.kind in HIERARCHICAL and row.assessment not in _DOUBTED
    ]
    yield from _cycles(links, besides=[row.public_id for row in rows])


def faults_public(records: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with public ties, against all that is public."""
    entries = _standing().filter(record__in=records)
    yield from misjoined(entries)
    yield from _cycles(list(_links(entries)), besides=[])


def faults_of_actors(actors: Collection[str]) -> Iterator[Fault]:
    """Yield the public ties that do not join actors of the kinds that some have by now."""
    yield from misjoined(_standing().filter(Q(subject__in=actors) | Q(object__in=actors)))


def misjoined(entries: QuerySet) -> Iterator[Fault]:
    """Yield the public ties that join kinds of actor which they cannot."""
    ties = list(entries.values_list("record", "subject", "kind", "object"))
    ends = {end for _, subject, _, object_ in ties for end in (subject, object_)}
    standing = ActorEntry.objects.filter(until_seq=FOREVER, record__in=ends)
    kinds: Mapping[UUID, str] = dict(standing.values_list("record", "kind"))
    for record, subject, kind, object_ in ties:
        known = subject in kinds and object_ in kinds
        if known and (why := explain_mismatch(kinds[subject], kind, kinds[object_])):
            yield record, why


def _standing() -> QuerySet:
    return AffiliationEntry.objects.filter(until_seq=FOREVER)


def _links(entries: QuerySet) -> Iterator[Link]:
    found = entries.filter(kind__in=HIERARCHICAL).exclude(assessment__in=_DOUBTED)
    for row in found.values_list("record", "subject", "object", "possible"):
        yield _link(*row)


def _link(record: UUID, subject: UUID, object_: UUID, held: Any) -> Link:
    return Link(record, subject, object_, held.lower or date.min, held.upper or date.max)


def _cycles(links: list[Link], besides: Collection[UUID]) -> Iterator[Fault]:
    """Yield the links that close a cycle with one another and with public ones `besides` some."""
    above = _above(links, besides)
    for link in links:
        if _returns(link, above):
            yield link.record, _CYCLE


def _above(links: Iterable[Link], besides: Collection[UUID]) -> Mapping[UUID, list[Link]]:
    """Return by actor the links that lead up from it, as far up as `links` reach."""
    above: dict[UUID, list[Link]] = defaultdict(list)
    for link in links:
        above[link.subject].append(link)
    asked = set[UUID]()
    while waiting := {link.object for some in above.values() for link in some} - asked:
        asked |= waiting
        own = {link.record for some in above.values() for link in some}
        found = _standing().filter(subject__in=waiting).exclude(record__in=besides)
        for link in _links(found):
            if link.record not in own:
                above[link.subject].append(link)
    return above


def _returns(link: Link, above: Mapping[UUID, list[Link]]) -> bool:
    """Return whether a path leads up from a link to where it began, with all of it on one day."""
    walked: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    waiting = [(link.object, link.first, link.end)]
    while waiting:
        actor, first, end = waiting.pop()
        if actor == link.subject:
            return True
        if any(since <= first and end <= until for since, until in walked[actor]):
            continue
        walked[actor].append((first, end))
        for up in above.get(actor, ()):
            common = max(first, up.first), min(end, up.end)
            if common[0] < common[1]:
                waiting.append((up.object, *common))
    return False
