"""Recording the changes of each migration, by migrating an empty database step by step."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.fingerprints import Delta, Schema, find_changes, read_schema


def record() -> dict[str, Delta]:
    """Return the changes of each of our migrations, in the order in which they run."""
    deltas: dict[str, Delta] = {}
    before: Schema = {}

    def watch(action: str, migration: Any = None, *_: Any) -> None:
        nonlocal before
        if action == "apply_start" and migration.app_label in settings.APPS:
            before = read_schema()
        elif action == "apply_success" and migration.app_label in settings.APPS:
            deltas[f"{migration.app_label}.{migration.name}"] = find_changes(before, read_schema())

    with _empty_database():
        executor = MigrationExecutor(connection, cast("Any", watch))
        executor.migrate(executor.loader.graph.leaf_nodes())
    return deltas


@contextmanager
def _empty_database() -> Iterator[None]:
    """Connect to a new database on the same server, and drop it at the end."""
    scratch, usual = f"muster_scratch_{secrets.token_hex(4)}", connection.settings_dict["NAME"]
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as maintenance:
        maintenance.execute(f"CREATE DATABASE {scratch} TEMPLATE template0")
        connection.close()
        connection.settings_dict["NAME"] = scratch
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            maintenance.execute(f"DROP DATABASE {scratch} WITH (FORCE)")
