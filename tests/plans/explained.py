"""The plans by which the database answers requests."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class Plan(NamedTuple):
    """The plan of one statement."""

    sql: str
    ms: float
    steps: list[dict[str, Any]]

    @property
    def read_whole(self) -> set[str]:
        """The tables that are read completely."""
        return {
            step["Relation Name"]
            for step in self.steps
            if step["Node Type"].endswith("Seq Scan")
            and not step["Relation Name"].startswith("pg_")
        }

    @property
    def sorted(self) -> int:
        """The number of rows of the largest sort."""
        return max(
            (
                round(below["Actual Rows"] * below["Actual Loops"])
                for step in self.steps
                if "Sort" in step["Node Type"]
                for below in step["Plans"]
            ),
            default=0,
        )

    @property
    def read(self) -> int:
        """The number of rows that its busiest step reads, including those that it discards."""
        return max(
            round(
                (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
            )
            for step in self.steps
        )

    @property
    def expected(self) -> int:
        """The number of rows that the planner expects from the largest table."""
        return max(step["Plan Rows"] for step in self.steps if "Relation Name" in step)

    @property
    def buffers(self) -> int:
        """The number of pages of 8 KB that are read."""
        return self.steps[0]["Shared Hit Blocks"] + self.steps[0]["Shared Read Blocks"]


def plans(address: str) -> list[Plan]:
    """Send a request and return the plan of each statement."""
    return [explained(sql) for sql in statements(address)]


def statements(address: str) -> list[str]:
    """Send a request and return each statement that read rows."""
    path = address if address.startswith("/") else f"/api/v1/{address}"
    with CaptureQueriesContext(connection) as queries:
        response = Client(SERVER_NAME="localhost").get(path, secure=True)
    assert response.status_code == 200, response.content
    queried = [query["sql"] for query in queries]
    return [sql for sql in queried if " FROM " in sql and not sql.startswith("EXPLAIN")]


def explained(sql: str) -> Plan:
    """Run a statement and return its plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        ((rows,),) = cursor.fetchall()
    (root,) = rows
    return Plan(sql, root["Execution Time"], list(_steps(root["Plan"])))


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step.get("Plans", ()):
        yield from _steps(below)
