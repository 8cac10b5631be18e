"""Scopes: the actors below an actor, with the days on which they are below it.

A path of at most eight affiliations leads down to each. A day counts if all affiliations of the
path hold on it and all its actors may exist: a certain affiliation implies that both of its actors
existed. A path ends at an individual. Rejected affiliations do not count.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from actors.codes import ActorKind, AffiliationKind, Scope
from publishing.models.entry import EntryQuerySet
from sources.codes import Assessment

_MEMBERS = {AffiliationKind.MEMBER_OF, AffiliationKind.WING_OF, AffiliationKind.AFFILIATE_OF}
_COMMAND = {
    AffiliationKind.SUBORDINATE_OF,
    AffiliationKind.ADMINISTRATIVELY_UNDER,
    AffiliationKind.WING_OF,
}
_FACADE = {AffiliationKind.FACADE_OF}
_ALL = _MEMBERS | _COMMAND | _FACADE

KINDS_BY_SCOPE: dict[str, tuple[set[AffiliationKind], set[AffiliationKind]]] = {
    Scope.SELF: (set(), set()),
    Scope.MEMBERS: (_MEMBERS, _MEMBERS),
    Scope.COMMAND: (_COMMAND, _COMMAND),
    Scope.FACADE: (_FACADE, _FACADE),
    Scope.SPONSORED: ({AffiliationKind.SPONSORED_BY}, _ALL),
    Scope.ALL: (_ALL, _ALL),
}
"""For each scope, the affiliation kinds of the first link of a path, and those of later links."""

MAX_LINKS = 8
"""The number of affiliations in the longest path."""

ALWAYS = DateRange(None, None, "()")


class ScopeMember(NamedTuple):
    """An actor that a scope includes, with the days of one period in which it does."""

    actor: UUID
    days: DateRange


class AffiliationQuerySet(EntryQuerySet):
    """Affiliations at a snapshot."""

    def find_scope_members(
        self,
        roots: Iterable[UUID],
        scope: str,
        dates: str,
        seq: int,
        support_types: list[str] | None = None,
    ) -> list[ScopeMember]:
        """Return the actors `roots`, always, and the actors below them at the snapshot `seq`.

        `dates` is `possible` or `certain`. An actor that is below them in several periods is
        returned once for each; these periods neither overlap nor touch.
        With `support_types`, the first link of the scope `sponsored` holds only on the days of
        support of one of these types.
        """
        roots = list(roots)
        members = [ScopeMember(root, ALWAYS) for root in roots]
        first, others = KINDS_BY_SCOPE[scope]
        if not roots or not first:
            return members
        tables = {
            "affiliations": self.model._meta.db_table,
            "actors": apps.get_model("actors.ActorEntry")._meta.db_table,
            "support": apps.get_model("actors.SupportEntry")._meta.db_table,
        }
        days = f"affiliation.{dates}"
        if support_types and scope == Scope.SPONSORED:
            supported = _SUPPORTED.format(**tables, days=dates)
            days = f"(CASE walk.links WHEN 0 THEN ({supported}) ELSE {days} END)"
        with connection.cursor() as cursor:
            cursor.execute(
                _WALK.format(**tables, days=days),
                {
                    "roots": roots,
                    "seq": seq,
                    "first": sorted(first),
                    "others": sorted(others),
                    "links": MAX_LINKS,
                    "individual": ActorKind.INDIVIDUAL,
                    "rejected": Assessment.REJECTED,
                    "types": support_types,
                },
            )
            return members + [ScopeMember(*row) for row in cursor.fetchall()]


# The days on which the sponsor of an affiliation gave support of some types.
_SUPPORTED = """
SELECT range_agg(support.{days}) FROM {support} AS support
WHERE support.seq = affiliation.seq AND support.type = ANY (%(types)s)
    AND support.assessment <> %(rejected)s
"""

# The walk goes down from the roots. UNION walks on from equal rows once, so the work does not grow
# with the number of paths. A path need not remember its actors: to visit one twice only removes
# days. It must not return to the root, whose first link may be of other kinds.
_WALK = """
WITH RECURSIVE walk (root, actor, days, links, ended) AS (
    SELECT record, record, datemultirange(possible), 0, false FROM {actors}
    WHERE record = ANY (%(roots)s) AND seq <= %(seq)s AND until_seq > %(seq)s
  UNION
    SELECT walk.root, affiliation.subject,
        walk.days * {days} * datemultirange(actor.possible),
        walk.links + 1, actor.kind = %(individual)s
    FROM walk
    JOIN {affiliations} AS affiliation
        ON affiliation.object = walk.actor AND affiliation.subject <> walk.root
        AND affiliation.kind = ANY (
            (CASE walk.links WHEN 0 THEN %(first)s ELSE %(others)s END)::text[]
        )
        AND affiliation.assessment <> %(rejected)s
        AND affiliation.seq <= %(seq)s AND affiliation.until_seq > %(seq)s
    JOIN {actors} AS actor ON actor.record = affiliation.subject
        AND actor.seq <= %(seq)s AND actor.until_seq > %(seq)s
    WHERE walk.links < %(links)s AND NOT walk.ended
        AND NOT isempty(walk.days * {days} * datemultirange(actor.possible))
)
SELECT actor, unnest(range_agg(days)) FROM walk
WHERE links > 0 AND actor <> ALL (%(roots)s) GROUP BY actor ORDER BY actor
"""
