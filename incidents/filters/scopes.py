"""On which day an actor must stand under another for its incidents to count."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from actors.filters import ByActor
from api.parameters import DAY_PATTERN, Days
from api.problems import Fault

OWN, ANY = "incident", "any"


class ScopeDay(Days):
    """The day of the incident, any day, or the days of a day, a month or a year."""

    schema = {"type": "string", "pattern": f"^({OWN}|{ANY}|{DAY_PATTERN[1:-1]})$"}

    def read(self, text: str) -> Any:
        return text if text in (OWN, ANY) else super().read(text)


class Scoped(ByActor):
    """The parameter `scope_at`, for everything that incidents can be asked for by actor."""

    scope_at = ScopeDay(
        "When those whom a scope adds must have stood under the actor: on the day of the incident "
        "(incident), at any time (any), or on the day (or a day of the month, or year) that you "
        "give.",
        default=OWN,
    )

    def contradictions(self, asked: dict[str, Any]) -> Iterator[Fault]:
        yield from super().contradictions(asked)
        if "scope_at" in self.data and not any(asked[f"{name}_scope"] for name in self.scoped()):
            detail = "It says when a scope holds: give a scope too, or leave it out."
            yield Fault("contradiction", "scope_at", detail)

    def own_days(self) -> bool:
        return bool(self.asked["scope_at"] == OWN)

    def scope_days(self) -> tuple[date, date] | None:
        given = self.asked["scope_at"]
        return None if given == ANY else given
