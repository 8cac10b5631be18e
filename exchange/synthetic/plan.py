"""The plan of publications: which incidents are published, corrected and withdrawn, and when."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from exchange.synthetic.documents import make_public_id
from publishing.codes import EditionKind
from publishing.snapshots import Snapshot

CHUNK = 500
"""The incidents of one publication."""
_BEGAN, _ENDED = datetime(2016, 1, 1, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)
"""The time span of all publications, the same in every run."""
_CORRECTED, _WITHDRAWN = 13, 97
"""One in so many incidents is corrected, or withdrawn, by the next publication."""


class PlannedEdition(NamedTuple):
    """An edition of an incident."""

    number: int
    version: int
    kind: EditionKind


class PlannedPublication(NamedTuple):
    """A publication: its place in the plan, its moment, and the snapshot before it."""

    place: int
    moment: datetime
    after: Snapshot


class PublicationPlan:
    """The publications of a number of incidents, after the records that they reference."""

    def __init__(self, seed: int, incidents: int) -> None:
        self.seed, self.incidents = seed, incidents
        self.length = -(-incidents // CHUNK) + 1
        """The number of publications; the last one only corrects and withdraws."""

    def states(self, snapshot: Snapshot) -> Iterator[PlannedPublication]:
        """Yield the publications that follow a snapshot."""
        for place in range(self.length):
            yield PlannedPublication(place, self.moment(place), snapshot)
            for step in self.steps(place):
                id_ = make_public_id(self.seed, "incident", step.number)
                snapshot = snapshot.after(id_, step.version, step.kind)

    def steps(self, place: int) -> Iterator[PlannedEdition]:
        """Yield the editions of a publication: new incidents, then changes of the last ones."""
        for number in self._numbers(place):
            yield PlannedEdition(number, 1, EditionKind.PUBLISH)
        for number in self._numbers(place - 1):
            if kind := decide_fate(number):
                yield PlannedEdition(number, 2, kind)

    def size(self, place: int) -> int:
        """Return the number of new incidents in a publication."""
        return len(self._numbers(place))

    def moment(self, place: int) -> datetime:
        """Return the moment of a publication."""
        return _BEGAN + (_ENDED - _BEGAN) * ((place + 1) / (self.length + 1))

    def ends(self, state: PlannedPublication) -> dict[str, int]:
        """Return, by public id, at which `seq` the next publication ends an incident."""
        first = state.after.seq + len(list(self.steps(state.place))) + 1
        first += len(self._numbers(state.place + 1))
        ended = [number for number in self._numbers(state.place) if decide_fate(number)]
        return {
            make_public_id(self.seed, "incident", number): seq
            for seq, number in enumerate(ended, first)
        }

    def published(self, number: int) -> datetime:
        """Return the moment at which an incident was first published."""
        return self.moment(number // CHUNK)

    def _numbers(self, place: int) -> range:
        return range(max(place, 0) * CHUNK, min((place + 1) * CHUNK, self.incidents))


def decide_fate(number: int) -> EditionKind | None:
    """Return the kind of the second edition of an incident; None if it has only one."""
    if number % _CORRECTED == _CORRECTED - 1:
        return EditionKind.CORRECT
    return EditionKind.WITHDRAW if number % _WITHDRAWN == _WITHDRAWN - 1 else None
