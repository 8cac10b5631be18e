"""The public tables, and the abstract models of dates for working tables."""

from publishing.models.dates import Occurrence, Validity
from publishing.models.edition import Edition, Reference, TableRow
from publishing.models.entry import (
    FOREVER,
    ComputedList,
    DatedEntry,
    Entry,
    EntryQuerySet,
    EntryRow,
    NamedEntry,
    SideEntry,
    WordEntry,
    estimate_number,
    may_lie_in,
)
from publishing.models.release import Release

__all__ = [
    "FOREVER",
    "ComputedList",
    "DatedEntry",
    "Edition",
    "Entry",
    "EntryQuerySet",
    "EntryRow",
    "NamedEntry",
    "Occurrence",
    "Reference",
    "Release",
    "SideEntry",
    "TableRow",
    "Validity",
    "WordEntry",
    "estimate_number",
    "may_lie_in",
]
