"""Cycles among dated links, such as hierarchies that lead back to where they began."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

# Each walk starts with one link and goes up as long as all its links share a day. Equal rows are
# walked on from once (UNION), and the days only shrink, so the walk ends whatever its length. The
# links are not materialized, so that the walk from a few of them reads by the indexes.
_CYCLES = """
WITH RECURSIVE link (id, below, above, days) AS NOT MATERIALIZED ({links}),
walk (id, start, reached, days) AS (
    SELECT id, below, above, days FROM link WHERE {started}
  UNION
    SELECT walk.id, walk.start, link.above, walk.days * link.days
    FROM walk JOIN link ON link.below = walk.reached AND link.days && walk.days
    WHERE walk.reached <> walk.start
)
SELECT id FROM walk WHERE reached = start
"""


def find_cycles(links: QuerySet[Any], only: Collection[Any] | None = None) -> RawSQL:
    """Return the ids of the links that close a cycle on at least one day, for use after `__in`.

    `links` selects four columns: an id, the lower end, the upper end, and the days as a range.
    With `only`, the cycles of these ids alone are looked for.
    """
    sql, params = links.order_by().query.sql_with_params()
    started = "true" if only is None else "id = ANY(%s)"
    values = [*params] if only is None else [*params, list(only)]
    return RawSQL(_CYCLES.format(links=sql, started=started), values)  # noqa: S611 - our own text
