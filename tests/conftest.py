"""The database of the tests: a copy of one that is migrated already.

Without DATABASE_URL a throw-away server of its own, in `test/` below the data folder, is started
and left running for the next run; `make clean` stops it.
"""

import gc
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django_tasks_db.management.commands import db_worker
from pytest_django import DjangoDbBlocker

from api import kept
from config import postgres

pytest_plugins = ["tests.cast", "tests.contract.calls", "tests.curation.admin_client", "tests.live"]

TEMPLATE = "muster_template_"
WRITTEN_ONCE = {"django_content_type", "auth_permission", "auth_group"}
"""The tables of models that migrations fill."""


def pytest_configure() -> None:
    """Make the folder that collectstatic would fill, and keep no answers in this process.

    WhiteNoise warns where there is no folder. Kept answers have tests of their own.
    """
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.KEPT_ANSWERS = 0
    kept.STORE.max_bytes = 0  # it may be there already


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take two workers at least, so that tests which lean on one another are found out."""
    return max(2, os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start long tests first; let one process run all tests of a module that share a browser."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(f"browser of {item.path.stem}"))


def pytest_collection_finish() -> None:
    """Let garbage collection ignore what is imported by now: it takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give this process a database of its own; no migration runs unless one has changed."""
    own = f"muster_test_{secrets.token_hex(4)}"
    if not os.environ.get("DATABASE_URL"):
        data = settings.DATA / "test"
        postgres.start(data, durable=False)
        connection.settings_dict |= postgres.database_settings(data, {})
    # Tests with transactions of their own empty the tables between them, Editions included.
    connection.settings_dict["OPTIONS"]["options"] = "-c muster.operation=empty"
    with django_db_blocker.unblock():
        with server() as maintenance:
            template = migrated_template(maintenance)
            maintenance.execute(f"CREATE DATABASE {own} TEMPLATE {template}")
        usual = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = own
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = usual
        with server() as maintenance:
            try:
                maintenance.execute(f"DROP DATABASE {own} WITH (FORCE)")
            except psycopg.errors.InsufficientPrivilege:  # a vacuum is at work: force cannot end it
                maintenance.execute(f"DROP DATABASE {own}")


@pytest.fixture(autouse=True, scope="session")
def _open_connections() -> None:
    """Let a worker of jobs in this process keep its connection: it is inside a test's transaction.

    So does Django's test client, which sends the signals of requests without this.
    """
    db_worker.close_old_connections = lambda: None


@pytest.fixture(autouse=True, scope="session")
def _quick_flush() -> None:
    """Let tests with transactions of their own empty only the tables that they may have filled.

    Django's flush truncates all of them, then makes every content type and permission anew: more
    than a second each time.
    """
    TransactionTestCase._fixture_teardown = (  # type: ignore[method-assign]
        lambda test: empty_tables()
    )


def empty_tables() -> None:
    """Empty the tables of models that take any room, but for what migrations wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0 "
            "AND relname = ANY(%s)",
            [sorted({model._meta.db_table for model in apps.get_models()} - WRITTEN_ONCE)],
        )
        if tables := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """Connect to the server's usual database, one process of all test runs at a time."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as maintenance:
        maintenance.execute("SELECT pg_advisory_lock(hashtext('muster tests'))")
        yield maintenance


def migrated_template(maintenance: psycopg.Connection) -> str:
    """Return the name of a database with today's migrations, making it when they have changed."""
    template = TEMPLATE + migrations_digest()
    names = [name for (name,) in maintenance.execute("SELECT datname FROM pg_database")]
    if template in names:
        return template
    for outdated in (name for name in names if name.startswith(TEMPLATE)):
        maintenance.execute(f"DROP DATABASE {outdated} WITH (FORCE)")
    draft = f"{TEMPLATE}draft"
    maintenance.execute(f"CREATE DATABASE {draft}")
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = draft
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    maintenance.execute(f"ALTER DATABASE {draft} RENAME TO {template}")
    return template


def migrations_digest() -> str:
    """Name the state that the migrations lead to, from the text of all of them."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(app.label.encode() + file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
