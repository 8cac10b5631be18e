"""Responsibility: who claimed an incident, who denied it, and how certain it is who did it.

It is derived from the involvements and the statements of one document. Affiliations are not used,
since they change without a new edition of the incident. Parties are compared by the id of their
actor, or by their folded label.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.codes import (
    AttributionStatus,
    Authenticity,
    Certainty,
    ClaimStatus,
    InvolvementRole,
    StatementKind,
)
from publishing.normalization import fold_text
from sources.codes import Assessment

Row = dict[str, Any]
RESPONSIBLE_ROLES = (
    InvolvementRole.PERPETRATOR,
    InvolvementRole.CO_PERPETRATOR,
    InvolvementRole.INSTIGATOR,
)
"""The roles of the actors that are responsible for an incident."""
_BLAMING_KINDS = (
    StatementKind.CLAIM,
    StatementKind.ACCUSATION,
    StatementKind.COURT_FINDING,
    StatementKind.INVESTIGATION_FINDING,
)
_IGNORED_STATEMENTS = {"assessment": Assessment.REJECTED, "authenticity": Authenticity.FAKE}
_IGNORED_INVOLVEMENTS = {"assessment": Assessment.REJECTED, "certainty": Certainty.RULED_OUT}
"""By column, the words of rows that do not count: once for documents and for working rows."""


class Responsibility(NamedTuple):
    """The properties of a document that are derived from its involvements and statements."""

    claim_status: str
    denied: bool
    attribution_status: str
    facade_claim: bool


def derive_responsibility(involvements: list[Row], statements: list[Row]) -> Responsibility:
    """Derive the status of claims, denials and attribution of an incident."""
    involvements = list(filter(is_counted_involvement, involvements))
    statements = list_counted_statements(statements)
    named = [row for statement in statements for row in statement["responsible"]]
    principals = list(_iterate_principals([*involvements, *named]))
    claims = [
        {_identify(row) for row in list_responsible(statement)}
        for statement in statements
        if statement["kind"] == StatementKind.CLAIM
    ]
    claim_status = _derive_claim_status(claims, principals)
    return Responsibility(
        claim_status=claim_status.value,
        denied=_is_denied(involvements, statements),
        attribution_status=_derive_attribution(involvements, claim_status, principals).value,
        facade_claim=any(facade in parties for parties in claims for facade, _ in principals),
    )


def list_counted_statements(statements: list[Row]) -> list[Row]:
    """Return the statements that count: they are not rejected, not fake and not withdrawn.

    A statement that is rejected or fake withdraws nothing.
    """
    ignored = {
        row["number"]
        for row in statements
        if any(row[column] == word for column, word in _IGNORED_STATEMENTS.items())
    }
    return [
        row
        for row in statements
        if row["number"] not in ignored and row["withdrawn_by"] in (None, *ignored)
    ]


def filter_counted_statements(statements: QuerySet[Any]) -> QuerySet[Any]:
    """Return the working statements that count."""
    ignored = Q(*_IGNORED_STATEMENTS.items(), _connector=Q.OR)
    without_effect = statements.model._default_manager.filter(
        ignored, incident=OuterRef("incident"), number=OuterRef("withdrawn_by")
    )
    return statements.filter(~ignored).filter(Q(withdrawn_by=None) | Exists(without_effect))


def is_counted_involvement(involvement: Row) -> bool:
    """Return whether an involvement counts: it is neither ruled out nor rejected."""
    return not any(involvement[column] == word for column, word in _IGNORED_INVOLVEMENTS.items())


def filter_counted_involvements(involvements: QuerySet[Any]) -> QuerySet[Any]:
    """Return the working involvements that count."""
    return involvements.exclude(Q(*_IGNORED_INVOLVEMENTS.items(), _connector=Q.OR))


def list_responsible(statement: Row) -> list[Row]:
    """Return the parties that a statement names; a claim or a denial may name its speaker only."""
    own = statement["kind"] in (StatementKind.CLAIM, StatementKind.DENIAL)
    return statement["responsible"] or ([make_speaker_row(statement)] if own else [])


def make_speaker_row(statement: Row) -> Row:
    """Return the speaker of a statement, as a row of the same shape as the parties it names."""
    label = statement["speaker_label"]
    return {"actor": statement["speaker"], "label": label, "on_behalf_of": None}


def _identify(row: Row) -> str:
    actor: Row | None = row["actor"]
    return actor["id"] if actor else fold_text(row["label"] or "")


def _iterate_principals(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a party and the party on whose behalf it acted, by these rows."""
    for row in rows:
        if row["on_behalf_of"] and row["on_behalf_of"]["id"] != _identify(row):
            yield _identify(row), row["on_behalf_of"]["id"]


def _derive_claim_status(claims: list[set[str]], principals: list[tuple[str, str]]) -> ClaimStatus:
    if not claims:
        return ClaimStatus.NONE
    joint = [pair for parties in claims for pair in combinations(sorted(parties), 2)]
    if not _are_connected(set().union(*claims), [*principals, *joint]):
        return ClaimStatus.COMPETING
    return ClaimStatus.JOINT if joint else ClaimStatus.CLAIMED


def _is_denied(involvements: list[Row], statements: list[Row]) -> bool:
    """Return whether somebody denied the part of a party named or assessed as responsible."""
    blamed = [row for row in involvements if row["role"] in RESPONSIBLE_ROLES]
    denied: list[Row] = []
    for statement in statements:
        if statement["kind"] in _BLAMING_KINDS:
            blamed += list_responsible(statement)
        elif statement["kind"] == StatementKind.DENIAL:
            denied += list_responsible(statement)
    parties = {_identify(row) for row in blamed}
    parties |= {principal for _, principal in _iterate_principals(blamed)}
    return any(_identify(row) in parties for row in denied)


def _derive_attribution(
    involvements: list[Row], claim_status: ClaimStatus, principals: list[tuple[str, str]]
) -> AttributionStatus:
    responsible = [row for row in involvements if row["role"] in RESPONSIBLE_ROLES]
    if any(row["assessment"] == Assessment.DISPUTED for row in responsible):
        return AttributionStatus.DISPUTED
    accepted = [row for row in responsible if row["assessment"] == Assessment.ACCEPTED]
    sides: dict[str, set[str]] = defaultdict(set)
    for row in accepted:
        if row["primary"] and row["role"] == InvolvementRole.PERPETRATOR:
            sides[row["side"]].add(_identify(row))
    if not all(_are_connected(parties, principals) for parties in sides.values()):
        return AttributionStatus.DISPUTED
    if accepted:  # the most certain one decides
        order = list(Certainty.values)
        return AttributionStatus(min((row["certainty"] for row in accepted), key=order.index))
    if claim_status != ClaimStatus.NONE:
        return AttributionStatus.CLAIMED_ONLY
    if any(row["role"] == InvolvementRole.PARTY for row in involvements):
        return AttributionStatus.PARTIES_ONLY
    return AttributionStatus.UNATTRIBUTED


def _are_connected(parties: set[str], pairs: list[tuple[str, str]]) -> bool:
    """Return whether the pairs connect all parties, in either direction and over others."""
    if not parties:
        return True
    reached, fresh = set[str](), {min(parties)}
    while fresh:
        reached |= fresh
        fresh = {b for pair in pairs for a, b in (pair, pair[::-1]) if a in reached} - reached
    return parties <= reached
