"""Rules for affiliations that no single row can state.

Affiliations are checked when they are submitted, together with their batch and with what is
public, and again when they are published, under the publication lock, with what is public then.
`check_quality` applies the same filters to all working rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func, Q, QuerySet

from actors.affiliation_kinds import (
    GENEALOGY,
    HIERARCHICAL,
    SYMMETRIC,
    explain_mismatch,
    filter_mismatched,
)
from actors.codes import AffiliationKind
from actors.entries import ActorEntry, AffiliationEntry
from dates import parse
from publishing.codes import EndKind
from publishing.cycles import find_cycles
from publishing.models.entry import FOREVER
from sources.codes import Assessment

Fault = tuple[UUID, str]
"""The public id of an affiliation, and why it is refused."""
CYCLE = (
    "An actor cannot be above itself: other affiliations place the object below the subject, and "
    "all of them may hold on the same day. Enter the latest possible end of one of them, such as "
    "[2010..2015], or mark one as disputed."
)
UNSPONSORED = (
    "Only an affiliation of kind “sponsored by” can have support: remove the support rows first."
)


def find_submission_faults(affiliations: QuerySet[Any]) -> Iterator[Fault]:
    """Yield the faults of the working affiliations of a batch."""
    for row in filter_mismatched(affiliations).select_related("subject", "object"):
        reason = explain_mismatch(row.subject.kind, row.kind, row.object.kind)
        yield row.public_id, str(reason)
    support = apps.get_model("actors.Support")._default_manager.filter(affiliation__in=affiliations)
    parents = filter_unsponsored(support).values_list("affiliation__public_id", flat=True)
    for affiliation in parents.order_by("affiliation").distinct():
        yield affiliation, UNSPONSORED
    batch = list(affiliations.values_list("public_id", flat=True))
    others = AffiliationEntry.objects.filter(until_seq=FOREVER).exclude(record__in=batch)
    links = select_working_links(affiliations).union(_select_public_links(others), all=True)
    for row in affiliations.filter(public_id__in=find_cycles(links, only=batch)):
        yield row.public_id, CYCLE


def find_publication_faults(records: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of published affiliations, compared with everything that is public."""
    public = AffiliationEntry.objects.filter(until_seq=FOREVER)
    yield from _find_public_mismatches(public.filter(record__in=records))
    cycles = find_cycles(_select_public_links(public), only=[UUID(str(id_)) for id_ in records])
    for record in public.filter(record__in=cycles).values_list("record", flat=True):
        yield record, CYCLE


def find_faults_of_actors(actors: Collection[str]) -> Iterator[Fault]:
    """Yield the public affiliations that may not join actors of the kinds now published."""
    public = AffiliationEntry.objects.filter(until_seq=FOREVER)
    yield from _find_public_mismatches(public.filter(Q(subject__in=actors) | Q(object__in=actors)))


def find_open_ends(
    affiliations: QuerySet[Any], same: Collection[int] = ()
) -> Iterator[tuple[Any, Any]]:
    """Yield affiliations of which no end is known, each with one that ended since its start.

    Both are of one kind between the same actors; the actors `same` count as one actor.
    """
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    counted = affiliations.filter(assessment=Assessment.ACCEPTED).exclude(kind__in=GENEALOGY)
    for row in counted.order_by("pk"):
        ends = [-1 if end in same else end for end in (row.subject_id, row.object_id)]
        groups[row.kind, *(sorted(ends) if row.kind in SYMMETRIC else ends)].append(row)
    for rows in groups.values():
        for row in rows:
            latest = parse(row.start).latest if row.start else None
            for ended in rows if row.end_kind != EndKind.ACTUAL else ():
                if (
                    ended.end_kind == EndKind.ACTUAL
                    and (latest is None or latest in ended.possible)
                    and row.possible.upper is None
                ):
                    yield row, ended


def filter_unsponsored(support: QuerySet[Any]) -> QuerySet[Any]:
    """Return the support rows of affiliations that are not sponsorships."""
    return support.exclude(affiliation__kind=AffiliationKind.SPONSORED_BY)


def select_working_links(affiliations: QuerySet[Any]) -> QuerySet[Any]:
    """Return the hierarchical links of working affiliations, as `find_cycles` takes them."""
    columns = "public_id", "subject__public_id", "object__public_id", "possible"
    return _filter_hierarchy(affiliations).values_list(*columns)


def _select_public_links(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return the hierarchical links of public affiliations, none of which has support."""
    days = Func("possible", function="range_merge", output_field=DateRangeField())
    return _filter_hierarchy(entries).values_list("record", "subject", "object", days)


def _filter_hierarchy(affiliations: QuerySet[Any]) -> QuerySet[Any]:
    """Return what makes up hierarchies: a disputed or rejected affiliation closes no cycle."""
    doubted = [Assessment.DISPUTED, Assessment.REJECTED]
    return affiliations.filter(kind__in=HIERARCHICAL).exclude(assessment__in=doubted).order_by()


def _find_public_mismatches(entries: QuerySet[Any]) -> Iterator[Fault]:
    """Yield the public affiliations between kinds of actor that their kind may not join."""
    rows = list(entries.values_list("record", "subject", "kind", "object"))
    ends = {end for _, subject, _, object_ in rows for end in (subject, object_)}
    actors = ActorEntry.objects.filter(until_seq=FOREVER, record__in=ends)
    kinds: dict[UUID, str] = dict(actors.values_list("record", "kind"))
    for record, subject, kind, object_ in rows:
        both_public = subject in kinds and object_ in kinds
        if both_public and (reason := explain_mismatch(kinds[subject], kind, kinds[object_])):
            yield record, reason
