"""The base of the imports of UCDP's datasets, whose rows name actors by UCDP's id."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from actors.models import Actor
from exchange.gazetteer import Gazetteer
from exchange.importing import Import
from exchange.staging import StagedRow
from exchange.ucdp import ABOUT, UCDP
from exchange.ucdp.actor_matching import (
    UcdpActor,
    create_actor,
    find_actors,
    number_members,
    pair_names,
)
from sources.codes import Scheme


def explain_days(first: date, last: date) -> dict[str, bool]:
    """Return what may be wrong with the days of a row, and whether it is."""
    today = date.today()
    return {
        "year before 1500 or after next year": first.year < 1500 or last.year > today.year + 1,
        "date in the future": last > today,
    }


class UcdpImport(Import):
    """An import of a dataset of UCDP; `write` loads the gazetteer first."""

    gazetteer: Gazetteer

    publisher = UCDP
    about = ABOUT

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actors: dict[str, Actor] = {}
        """The actors that rows name, by UCDP's id."""
        self.forbidden: dict[str, str] = {}
        """The ids for which a redaction forbids to create an actor, each with the reason."""

    @abstractmethod
    def list_actors(self, content: Any) -> Iterable[UcdpActor]:
        """Return the actors that a row names."""

    def find_referenced(self) -> Iterable[Actor]:
        return self.actors.values()

    def find_forbidden(self, missing: Iterable[str]) -> None:
        """Find the ids of missing actors that must not be created."""
        self.forbidden = self.find_forbidden_ids(missing, Scheme.UCDP_ACTOR)

    def may_write(self, content: Any) -> bool:
        """Whether no actor of a row is forbidden; otherwise the row is set aside."""
        for named in self.list_actors(content):
            if reason := self.forbidden.get(named.key):
                self.set_aside_redacted(content.key, f"actor {named.key} of UCDP", reason)
                self.skipped.add(content.key)
                return False
        return True

    def clean_row(
        self, staged: StagedRow, content: Any, actors: Mapping[str, Actor]
    ) -> StagedRow | None:
        """Return a row without what redactions removed from its actors; None if it is set aside."""
        cleaned = self.clean(staged, pair_names(self.list_actors(content), actors), self.parse)
        if cleaned is None:
            self.skipped.add(staged.key)
        return cleaned

    def create_missing(
        self, named: Mapping[str, UcdpActor], actors: Mapping[str, Actor]
    ) -> dict[str, Actor]:
        """Return `actors` with those created that rows name and that are missing."""
        complete = dict(actors)
        missing = named.keys() - actors.keys() - self.forbidden.keys()
        ids = sorted(filter(str.isdecimal, missing), key=int)
        complete |= number_members(named[key] for key in ids)
        self._create(ids, named, complete)
        members = sorted(missing - {*ids})
        complete |= find_actors(members)  # some of them may have been created under their ids
        self._create(members, named, complete)
        return complete

    def _create(
        self, keys: Iterable[str], named: Mapping[str, UcdpActor], complete: dict[str, Actor]
    ) -> None:
        """Create the actors of some keys in `complete`, unless they are there."""
        for key in (key for key in keys if key not in complete):
            complete[key] = create_actor(named[key], self.cited, self.gazetteer)
            self.report.actors.append(complete[key].name)
