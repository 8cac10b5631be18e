"""What follows from the ledger of statements and from our conclusions: who claimed it, who did it.

Everything is read from one document, by rows of this incident alone: affiliations change without
it and are never consulted. Parties are actors by id, and labels as they are folded.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

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
DOERS = (
    InvolvementRole.PERPETRATOR,
    InvolvementRole.CO_PERPETRATOR,
    InvolvementRole.INSTIGATOR,
)
"""The roles of those who are responsible for it."""
_BLAMING = (
    StatementKind.CLAIM,
    StatementKind.ACCUSATION,
    StatementKind.COURT_FINDING,
    StatementKind.INVESTIGATION_FINDING,
)


class Responsibility(NamedTuple):
    """What is derived from the involvements and the statements of a document."""

    claim_status: str
    denied: bool
    attribution_status: str
    facade_claim: bool


def responsibility(involvements: list[Row], statements: list[Row]) -> Responsibility:
    """Derive who claimed it, whether that is denied, and how certain it is who did it."""
    said, concluded = list(filter(live, statements)), list(filter(stands, involvements))
    claims = [statement for statement in said if statement["kind"] == StatementKind.CLAIM]
    behalf = list(_on_behalf([*concluded, *(r for s in said for r in s["responsible"])]))
    claim_status = _claim_status([{_party(row) for row in named(s)} for s in claims], behalf)
    return Responsibility(
        claim_status=claim_status.value,
        denied=_denied(said, concluded),
        attribution_status=_attribution(involvements, claim_status, behalf).value,
        facade_claim=any(
            _party(row) == facade for s in claims for row in named(s) for facade, _ in behalf
        ),
    )


def live(statement: Row) -> bool:
    """Return whether a statement counts: it is not rejected, not fake and not withdrawn."""
    return (
        statement["assessment"] != Assessment.REJECTED
        and statement["authenticity"] != Authenticity.FAKE
        and statement["withdrawn_by"] is None
    )


def stands(involvement: Row) -> bool:
    """Return whether an involvement counts: it is neither ruled out nor rejected."""
    return (
        involvement["certainty"] != Certainty.RULED_OUT
        and involvement["assessment"] != Assessment.REJECTED
    )


def named(statement: Row) -> list[Row]:
    """Return whom a statement speaks of; where a claim or a denial names nobody, its speaker."""
    own = statement["kind"] in (StatementKind.CLAIM, StatementKind.DENIAL)
    return statement["responsible"] or ([speaker(statement)] if own else [])


def speaker(statement: Row) -> Row:
    """Return who made a statement, as a row like those that it names."""
    label = statement["speaker_label"]
    return {"actor": statement["speaker"], "label": label, "on_behalf_of": None}


def _party(row: Row) -> str:
    actor: Row | None = row["actor"]
    return actor["id"] if actor else fold_text(row["label"] or "")


def _on_behalf(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield who acts on behalf of whom, as these rows have it."""
    for row in rows:
        if row["on_behalf_of"] and row["on_behalf_of"]["id"] != _party(row):
            yield _party(row), row["on_behalf_of"]["id"]


def _claim_status(claims: list[set[str]], behalf: list[tuple[str, str]]) -> ClaimStatus:
    if not claims:
        return ClaimStatus.NONE
    together = [pair for parties in claims for pair in combinations(sorted(parties), 2)]
    if not _connected(set().union(*claims), [*behalf, *together]):
        return ClaimStatus.COMPETING
    return ClaimStatus.JOINT if together else ClaimStatus.CLAIMED


def _denied(said: list[Row], concluded: list[Row]) -> bool:
    """Return whether somebody denied who is claimed, accused or assessed responsible."""
    blamed = [row for s in said if s["kind"] in _BLAMING for row in named(s)]
    blamed += [row for row in concluded if row["role"] in DOERS]
    held = {_party(row) for row in blamed} | {principal for _, principal in _on_behalf(blamed)}
    denials = (s for s in said if s["kind"] == StatementKind.DENIAL)
    return any(_party(row) in held for s in denials for row in [speaker(s), *named(s)])


def _attribution(
    involvements: list[Row], claim_status: ClaimStatus, behalf: list[tuple[str, str]]
) -> AttributionStatus:
    doers = [row for row in involvements if row["role"] in DOERS and stands(row)]
    if any(row["assessment"] == Assessment.DISPUTED for row in doers):
        return AttributionStatus.DISPUTED
    accepted = [row for row in doers if row["assessment"] == Assessment.ACCEPTED]
    primary = [r for r in accepted if r["primary"] and r["role"] == InvolvementRole.PERPETRATOR]
    for side in {row["side"] for row in primary}:
        if not _connected({_party(r) for r in primary if r["side"] == side}, behalf):
            return AttributionStatus.DISPUTED
    if accepted:
        order = list(Certainty.values)
        return AttributionStatus(min((row["certainty"] for row in accepted), key=order.index))
    if claim_status != ClaimStatus.NONE:
        return AttributionStatus.CLAIMED_ONLY
    return AttributionStatus.UNATTRIBUTED


def _connected(parties: set[str], ties: list[tuple[str, str]]) -> bool:
    """Return whether ties, in either direction and over others, lead from each party to all."""
    if not parties:
        return True
    reached, fresh = set[str](), {min(parties)}
    while fresh:
        reached |= fresh
        fresh = {b for pair in ties for a, b in (pair, pair[::-1]) if a in reached} - reached
    return parties <= reached
