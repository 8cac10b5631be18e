"""Roll-up: the actors that stand under an actor, each with the days on which they did.

A path of ties leads down to them. On every day counted all its ties held and all its actors
existed. It has at most eight links; an individual ends it; rejected ties are none.
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
"""By scope, the kinds of tie that the first link of a path may be, and those of the others."""

MAX_LINKS = 8

ALWAYS = DateRange(None, None, "()")


class ScopeMember(NamedTuple):
    """That an actor stands under another on some days."""

    actor: UUID
    days: DateRange


class AffiliationQuerySet(EntryQuerySet):
    """Affiliations as they stood at a snapshot."""

    def find_scope_members(
        self, roots: Iterable[UUID], scope: str, dates: str, seq: int
    ) -> list[ScopeMember]:
        """Return who stands under the actors `roots` as of `seq`; these themselves always do.

        `dates` is `possible` or `certain`. An actor has several Standings if it was under them
        in several periods, which then neither overlap nor touch.
        """
        roots = list(roots)
        standings = [ScopeMember(root, ALWAYS) for root in roots]
        first, others = KINDS_BY_SCOPE[scope]
        if not roots or not first:
            return standings
        ties, actors = (
            model._meta.db_table for model in (self.model, apps.get_model("actors.ActorEntry"))
        )
        with connection.cursor() as cursor:
            cursor.execute(
                _WALK.format(ties=ties, actors=actors, days=dates),
                {
                    "roots": roots,
                    "seq": seq,
                    "first": sorted(first),
                    "others": sorted(others),
                    "links": MAX_LINKS,
                    "individual": ActorKind.INDIVIDUAL,
                    "rejected": Assessment.REJECTED,
                },
            )
            return standings + [ScopeMember(*row) for row in cursor.fetchall()]


# A walk that came back to an actor would only lose days by it, so equal (root, actor, days, links)
# are walked on from once, and paths need not be remembered: the work does not grow with their
# number. Coming back to the root is excluded, for the kinds of a first link are its own.
_WALK = """
WITH RECURSIVE walk (root, actor, days, links, ended) AS (
    SELECT record, record, {days}, 0, false FROM {actors}
    WHERE record = ANY (%(roots)s) AND seq <= %(seq)s AND until_seq > %(seq)s
  UNION
    SELECT walk.root, tie.subject, walk.days * tie.{days} * actor.{days}, walk.links + 1,
        actor.kind = %(individual)s
    FROM walk
    JOIN {ties} AS tie ON tie.object = walk.actor AND tie.subject <> walk.root
        AND tie.kind = ANY ((CASE walk.links WHEN 0 THEN %(first)s ELSE %(others)s END)::text[])
        AND tie.assessment <> %(rejected)s AND tie.seq <= %(seq)s AND tie.until_seq > %(seq)s
    JOIN {actors} AS actor ON actor.record = tie.subject
        AND actor.seq <= %(seq)s AND actor.until_seq > %(seq)s
    WHERE walk.links < %(links)s AND NOT walk.ended
        AND NOT isempty(walk.days * tie.{days} * actor.{days})
)
SELECT actor, unnest(range_agg(days)) FROM walk
WHERE links > 0 AND actor <> ALL (%(roots)s) GROUP BY actor ORDER BY actor
"""
