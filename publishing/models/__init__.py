"""The public tables, and the abstract models of dates for working tables."""

from publishing.models.dates import Occurrence, Validity
from publishing.models.edition import Edition, Reference
from publishing.models.entry import (
    FOREVER,
    DatedEntry,
    Entry,
    EntryQuerySet,
    EntryRow,
    NamedEntry,
    SideEntry,
    WordEntry,
    may_lie_in,
)
from publishing.models.release import Release

__all__ = [
    "FOREVER",
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
    "Validity",
    "WordEntry",
    "may_lie_in",
]
