"""What an import has done, in words and numbers for who ran it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from exchange.set_aside import SetAside

_SHOWN = 20
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
    unreadable: list[str] = field(default_factory=list)
    """The rows that could not be read, each with its number and its faults."""
    flags: Counter[str] = field(default_factory=Counter)
    """How many rows have which oddity; they are kept as they are."""
    ties: Counter[str] = field(default_factory=Counter)
    """How many ties of which kind the rows tell."""
    actors: list[str] = field(default_factory=list)
    """The names of the actors that were made."""
    places: Counter[str] = field(default_factory=Counter)
    """How many rows quote a first-level division, a country, or no place."""
    unmatched: Counter[str] = field(default_factory=Counter)
    """The divisions and countries that no published place answers to."""
    kept: list[str] = field(default_factory=list)
    """The corrections of editors that the file tells otherwise."""
    set_aside: list[SetAside] = field(default_factory=list)
    """The rows that this run left alone, for the next one to take up."""
    gone: list[str] = field(default_factory=list)
    """The ids that an earlier release has, for the countries and years of this file."""
    left: int = 0
    """Records that were withdrawn or merged, and are left alone."""

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
        yield from _listed("rows that cannot be read", self.unreadable)
        yield f"flagged and kept: {_counted(self.flags)}"
        if self.ties:
            yield f"ties told: {_counted(self.ties)}"
        yield from _listed("actors made", self.actors)
        yield f"places quoted: {_counted(self.places)}"
        if self.unmatched:
            yield f"places not found: {_counted(self.unmatched)}"
        yield from _listed("set aside until the next run", map(_set_aside, self.set_aside))
        yield from _listed("corrections of editors that stay", self.kept)
        yield from _listed("gone from the dataset, not withdrawn here", self.gone)


def _counted(counts: Counter[str]) -> str:
    common = counts.most_common()
    told = [f"{name} {number:,}" for name, number in common[:_SHOWN]]
    more = [f"and {len(common) - _SHOWN:,} more"] if len(common) > _SHOWN else []
    return ", ".join(told + more) or "none"


def _set_aside(row: SetAside) -> str:
    return f"{row.key} {row.record}: {row.reason}"


def _listed(name: str, listed: Iterable[str]) -> Iterator[str]:
    items = list(listed)
    if not items:
        return
    yield f"{name}: {len(items):,}"
    yield from (f"  {item}" for item in items[:_SHOWN])
    if len(items) > _SHOWN:
        yield f"  and {len(items) - _SHOWN:,} more"
