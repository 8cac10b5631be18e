"""The days on which an actor must be below another one for its incidents to count."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actors.filters import ScopeFilters
from api.parameters import DAY_PATTERN, DaysParameter
from api.problems import Fault

INCIDENT, ANY = "incident", "any"


class ScopeDaysParameter(DaysParameter):
    """The day of the incident, any day, or the days of a day, a month or a year."""

    schema = {"type": "string", "pattern": f"^({INCIDENT}|{ANY}|{DAY_PATTERN[1:-1]})$"}
    example = ANY

    def parse(self, text: str) -> Any:
        return text if text in (INCIDENT, ANY) else super().parse(text)


class IncidentScopeFilters(ScopeFilters):
    """How the actor parameters of incidents find their actors."""

    scope_at = ScopeDaysParameter(
        "When the actors that a scope adds must be below the actor: on the day of the incident "
        "(`incident`), at any time (`any`), or on a given day, or any day of a month or year.",
        default=INCIDENT,
    )

    def check(self) -> Iterator[Fault]:
        yield from super().check()
        scopes = [f"{name}_scope" for name in self.scoped_names()]
        if "scope_at" in self.given and not any(self.params[name] for name in scopes):
            detail = "Use `scope_at` only together with a scope, such as `perpetrator_scope`."
            yield Fault("contradiction", "scope_at", detail)

    @property
    def uses_row_days(self) -> bool:
        return bool(self.params["scope_at"] == INCIDENT)

    @property
    def scope_days(self) -> tuple[date, date] | None:
        days = self.params["scope_at"]
        return None if days == ANY else days
