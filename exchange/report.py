"""What an import has done, in words and numbers for who ran it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exchange.coverage import UNDECLARED, Missing
from exchange.set_aside import SetAside

_MAX_LISTED = 50
"""How many of a long list are told one by one."""


@dataclass
class Report:
    """The counts of one run, filled on the way."""

    title: str = ""
    rows: str = "rows"
    """What one row tells of."""
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    """How many rows could not be read."""
    refusals: list[str] = field(default_factory=list)
    """The first of them, each with its file, its number and its faults."""
    flags: Counter[str] = field(default_factory=Counter)
    """How many rows have which oddity; they are kept as they are."""
    affiliations: Counter[str] = field(default_factory=Counter)
    """How many affiliations of which kind the rows state."""
    actors: list[str] = field(default_factory=list)
    """The names of the actors that were made."""
    places: Counter[str] = field(default_factory=Counter)
    """How many rows quote a first-level division, a country, or no place."""
    unmatched: Counter[str] = field(default_factory=Counter)
    """The divisions and countries that no published place answers to."""
    kept: list[str] = field(default_factory=list)
    """The values that editors corrected and the file states otherwise, with both."""
    set_aside: list[SetAside] = field(default_factory=list)
    """The rows that this run left alone, for the next one to take up."""
    gone: list[Missing] | None = None
    """What earlier releases have of all that the file covers, and it has not; None where nobody
    has declared what it covers."""
    gone_to: Path | None = None
    """The file that lists all of them."""
    cleaned: int = 0
    """Rows of which something was left out that a redaction removed from an actor they name."""
    left: int = 0
    """Records that were withdrawn or merged, and are left alone."""

    def refuse(self, place: str, fault: object) -> None:
        """Count a row that cannot be read, and remember the first of them."""
        self.refused += 1
        if len(self.refusals) < _MAX_LISTED:
            self.refusals.append(f"{place}: {fault}")

    def lines(self) -> Iterator[str]:
        """Yield the report, one line after the other."""
        yield self.title
        read = self.created + self.changed + self.unchanged
        yield (
            f"{self.rows}: {read:,} ({self.created:,} created, {self.changed:,} changed, "
            f"{self.unchanged:,} unchanged)"
        )
        if self.left:
            yield f"left alone: {self.left:,}, for they were withdrawn or merged"
        if self.cleaned:
            yield f"cleaned of what redactions removed from actors: {self.cleaned:,}"
        yield from _list("rows that cannot be read", self.refusals, self.refused)
        yield f"flagged and kept: {_count(self.flags)}"
        if self.affiliations:
            yield f"affiliations stated: {_count(self.affiliations)}"
        yield from _list("actors made", self.actors)
        yield f"places quoted: {_count(self.places)}"
        if self.unmatched:
            yield f"places not found: {_count(self.unmatched)}"
        yield from list_set_aside(self.set_aside)
        yield from _list("corrections of editors that stay", self.kept)
        if self.gone is None:
            yield UNDECLARED
            return
        keys = [missing.key for missing in self.gone]
        yield from _list("gone from the dataset, not withdrawn here", keys)
        if self.gone_to:
            yield f"  all of them are listed in {self.gone_to}"


def _count(counts: Counter[str]) -> str:
    common = counts.most_common()
    told = [f"{name} {number:,}" for name, number in common[:_MAX_LISTED]]
    more = [f"and {len(common) - _MAX_LISTED:,} more"] if len(common) > _MAX_LISTED else []
    return ", ".join(told + more) or "none"


def list_set_aside(rows: Iterable[SetAside]) -> Iterator[str]:
    """Yield what a run left for the next one, with the reason of each."""
    lines = (f"{row.key} {row.record}: {row.reason}" for row in rows)
    yield from _list("set aside until the next run", lines)


def _list(name: str, listed: Iterable[str], number: int = 0) -> Iterator[str]:
    """Yield the first items of a list; of `number` items where only the first are given."""
    items = list(listed)
    number = number or len(items)
    if not items:
        return
    yield f"{name}: {number:,}"
    yield from (f"  {item}" for item in items[:_MAX_LISTED])
    if number > _MAX_LISTED:
        yield f"  and {number - _MAX_LISTED:,} more"
