"""The filters by statement, and by what follows from statements."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from actors.filters import ActorsParameter, ScopeFilters
from api.filtersets import FilterGroup
from api.parameters import BooleanParameter, MultipleChoiceParameter
from api.problems import Fault
from incidents.codes import (
    STATEMENT_ROLES,
    AttributionStatus,
    Authenticity,
    ClaimStatus,
    Mode,
    SpeakerType,
    StatementKind,
)
from incidents.entries import IncidentActorEntry, IncidentStatementEntry

_ROLES = (
    ("claimed_by", "announced_by"),
    ("denied_by",),
    ("accused", "accused_by"),
    ("statement_about", "statement_by"),
)
"""The parameters for actors of a claim, of a denial, of an accusation and of any statement."""

STATEMENT_COLUMNS = {
    "statement_kind": "kind",
    "speaker_type": "speaker_type",
    "statement_mode": "mode",
    "authenticity": "authenticity",
}
"""The columns of a statement by parameter."""


def _actors(description: str, note: str = "") -> ActorsParameter:
    return ActorsParameter(
        f"{description}, by public id or slug.{note} Statements that are fake, rejected or "
        "withdrawn do not count.",
        by_group=True,
    )


class StatementFilters(FilterGroup):
    """The filters by responsibility statement, and by the conclusions from all of them.

    A single statement must match its actors and all columns together. Several claims, denials and
    accusations may match the parameters for the actors of each.
    """

    claimed_by = _actors("Incidents that a claim attributes to this actor")
    announced_by = _actors(
        "Incidents that this actor claimed, for itself or for others",
        " With `claimed_by`, both must match the same claim.",
    )
    denied_by = _actors(
        "Incidents with a denial about this actor",
        " A denial is about the actors that it names, or about its speaker if it names nobody.",
    )
    accused = _actors("Incidents that an accusation attributes to this actor")
    accused_by = _actors(
        "Incidents for which this actor accused somebody",
        " With `accused`, both must match the same accusation.",
    )
    statement_about = _actors(
        "Incidents with a statement of any kind about this actor: a claim, denial, accusation, "
        "finding and so on that names it or says on whose behalf another acted",
        " A claim or a denial that names nobody is about its speaker. For findings, add "
        "`statement_kind=court_finding&statement_kind=investigation_finding`.",
    )
    statement_by = _actors(
        "Incidents about which this actor made a statement of any kind",
        " With `statement_about`, both must match the same statement.",
    )
    statement_kind = MultipleChoiceParameter(
        StatementKind,
        "Incidents with a statement of this kind that is not rejected. A single statement must "
        "match all parameters for statements and their speakers.",
        by_group=True,
    )
    speaker_type = MultipleChoiceParameter(
        SpeakerType,
        "Incidents with a statement by a speaker in this capacity, as in `statement_kind`.",
        by_group=True,
    )
    statement_mode = MultipleChoiceParameter(
        Mode,
        "Incidents with a statement made in this medium, as in `statement_kind`.",
        by_group=True,
    )
    authenticity = MultipleChoiceParameter(
        Authenticity,
        "Incidents with a statement of this authenticity, as in `statement_kind`.",
        by_group=True,
    )
    claim_status = MultipleChoiceParameter(
        ClaimStatus, "Incidents with this claim status.", "claim_status"
    )
    denied = BooleanParameter(
        "Incidents with or without a denial about an actor held responsible.", "denied"
    )
    attribution_status = MultipleChoiceParameter(
        AttributionStatus,
        "Incidents with this attribution status: how certain we are who did it.",
        "attribution_status",
    )
    facade_claim = BooleanParameter(
        "Incidents that were or were not claimed by a facade of another actor.",
        "facade_claim",
    )

    def check(self) -> Iterator[Fault]:
        actors = [name for roles in _ROLES for name in roles if self.params[name] is not None]
        if actors and self.params["authenticity"] == [Authenticity.FAKE]:
            detail = f"Fake statements do not count for `{actors[0]}`."
            yield Fault("contradiction", "authenticity", detail)

    def filter(self, entries: QuerySet, without: Collection[str] = ()) -> QuerySet:
        entries = super().filter(entries, without)
        given = [[name for name in roles if self.params[name] is not None] for roles in _ROLES]
        for roles in filter(None, given):
            if not set(roles) & set(without):
                rows = self._find_rows(roles).filter(seq=OuterRef("seq"))
                entries = entries.filter(Exists(rows))
        if not any(given) and (columns := self._columns):
            statements = IncidentStatementEntry.objects.filter(seq=OuterRef("seq"), **columns)
            entries = entries.filter(Exists(statements))
        return entries

    def find_candidates(self, role: str) -> Any:
        """Return the actors in statements that match all columns."""
        rows = IncidentActorEntry.objects.all()
        if columns := self._columns:
            statements = IncidentStatementEntry.objects.filter(
                seq=OuterRef("seq"), number=OuterRef("statement"), **columns
            )
            rows = rows.filter(Exists(statements))
        return rows

    def find_rows(self, role: str) -> QuerySet:
        """Return the actors in a role, in statements that match all other parameters too."""
        given = next(roles for roles in _ROLES if role in roles)
        others = [name for name in given if name != role and self.params[name] is not None]
        return self._find_rows([role, *others])

    def find_in_role(self, role: str) -> QuerySet:
        """Return all actors in a role, in statements that match all other parameters."""
        given = next(roles for roles in _ROLES if role in roles)
        others = [name for name in given if name != role and self.params[name] is not None]
        return self._match_others(
            self.find_candidates(role).filter(role__in=STATEMENT_ROLES[role]), others
        )

    def _find_rows(self, roles: list[str]) -> QuerySet:
        """Return the actors in the first role, in statements that match the other roles too."""
        actor_is = self.filterset.group(ScopeFilters).actor_is
        first, *others = roles
        rows: QuerySet = self.find_candidates(first).filter(
            actor_is(first), role__in=STATEMENT_ROLES[first]
        )
        return self._match_others(rows, others)

    def _match_others(self, rows: QuerySet, others: list[str]) -> QuerySet:
        """Return those of the actors in statements that match other roles too."""
        actor_is = self.filterset.group(ScopeFilters).actor_is
        for other in others:
            same = IncidentActorEntry.objects.filter(
                actor_is(other),
                seq=OuterRef("seq"),
                statement=OuterRef("statement"),
                role__in=STATEMENT_ROLES[other],
            )
            rows = rows.filter(Exists(same))
        return rows

    @property
    def _columns(self) -> dict[str, list[str]]:
        """The words that the columns of a statement must have."""
        return {
            f"{column}__in": self.params[name]
            for name, column in STATEMENT_COLUMNS.items()
            if self.params[name] is not None
        }
