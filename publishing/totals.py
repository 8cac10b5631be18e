"""Totals: sums over current index entries, which publications keep up to date."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

from django.db import models


class TotalsTable(models.Model):
    """A public table of totals. Its rows may be deleted: they can be rebuilt from entries."""

    class Meta:
        abstract = True


class Totals(ABC):
    """Tables of sums over the current index entries of a type of record.

    They stand at one snapshot. Answers at another one are computed from entries, as are all answers
    if the tables stand at none: before `rebuild_entries`, in a database that had none of them.
    All methods are called under the publication lock.
    """

    tables: ClassVar[tuple[type[TotalsTable], ...]]
    """The tables."""

    @abstractmethod
    def follow(self, before: int, after: int, records: Collection[str]) -> None:
        """Bring the tables from one `seq` to a later one; only `records` of the type changed.

        Do nothing if they do not stand at `before`.
        """

    @abstractmethod
    def add(self, seqs: Collection[int], sign: int) -> None:
        """Add the current entries among `seqs`, or subtract them if `sign` is -1."""

    @abstractmethod
    def rebuild(self) -> None:
        """Sum up all current entries anew, as of the newest Edition."""
