"""Fingerprints of the schema: whether the tables are those that the recorded migrations make.

Two databases can have the same migrations recorded and still differ: a migration was changed after
it was applied, or somebody altered a table. `fingerprints.json` holds, for each of our migrations
in the order of the plan, what it adds to the tables, changes or removes, as a digest of each
column, constraint, index and trigger. `make fingerprints` writes it.

Only tables that our migrations make are compared. In them everything counts but an operator's own
index, as long as it refuses no row.
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
"""A query whose one value is the schema as JSON."""

Schema = dict[str, dict[str, str]]
"""The digest of each object of each table."""
Delta = dict[str, dict[str, str | None]]
"""What a migration changes: the new digest of each object, or None where it is removed."""


class SchemaError(Exception):
    """The tables are not those that the recorded migrations make; the message says what to do."""


def require(schema: Schema, applied: Iterable[str]) -> None:
    """Raise SchemaError unless `schema` is what the migrations `applied` make today."""
    names = set(applied)
    apps = {name.partition(".")[0] for name in recorded()}
    unknown = sorted(name for name in names - recorded().keys() if name.partition(".")[0] in apps)
    if unknown:
        raise SchemaError(
            f"The database has migrations that this version of Muster does not know: "
            f"{_few(unknown)}. Run the version that made them, or a newer one. (Developers: after "
            "a new migration, run `make fingerprints`.)"
        )
    differences = compare(schema, expected(names))
    if differences:
        raise SchemaError(
            "The tables are not those that the migrations recorded in this database make: "
            f"{_few(differences)}. Another version of Muster made them with migrations of the same "
            "names, or they were altered. Run the version that made them, or undo what was "
            "altered, or begin with an empty database (for the demo: another MUSTER_DATA). "
            "(Developers: after changing a migration, run `make fingerprints`.)"
        )


def require_database() -> None:
    """Raise SchemaError unless the tables of the database are what its migrations make today."""
    require(read(), applied())


@cache
def require_current() -> None:
    """Raise SchemaError unless the database has the tables of this version, none missing.

    A process finds this out once: what is raised is not remembered, what is returned is.
    """
    require_database()
    loader = MigrationLoader(connection)
    # All of them, not a plan to the newest: that leaves out one before what is applied.
    names = sorted(".".join(key) for key in loader.graph.nodes.keys() - loader.applied_migrations)
    if names:
        raise SchemaError(f"Migrations wait: {_few(names)}. Run `manage.py migrate`.")


@cache
def recorded() -> dict[str, Delta]:
    """Return what each of our migrations changes, in the order of the plan."""
    deltas: dict[str, Delta] = json.loads(FILE.read_text(encoding="utf-8"))
    return deltas


def read() -> Schema:
    """Return the schema of the database as it is."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOG)
        schema: Schema = json.loads(cursor.fetchone()[0])
    return schema


def applied() -> list[str]:
    """Return the names of the migrations that the database has recorded, as `app.name`."""
    return [".".join(key) for key in MigrationRecorder(connection).applied_migrations()]


def expected(names: set[str]) -> Schema:
    """Return the schema that the migrations `names` make; empty for tables that they do not make.

    A table of a migration that is not among `names` must not exist yet: its entry has no objects.
    """
    schema: Schema = {}
    for name, delta in recorded().items():
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


def compare(schema: Schema, wanted: Schema) -> list[str]:
    """Return in words where `schema` differs from `wanted`, in the tables of `wanted`."""
    differences = []
    for table in sorted(wanted):
        objects, theirs = wanted[table], schema.get(table, {})
        if bool(objects) != bool(theirs):
            differences.append(f"there {'is no' if objects else 'is already a'} table {table}")
            continue
        for key in sorted(objects.keys() | theirs.keys()):
            if key not in theirs:
                differences.append(f"{table} lacks {key}")
            elif key not in objects:
                if not key.startswith("index "):  # an operator's own index refuses nothing
                    differences.append(f"{table} has an unknown {key}")
            elif objects[key] != theirs[key]:
                differences.append(f"{table} has another {key}")
    return differences


def delta(before: Schema, after: Schema) -> Delta:
    """Return what leads from one schema to the next."""
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


def _few(words: list[str]) -> str:
    more = f", and {len(words) - 5} more" if len(words) > 5 else ""
    return "; ".join(words[:5]) + more
