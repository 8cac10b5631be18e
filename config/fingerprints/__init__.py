"""Fingerprints of the schema: a check that the tables are what the recorded migrations create.

Two databases can have the same recorded migrations and still differ, if a migration was edited
after it was applied or somebody altered a table. `fingerprints.json` lists what each of our
migrations adds, changes or removes, in the order in which they run, as a digest of each column,
constraint, index and trigger. `make fingerprints` writes it.

Only tables that our migrations create are compared. Indexes that an operator added are ignored,
unless they are unique.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FILE = Path(__file__).with_name("fingerprints.json")
CATALOG = Path(__file__).with_name("catalog.sql").read_text(encoding="utf-8")
"""A query that returns the schema as one JSON value."""

Schema = dict[str, dict[str, str]]
"""The digest of each object (such as `column name`) of each table."""
Delta = dict[str, dict[str, str | None]]
"""The changes of a migration: the new digest of each object, or None if it is removed."""


class SchemaError(Exception):
    """The tables differ from what the recorded migrations create. The message says what to do."""


def require_match(schema: Schema, applied: Iterable[str]) -> None:
    """Raise SchemaError unless `schema` is what the migrations `applied` create today."""
    names = set(applied)
    apps = {name.partition(".")[0] for name in load_recorded()}
    unknown = sorted(
        name for name in names - load_recorded().keys() if name.partition(".")[0] in apps
    )
    if unknown:
        raise SchemaError(
            f"The database has migrations that this version of Muster does not know: "
            f"{_shorten(unknown)}. Run the version that created them, or a newer one. (Developers: "
            "after you add a migration, run `make fingerprints`.)"
        )
    differences = list_differences(schema, expected_schema(names))
    if differences:
        raise SchemaError(
            "The tables differ from what the migrations recorded in this database create: "
            f"{_shorten(differences)}. Either another version of Muster created them with "
            "migrations of the same names, or somebody altered them. Run the version that created "
            "them, or undo the change, or start with an empty database (for the demo: another "
            "MUSTER_DATA). (Developers: after you change a migration, run `make fingerprints`.)"
        )


def require_database() -> None:
    """Raise SchemaError unless the tables are what the recorded migrations create today."""
    require_match(read_schema(), read_applied())


@cache
def require_current() -> None:
    """Raise SchemaError unless the database has all tables of this version.

    A process stops comparing once this has succeeded. An error is not cached.
    """
    require_database()
    loader = MigrationLoader(connection)
    # Compare all names: a plan to the newest migration would omit a missing one before it.
    names = sorted(".".join(key) for key in loader.graph.nodes.keys() - loader.applied_migrations)
    if names:
        raise SchemaError(
            f"Some migrations are not applied: {_shorten(names)}. Run `manage.py migrate`."
        )


@cache
def load_recorded() -> dict[str, Delta]:
    """Return the changes of each of our migrations, in the order in which they run."""
    deltas: dict[str, Delta] = json.loads(FILE.read_text(encoding="utf-8"))
    return deltas


def read_schema() -> Schema:
    """Return the schema of the database."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOG)
        schema: Schema = json.loads(cursor.fetchone()[0])
    return schema


def read_applied() -> list[str]:
    """Return the names of the recorded migrations, as `app.name`."""
    return [".".join(key) for key in MigrationRecorder(connection).applied_migrations()]


def expected_schema(names: set[str]) -> Schema:
    """Return the schema that the migrations `names` create.

    It lists the tables of other migrations without objects: these must not exist yet.
    """
    schema: Schema = {}
    for name, delta in load_recorded().items():
        for table, changes in delta.items():
            objects = schema.setdefault(table, {})
            if name not in names:
                continue
            for key, digest in changes.items():
                if digest is None:
                    objects.pop(key, None)
                else:
                    objects[key] = digest
    return schema


def list_differences(schema: Schema, wanted: Schema) -> list[str]:
    """Return in words how `schema` differs from `wanted`, in the tables of `wanted`."""
    differences = []
    for table in sorted(wanted):
        objects, actual = wanted[table], schema.get(table, {})
        is_wanted = any(key.startswith("column ") for key in objects)
        if is_wanted != bool(actual):
            differences.append(f"there {'is no' if is_wanted else 'is already a'} table {table}")
            continue
        for key in sorted(objects.keys() | actual.keys()):
            if key not in actual:
                differences.append(f"{table} lacks {key}")
            elif key not in objects:
                if not key.startswith("index "):  # an index of the operator
                    differences.append(f"{table} has an unknown {key}")
            elif objects[key] != actual[key]:
                differences.append(f"{table} has a different {key}")
    return differences


def find_changes(before: Schema, after: Schema) -> Delta:
    """Return the changes from one schema to another."""
    changes: Delta = {}
    for table in sorted(before.keys() | after.keys()):
        old, new = before.get(table, {}), after.get(table, {})
        changed: dict[str, str | None] = {
            key: new.get(key)
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        }
        if changed:
            changes[table] = changed
    return changes


def _shorten(words: list[str]) -> str:
    more = f", and {len(words) - 5} more" if len(words) > 5 else ""
    return "; ".join(words[:5]) + more
