"""Matches: a bounded number of the incidents that match a request, to be counted in several ways.

To count a million incidents takes seconds. So only the matches that were published last are
counted, and the answer says whether these are all. They are the same whenever a client asks, since
an answer at a snapshot never changes.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from incidents.statistics.keys import Sql


def select_matches(entries: QuerySet, maximum: int, *columns: str) -> Sql | None:
    """Return a query for `seq` and other columns of the last matches; None if there can be none."""
    rows = entries.order_by("-seq").values_list("seq", *columns)[:maximum]
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)
