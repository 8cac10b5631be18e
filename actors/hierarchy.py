"""Hierarchies: the chains of affiliations from an actor up to the actors that nobody is above.

The actors above are found in the database, and the affiliations between them read in one query.
The chains are then walked here, as `actors.rollup` walks them down.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from actors.codes import ActorKind, AffiliationKind
from actors.entries import ActorEntry, AffiliationEntry
from actors.explanations import (
    Days,
    Link,
    intersect,
    make_days,
    read_references,
    write_days,
)
from actors.rollup import KINDS_BY_SCOPE, MAX_LINKS
from sources.codes import Assessment

MAX_CHAINS = 100
"""The maximum number of chains of an answer."""
MAX_STEPS = 20_000
"""The maximum number of affiliations that are tried: most of them may lead to no root."""

_ABOVE = f"""
WITH RECURSIVE above (actor, links) AS (
    SELECT %(actor)s::uuid, 0
  UNION
    SELECT affiliation.object, above.links + 1 FROM above
    JOIN {AffiliationEntry._meta.db_table} AS affiliation ON affiliation.subject = above.actor
        AND affiliation.kind = ANY (%(kinds)s) AND affiliation.assessment <> %(rejected)s
        AND affiliation.possible && %(days)s::daterange
        AND affiliation.seq <= %(seq)s AND affiliation.until_seq > %(seq)s
    WHERE above.links < %(links)s
)
SELECT DISTINCT actor FROM above
"""  # noqa: S608


class ChainLink(NamedTuple):
    """An affiliation of a chain, and whether it is certain on one of the days."""

    link: Link
    is_certain: bool


class Chain(NamedTuple):
    """Affiliations from an actor up to a root, with the days on which all of them hold."""

    links: tuple[ChainLink, ...]
    possible: Days
    certain: Days
    is_certain: bool
    """Whether the whole chain certainly holds on one of the days."""


class _Above(NamedTuple):
    """An affiliation to a higher actor, with its days."""

    link: Link
    possible: Days
    certain: Days


def find_chains(
    actor: UUID, scope: str, days: tuple[date, date], seq: int
) -> tuple[list[Chain], bool]:
    """Return the chains from an actor up to its roots, and whether others were left out.

    Each holds possibly on one of the days. A chain ends at an individual, at a sponsor, and after
    MAX_LINKS affiliations.
    """
    walk = _Walk(actor, scope, days, seq)
    chains: list[Chain] = []
    for chain in walk.climb(actor, Chain((), walk.existence.get(actor, ()), (), False)):
        if len(chains) == MAX_CHAINS:
            return chains, True
        chains.append(chain)
    return chains, walk.steps > MAX_STEPS


def describe_chains(actor: UUID | None, chains: list[Chain], seq: int) -> dict[str, Any]:
    """Return the properties `actor` and `chains` of an answer, the shortest chains first."""
    ends = {end for chain in chains for row in chain.links for end in row.link[2:]}
    references = read_references(ends | ({actor} if actor else set()), seq)
    chains = sorted(
        chains,
        key=lambda chain: (
            len(chain.links),
            [references[row.link.object]["name"] for row in chain.links],
            [row.link.id for row in chain.links],
        ),
    )
    return {
        "actor": references[actor] if actor else None,
        "chains": [
            {
                "root": references[chain.links[-1].link.object],
                "is_certain": chain.is_certain,
                "links": [
                    {
                        "affiliation": str(row.link.id),
                        "kind": row.link.kind,
                        "subject": references[row.link.subject],
                        "object": references[row.link.object],
                        "is_certain": row.is_certain,
                    }
                    for row in chain.links
                ],
                "possible": list(write_days(chain.possible)),
                "certain": list(write_days(chain.certain)),
            }
            for chain in chains
        ],
    }


class _Walk:
    """The affiliations above an actor on some days."""

    def __init__(self, actor: UUID, scope: str, days: tuple[date, date], seq: int) -> None:
        self.steps = 0
        """The number of affiliations that were tried."""
        first, self.others = KINDS_BY_SCOPE[scope]
        self.first = first - self.others
        """The kinds of affiliation that only the top of a chain has, if it must have one."""
        last = min(days[1], date.max - timedelta(days=1))
        self.days: Days = ((days[0], last + timedelta(days=1)),)
        kinds = first | self.others
        actors = _find_above(actor, kinds, days, seq)
        self.existence: dict[UUID, Days] = {}
        self.individuals = set[UUID]()
        entries = ActorEntry.objects.at(seq).filter(record__in=actors)
        for record, possible, kind in entries.values_list("record", "possible", "kind"):
            self.existence[record] = make_days([possible])
            if kind == ActorKind.INDIVIDUAL:
                self.individuals.add(record)
        rows = AffiliationEntry.objects.at(seq).exclude(assessment=Assessment.REJECTED)
        rows = rows.filter(subject__in=actors, object__in=actors, kind__in=kinds).order_by("seq")
        self.above: dict[UUID, list[_Above]] = {}
        columns = ("record", "kind", "subject", "object", "possible", "certain")
        for *link, possible, certain in rows.values_list(*columns):
            row = _Above(Link(*link), make_days(possible), make_days(certain))
            self.above.setdefault(row.link.subject, []).append(row)

    def climb(self, actor: UUID, chain: Chain) -> Iterator[Chain]:
        """Yield the chains that a chain up to an actor is the beginning of."""
        passed = {each.link.subject for each in chain.links}
        longer = False
        if len(chain.links) < MAX_LINKS:
            for row in self.above.get(actor, ()):
                self.steps += 1
                if self.steps > MAX_STEPS:
                    return
                if row.link.object in passed:
                    continue
                step = self._extend(chain, row)
                if not intersect(step.possible, self.days):
                    continue
                longer = True
                is_sponsor = row.link.kind in self.first
                if not is_sponsor and row.link.object not in self.individuals:
                    yield from self.climb(row.link.object, step)
                elif is_sponsor or not self.first:
                    yield step
        if not longer and chain.links and not self.first:
            yield chain

    def _extend(self, chain: Chain, row: _Above) -> Chain:
        """Return a chain with another affiliation on top."""
        exists = self.existence.get(row.link.object, ())
        certain_before = chain.certain if chain.links else chain.possible
        possible = intersect(intersect(chain.possible, row.possible), exists)
        certain = intersect(intersect(certain_before, row.certain), exists)
        is_certain = bool(intersect(row.certain, self.days))
        links = (*chain.links, ChainLink(row.link, is_certain))
        return Chain(links, possible, certain, bool(intersect(certain, self.days)))


def _find_above(
    actor: UUID, kinds: Collection[AffiliationKind], days: tuple[date, date], seq: int
) -> list[UUID]:
    """Return an actor and all actors that may be above it on some days."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ABOVE,
            {
                "actor": actor,
                "kinds": sorted(kinds),
                "rejected": Assessment.REJECTED,
                "days": DateRange(*days, "[]"),
                "seq": seq,
                "links": MAX_LINKS,
            },
        )
        return [row for (row,) in cursor.fetchall()]
