"""Totals of incidents: the tables from which statistics of all incidents are answered."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.db import connection, models

from incidents.casualties import MEASURES
from incidents.codes import ROLES, Granularity
from publishing.models.edition import Edition
from publishing.models.entry import FOREVER
from publishing.totals import Totals, TotalsTable

COUNTED = (Granularity.SINGLE_EVENT.value, Granularity.AGGREGATE.value)
"""The incidents that are counted by default: not series, because they have no number."""
COLUMNS = ("country", "event_type", "violence")
"""The properties by which incidents are summed in any combination, always by date as well."""
ACTORS = ("participant", "perpetrator", "target")
"""The roles of actors by which incidents are summed."""

_VALUES = {
    "low": "coalesce({0}_low, {0}, 0)",
    "best": "coalesce({0}, {0}_low, 0)",
    "high": "coalesce({0}_high, {0}, {0}_low, 0)",
    "without_best": "num_nonnulls(coalesce({0}, {0}_low, {0}_high)) - num_nonnulls({0})",
    "without_high": "num_nonnulls(coalesce({0}, {0}_low, {0}_high)) - num_nonnulls({0}_high)",
    "known": "num_nonnulls(coalesce({0}, {0}_low, {0}_high))",
    "out_of_order": "coalesce({0}_low > {0} OR {0} > {0}_high OR {0}_low > {0}_high, false)::int",
}
"""By name, what an incident adds to a sum of a measure."""


class IncidentTotals(TotalsTable):
    """The number and the casualties of the incidents with some properties in common.

    The properties are those that `by` lists, and the month and the precision of the date; or else
    a single actor in a role.
    """

    by = models.CharField(
        max_length=40, help_text="The properties or the role, in alphabetical order; blank if none."
    )
    order_date = models.DateField(
        help_text="The last day of the month of the first possible day; 0001-01-01 if undated, and "
        "in totals by actor."
    )
    date_precision = models.CharField(max_length=40, help_text="The precision of the date.")
    country = models.CharField(max_length=2, help_text="The country; blank if there is none.")
    event_type = models.CharField(max_length=40, help_text="The general type of event.")
    violence = models.CharField(max_length=40, help_text="The type of organised violence.")
    actor = models.UUIDField(
        null=True, help_text="The public id of the actor; null for incidents without one."
    )
    incidents = models.BigIntegerField(help_text="The number of incidents.")

    class Meta:
        verbose_name_plural = "incident totals"
        constraints = [
            # A publication adds to the row of each group.
            models.UniqueConstraint(
                fields=[
                    *("by", "order_date", "date_precision"),
                    *("country", "event_type", "violence", "actor"),
                ],
                nulls_distinct=False,
                name="incidenttotals_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incidents} incidents by {self.by or 'date'}"


for _measure in MEASURES:
    for _name in _VALUES:
        IncidentTotals.add_to_class(
            f"{_measure}_{_name}",
            models.BigIntegerField(
                null=True,
                help_text=f"The sum “{_name}” of people {_measure}, or how many incidents it "
                "concerns; null is 0, which takes no space.",
            ),
        )

SUMS = tuple(f"{measure}_{name}" for measure in MEASURES for name in _VALUES)
"""The columns with sums of casualties."""


class TotalsSnapshot(TotalsTable):
    """The snapshot at which the totals of incidents stand: one row, or none if at no snapshot."""

    seq = models.BigIntegerField(help_text="The seq of its newest edition.")

    def __str__(self) -> str:
        return f"Totals at {self.seq}"


_TABLE = IncidentTotals._meta.db_table
_MONTH = (
    "CASE order_date WHEN '0001-01-01' THEN order_date "
    "ELSE (date_trunc('month', order_date::timestamp) + interval '1 month - 1 day')::date END"
)
_GROUP = ("by", "order_date", "date_precision", *COLUMNS, "actor")


class TotalsOfIncidents(Totals):
    """The totals of incidents, by date and properties, and by actor."""

    tables = (IncidentTotals, TotalsSnapshot)

    def __init__(self, entries: str, actors: str) -> None:
        """Take the names of the tables of index entries and of their actors."""
        self.entries, self.actors = entries, actors

    def follow(self, before: int, after: int, records: Collection[str]) -> None:
        """Bring the tables from one `seq` to a later one, if they stand at the first."""
        standing = TotalsSnapshot.objects
        if before == 0 and not standing.exists():
            standing.create(seq=after)
        elif not standing.filter(seq=before).update(seq=after):
            return
        if records:
            opened = f"seq > %s AND until_seq = {FOREVER}"
            closed = "seq <= %s AND until_seq > %s AND until_seq <= %s"
            self._write(
                f"record = ANY (%s::uuid[]) AND ({opened} OR {closed})",
                [before, list(records), before, before, before, after],
                sign="CASE WHEN seq > %s THEN 1 ELSE -1 END",
            )

    def add(self, seqs: Collection[int], sign: int) -> None:
        """Add the current entries among `seqs`, or subtract them."""
        if TotalsSnapshot.objects.exists():
            where = f"seq = ANY (%s) AND until_seq = {FOREVER}"
            self._write(where, [list(seqs)], sign=str(int(sign)))

    def rebuild(self) -> None:
        """Sum up all current entries anew."""
        IncidentTotals.objects.all().delete()
        TotalsSnapshot.objects.all().delete()
        self._write(f"until_seq = {FOREVER}", [], sign="1")
        TotalsSnapshot.objects.create(seq=Edition.objects.newest_snapshot().seq)

    def _write(self, where: str, params: list[Any], *, sign: str) -> None:
        """Add the counted entries, each with its sign, to the rows of their groups."""
        statement = _write_statement(self.entries, self.actors, where, sign)
        with connection.cursor() as cursor:
            cursor.execute(statement, params)


@cache
def _write_statement(entries: str, actors: str, where: str, sign: str) -> str:
    """Return the statement that adds entries to totals.

    Entries with equal properties are summed before these are combined, and what comes out even is
    left out: a document of which only a reference changed adds nothing.
    """
    values = ", ".join(
        f"sign * ({sql.format(measure)}) AS {measure}_{name}"
        for measure in MEASURES
        for name, sql in _VALUES.items()
    )
    properties = ", ".join(COLUMNS)
    dated = f"order_date, date_precision, {properties}"
    sums = ", ".join(f"sum({column}) AS {column}" for column in ("incidents", *SUMS))
    even = " AND ".join(f"sum({column}) = 0" for column in ("incidents", *SUMS))
    names = " || ".join(f"CASE GROUPING({c}) WHEN 0 THEN '{c} ' ELSE '' END" for c in COLUMNS)
    combined = ", ".join(f"coalesce({column}, '')" for column in COLUMNS)
    roles = ", ".join(
        f"('{name}', ARRAY[{', '.join(repr(str(role)) for role in ROLES[name])}])"
        for name in ACTORS
    )
    columns = ", ".join(_GROUP)
    stored = ", ".join(f"nullif({column}, 0)" for column in SUMS)
    added = ", ".join(
        f"{column} = nullif(coalesce({_TABLE}.{column}, 0) + coalesce(excluded.{column}, 0), 0)"
        for column in SUMS
    )
    return f"""
    WITH changed AS MATERIALIZED (
        SELECT seq, {_MONTH} AS order_date, date_precision, {properties}, sign AS incidents,
            {values}
        FROM (SELECT *, {sign} AS sign FROM {entries} WHERE {where}) AS entry
        WHERE granularity IN {COUNTED}
    ), equal AS (
        SELECT {dated}, {sums} FROM changed GROUP BY {dated} HAVING NOT ({even})
    ), by_properties AS (
        SELECT rtrim({names}) AS by, order_date, date_precision, {combined}, NULL::uuid, {sums}
        FROM equal GROUP BY order_date, date_precision, CUBE ({properties})
    ), by_actor AS (
        SELECT role.by, '0001-01-01'::date, '', '', '', '', involved.actor, {sums}
        FROM changed CROSS JOIN (VALUES {roles}) AS role (by, words) LEFT JOIN LATERAL (
            SELECT DISTINCT actor FROM {actors} AS row
            WHERE row.seq = changed.seq AND row.role = ANY (role.words)
        ) AS involved ON true
        GROUP BY role.by, involved.actor HAVING NOT ({even})
    )
    INSERT INTO {_TABLE} ({columns}, incidents, {", ".join(SUMS)})
    SELECT {columns}, incidents, {stored}
    FROM (SELECT * FROM by_properties UNION ALL SELECT * FROM by_actor)
        AS difference ({columns}, incidents, {", ".join(SUMS)})
    ON CONFLICT ({columns}) DO UPDATE
    SET incidents = {_TABLE}.incidents + excluded.incidents, {added}
    """  # noqa: S608
