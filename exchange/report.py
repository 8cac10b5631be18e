"""The report of an import: what it did, for the user who ran it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exchange.coverage import UNDECLARED, MissingRow
from exchange.set_aside import SetAsideRow

_MAX_LISTED = 50
"""How many items of a long list are printed."""
_MAX_NAME, _MAX_LINE = 80, 10_000
"""The most characters of a name in a list, and of a line."""


@dataclass
class Report:
    """The counts and lists of one run, filled while it runs."""

    title: str = ""
    rows: str = "rows"
    """What one row is about."""
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    """How many rows could not be read."""
    refusals: list[str] = field(default_factory=list)
    """The first of them, each with its file, its number and its faults."""
    flags: Counter[str] = field(default_factory=Counter)
    """How many rows have which oddity; such rows are imported as they are."""
    affiliations: Counter[str] = field(default_factory=Counter)
    """How many affiliations of which kind the rows state."""
    actors: list[str] = field(default_factory=list)
    """The names of the actors that were created because rows mention them."""
    places: Counter[str] = field(default_factory=Counter)
    """How many rows were matched to a first-level division, a country, or no place."""
    unmatched: Counter[str] = field(default_factory=Counter)
    """How often a division or country matched no published place."""
    corrections: list[str] = field(default_factory=list)
    """The values that editors corrected and the file contradicts, with both."""
    set_aside: list[SetAsideRow] = field(default_factory=list)
    """The rows that this run did not write; the next run tries them again."""
    gone: list[MissingRow] | None = None
    """The rows of earlier releases that the file lacks though it covers them; None where no
    coverage was declared."""
    gone_to: Path | None = None
    """The CSV file that lists all of them."""
    cleaned: int = 0
    """How many rows were written without what a redaction removed from an actor they name."""
    left: int = 0
    """How many rows were not written since their record was withdrawn or merged."""

    def refuse(self, place: str, fault: object) -> None:
        """Count an unreadable row, and list it among the first ones."""
        self.refused += 1
        if len(self.refusals) < _MAX_LISTED:
            self.refusals.append(f"{place}: {fault}")

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report, with the texts of the file made safe for a terminal."""
        for line in self._lines():
            yield make_printable(line, _MAX_LINE)

    def _lines(self) -> Iterator[str]:
        yield self.title
        read = self.created + self.changed + self.unchanged
        yield (
            f"{self.rows}: {read:,} ({self.created:,} created, {self.changed:,} changed, "
            f"{self.unchanged:,} unchanged)"
        )
        if self.left:
            yield f"not written, since the record was withdrawn or merged: {self.left:,}"
        if self.cleaned:
            yield f"written without what redactions removed from actors: {self.cleaned:,}"
        yield from _list("unreadable rows", self.refusals, self.refused)
        yield f"flagged, and imported as they are: {_count(self.flags)}"
        if self.affiliations:
            yield f"affiliations stated: {_count(self.affiliations)}"
        yield from _list("actors created", self.actors)
        yield f"places matched: {_count(self.places)}"
        if self.unmatched:
            yield f"places not matched: {_count(self.unmatched)}"
        yield from list_set_aside(self.set_aside)
        yield from _list("corrections of editors that stay", self.corrections)
        if self.gone is None:
            yield UNDECLARED
            return
        keys = [missing.key for missing in self.gone]
        yield from _list("missing in the file, and not withdrawn here", keys)
        if self.gone_to:
            yield f"  all of them are listed in {self.gone_to}"


def make_printable(text: str, length: int) -> str:
    """Return a text without control characters, cut where it is longer than `length`.

    A file may contain control characters that rewrite the screen of the user, or huge texts.
    """
    safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:length])
    return safe if len(text) <= length else f"{safe}…"


def _count(counts: Counter[str]) -> str:
    common = counts.most_common()
    listed = [
        f"{make_printable(name, _MAX_NAME)} {number:,}" for name, number in common[:_MAX_LISTED]
    ]
    more = [f"and {len(common) - _MAX_LISTED:,} more"] if len(common) > _MAX_LISTED else []
    return ", ".join(listed + more) or "none"


def list_set_aside(rows: Iterable[SetAsideRow]) -> Iterator[str]:
    """Yield the lines on the rows that a run set aside, each with its reason."""
    lines = (f"{row.key} {row.record}: {row.reason}" for row in rows)
    yield from _list("set aside until the next run", lines)


def _list(name: str, listed: Iterable[str], number: int = 0) -> Iterator[str]:
    """Yield the first items of a list that has `number` items (by default, those given)."""
    items = list(listed)
    number = number or len(items)
    if not items:
        return
    yield f"{name}: {number:,}"
    yield from (f"  {item}" for item in items[:_MAX_LISTED])
    if number > _MAX_LISTED:
        yield f"  and {number - _MAX_LISTED:,} more"
