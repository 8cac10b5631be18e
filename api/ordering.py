"""The orders of lists, each of which is total."""

from typing import NamedTuple

from django.db.models import QuerySet


class Sort(NamedTuple):
    """An order by columns that are never null, the last of them unique, all in one direction."""

    columns: tuple[str, ...]
    descending: bool

    def sorted(self, rows: QuerySet) -> QuerySet:
        """Return `rows` in this order."""
        return rows.order_by(*(f"-{c}" if self.descending else c for c in self.columns))

    def sql(self, table: str) -> str:
        """Return the expression for ORDER BY, for a table that has the columns."""
        direction = "DESC" if self.descending else "ASC"
        return ", ".join(f"{table}.{column} {direction}" for column in self.columns)


RECENTLY_EDITED = Sort(("edited_at", "record"), True)
BY_NAME = Sort(("name_key", "record"), False)
NEWEST = Sort(("order_date", "record"), True)
RELEVANCE = Sort(("rank", "record"), True)
OLDEST = Sort(("order_date", "record"), False)
