"""Matches: a bounded number of the incidents that match a request, to be counted in several ways.

To count a million incidents takes seconds. So only the matches that were published last are
counted, and the answer says whether these are all. They are the same whenever a client asks, since
an answer at a snapshot never changes.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from incidents.statistics.keys import Sql

MAX_MATCHES = 100_000
"""The maximum number of incidents that are counted."""


def select_matches(entries: QuerySet, *columns: str) -> Sql | None:
    """Return a query for `seq` and other columns of the matches; None if there can be none."""
    rows = entries.order_by("-seq").values_list("seq", *columns)[:MAX_MATCHES]
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def are_all(number: int) -> bool:
    """Return whether there are no other matches than this number of counted ones."""
    return number < MAX_MATCHES
