"""Recording: what each migration changes, found by migrating an empty database step by step."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.fingerprints import Delta, Schema, delta, read


def record() -> dict[str, Delta]:
    """Return what each of our migrations changes, in the order of the plan."""
    deltas: dict[str, Delta] = {}
    before: Schema = {}

    def watch(action: str, migration: Any = None, *_: Any) -> None:
        nonlocal before
        if action == "apply_start" and _is_ours(migration.app_label):
            before = read()
        elif action == "apply_success" and _is_ours(migration.app_label):
            deltas[f"{migration.app_label}.{migration.name}"] = delta(before, read())

    with _empty_database():
        executor = MigrationExecutor(connection, cast("Any", watch))
        executor.migrate(executor.loader.graph.leaf_nodes())
    return deltas


def _is_ours(app_label: str) -> bool:
    return Path(apps.get_app_config(app_label).path).parent == settings.ROOT


@contextmanager
def _empty_database() -> Iterator[None]:
    """Lead the connection to a new database of its server, which is dropped in the end."""
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
