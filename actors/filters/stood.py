"""That an actor stood where it counts on the days of a row."""

from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db.models import BooleanField, F, Func, UUIDField, Value

from actors.filters.dates import Dates
from actors.rollup import ScopeMember


class Stood(Func):
    """That the actor of a row was one of `standings` on the days of the row.

    Possibly: on one of its days. Certainly: on each, and they are certain themselves; what always
    stood is met by any row. A semi-join, so that it costs the same for one actor and hundreds; by
    functions, since the planner takes the operators of ranges to be met by next to nothing.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, standings: list[ScopeMember], dates: str) -> None:
        actors = Value([one.actor for one in standings], ArrayField(UUIDField()))
        days = Value([one.days for one in standings], ArrayField(DateRangeField()))
        columns = (F(name) for name in (column, "order_date", "last_date", "certain"))
        super().__init__(*columns, actors, days)
        self.dates = dates

    def as_sql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        (actor, start, end, certain), (actors, days) = (
            [sql for sql, _ in part] for part in (compiled[:4], compiled[4:])
        )
        bounds = f"daterange({start}, {end}, '[]')"
        met = f"range_overlaps(stood.days, {bounds})"
        if self.dates == Dates.CERTAIN:
            met = f"({certain} AND range_contains(stood.days, {bounds}) OR stood.days = '(,)')"
        sql = (
            f"EXISTS (SELECT FROM unnest({actors}::uuid[], {days}::daterange[]) "
            f"AS stood(actor, days) WHERE stood.actor = {actor} AND {met})"
        )
        return sql, tuple(value for _, values in compiled[4:] for value in values)
